"""The trail as a chain: the code of a row is made of the code before it and of all it says.

Whoever changes, takes out or moves a row breaks every code after it. Anchors are codes that were
signed with the secret of the installation: each night's, and those up to which old rows may go.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from server.store.database import Tx

NIGHT, CUT = "night", "cut"


def start(community_id: str) -> str:
    """What stands before the first row of a community."""
    return hashlib.sha256(f"jinlin trail {community_id}".encode()).hexdigest()


def code(previous: str, n: int, said: Sequence[Any]) -> str:
    """`said`: id, at, person, role, action, target, outcome, address, detail."""
    told = msgspec.json.encode([n, *said])
    return hashlib.sha256(bytes.fromhex(previous) + told).hexdigest()


def head(tx: Tx, community_id: str) -> tuple[int, str]:
    """Number and code of the last row, also when it was forgotten since."""
    found = tx.tuples(
        """
        select n, hash from audit where community_id = :community
        order by n desc limit 1
        """,
        community=community_id,
    )
    return found[0] if found else beginning(tx, community_id)


def beginning(tx: Tx, community_id: str) -> tuple[int, str]:
    """Number and code after which the rows begin that are still here."""
    found = tx.tuples(
        """
        select n, hash from audit_anchor
        where community_id = :community and why = 'cut'
        order by n desc limit 1
        """,
        community=community_id,
    )
    return found[0] if found else (0, start(community_id))


def sign(secret: bytes, community_id: str, n: int, why: str, digest: str, at: str) -> str:
    told = msgspec.json.encode([community_id, n, why, digest, at])
    return hmac.new(secret, b"jinlin anchor " + told, hashlib.sha256).hexdigest()


def anchor(tx: Tx, secret: bytes, community_id: str, n: int, why: str, at: str) -> bool:
    """Sign the code of a row that is here; False when that was done before."""
    digest = tx.value(
        "select hash from audit where community_id = :community and n = :n",
        community=community_id,
        n=n,
    )
    if digest is None:
        return False
    made = tx.run(
        """
        insert into audit_anchor (community_id, n, why, hash, at, signature)
        values (:community, :n, :why, :hash, :at, :signature)
        on conflict (community_id, n, why) do nothing
        """,
        community=community_id,
        n=n,
        why=why,
        hash=digest,
        at=at,
        signature=sign(secret, community_id, n, why, digest, at),
    )
    return made == 1


def faults(tx: Tx, community_id: str, secret: bytes = b"") -> Iterator[str]:
    """The first row that does not stand as it was written. Without the secret no signature is
    verified."""
    anchors = _anchors(tx, community_id)
    yield from _forged(community_id, anchors, secret)
    signed = {one["n"]: one["hash"] for one in anchors}
    n, last = beginning(tx, community_id)
    broken = ""
    for row in tx.each(
        """
        select n, hash, id, at, person_id, role, action, target, outcome, address, detail
        from audit where community_id = :community
        order by n
        """,
        community=community_id,
    ):
        broken = _broken(n + 1, last, row, signed)
        if broken:
            break
        n, last = row[0], row[1]
    lost = [one for one in signed if one > n]
    if broken:
        yield f"audit: {broken}"
    elif lost:
        yield f"audit: rows {n + 1} to {max(lost)} at the end are missing"


def _broken(expected: int, last: str, row: Sequence[Any], signed: dict[int, str]) -> str:
    n, digest, entry_id = row[0], row[1], row[2]
    if n != expected:
        return f"row {expected} is missing, next is row {n} ({entry_id})"
    if digest != code(last, n, row[2:]):
        return f"row {n} ({entry_id}) was changed, or a row before it"
    if signed.get(n, digest) != digest:
        return f"row {n} ({entry_id}) is not the row that was signed"
    return ""


def _forged(community_id: str, anchors: list[dict[str, Any]], secret: bytes) -> Iterator[str]:
    for one in anchors if secret else []:
        made = sign(secret, community_id, one["n"], one["why"], one["hash"], one["at"])
        if not hmac.compare_digest(made, one["signature"]):
            yield f"audit: the signature of row {one['n']} was not made with this secret"


def _anchors(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    return tx.rows(
        """
        select n, why, hash, at, signature from audit_anchor
        where community_id = :community
        order by n, why
        """,
        community=community_id,
    )
