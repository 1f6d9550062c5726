"""What phone and server compare about one stream: equal when both hold the same records."""

import hashlib
from collections.abc import Iterable


def stream_digest(records: Iterable[tuple[str, str, str]]) -> str:
    """SHA-256 in hex over the living records of a stream, given as (kind, id, stored JSON).

    The bytes are a line `kind NUL id NUL record` for each record, sorted by kind and id, each line
    ended by a line feed. `record` is the JSON as it is served, so no two writers need to agree on
    how JSON is spelt. Twin: web/phone/streams.js.
    """
    total = hashlib.sha256()
    for kind, record_id, record in sorted(records):
        total.update(f"{kind}\0{record_id}\0{record}\n".encode())
    return total.hexdigest()
