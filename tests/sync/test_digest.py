"""The digest of a stream, from the vectors that the phone is tested with."""

import json
from pathlib import Path

import pytest

from sync import ledger
from sync.digest import stream_digest

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def test_the_digest_follows_every_change():
    held: dict[tuple[str, str], str] = {}
    for step in json.loads((VECTORS / "digest.json").read_text("utf-8"))["steps"]:
        for change in step["changes"]:
            key = change["kind"], change["id"]
            held[key] = change["record"]
            if change["record"] == "null":
                del held[key]

        assert stream_digest((*key, text) for key, text in held.items()) == step["digest"]


def test_the_order_of_records_does_not_matter():
    rows = [("visit", "b", "{}"), ("building", "a", "{}"), ("visit", "a", "{}")]

    assert stream_digest(rows) == stream_digest(reversed(rows))


@pytest.mark.parametrize("upto", range(4))
def test_the_ledger_of_the_vectors_is_ours(upto):
    known = json.loads((VECTORS / "ledger.json").read_text("utf-8"))
    hashes = [ledger.digest(text.encode()) for text in known["operations"][:upto]]
    head = ledger.extend(ledger.START, hashes)

    assert head.hex() == known["heads"][upto]
    assert ledger.code(head) == known["codes"][upto]
