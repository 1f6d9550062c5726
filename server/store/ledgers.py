"""Each device's ledger: which numbers arrived, how far without a gap, and the code of that."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx
from sync import ledger
from sync.operations import MAX_LEAD, MAX_NUMBER, stamp


class Ledger(NamedTuple):
    """What the server has of a device: distinct numbers, the gap-free prefix and its code."""

    received: int
    upto: int
    head: str


@dataclass(slots=True)
class _Book:
    """One device's ledger as this transaction knows it; `beyond` are the hashes after a gap."""

    received: int
    upto: int
    head: bytes
    seen_at: str
    beyond: dict[int, str] = field(default_factory=dict)


class Ledgers:
    """The ledgers of one community inside one transaction."""

    def __init__(self, tx: Tx, community_id: str) -> None:
        self.tx = tx
        self.community_id = community_id
        tx.pour()
        self._books: dict[str, _Book] = {}

    def problem(self, device_id: str, n: int) -> str:
        """The code of what is wrong with a number; "" for the next one or one that was missing."""
        book = self._book(device_id)
        if not 1 <= n <= min(MAX_NUMBER, book.upto + MAX_LEAD):
            return "n.out_of_range"
        return "n.taken" if n <= book.upto or n in book.beyond else ""

    def enter(self, device_id: str, n: int, digest: str, operation_id: str) -> None:
        """Enter a number and move the gap-free prefix as far as it goes."""
        book = self._book(device_id)
        book.received += 1
        book.beyond[n] = digest
        while (follows := book.beyond.pop(book.upto + 1, None)) is not None:
            book.head = ledger.extend(book.head, [bytes.fromhex(follows)])
            book.upto += 1
        home = self.community_id
        self.tx.later(_RECEIVE, (device_id, n), (home, device_id, n, digest, operation_id))
        row = book.received, book.upto, book.head.hex(), home, device_id
        self.tx.later(_MOVE, device_id, row)

    def see(
        self, device_id: str, at: datetime, offset_ms: int, report: dict[str, Any] | None
    ) -> None:
        """When a phone was last heard of and what it said of itself; None lets that stand.

        What it has recorded never shrinks: a phone that was emptied says nothing and has lost it.
        """
        said = None if report is None else msgspec.json.encode(report).decode()
        seen_at = self._book(device_id).seen_at = stamp(at)
        row = seen_at, offset_ms, said, _recorded(report), self.community_id, device_id
        self.tx.later(_SEE, self.tx.writes, row)

    def is_new(self, device_id: str) -> bool:
        """Whether a device has never been heard of."""
        return not self._book(device_id).seen_at

    def next_number(self, device_id: str) -> int:
        """The number of the next operation that the server itself records on this device."""
        book = self._book(device_id)
        return max(book.beyond, default=book.upto) + 1

    def forget(self) -> None:
        """Drop what is known: a savepoint was rolled back."""
        self.tx.pour()
        self._books.clear()

    def go_on(self, tx: Tx) -> None:
        """Go on in the next transaction, when nobody wrote in between."""
        self.tx = tx
        if len(self._books) > _MOST_KEPT:
            self._books.clear()

    def _book(self, device_id: str) -> _Book:
        book = self._books.get(device_id)
        if book is None:
            rows = self.tx.beneath(_BOOK, community=self.community_id, device=device_id)
            received, upto, head, seen_at = rows[0] if rows else (0, 0, "", "")
            book = _Book(received, upto, bytes.fromhex(head) or ledger.START, seen_at)
            if received > upto:
                book.beyond = dict(_after(self.tx, self.community_id, device_id, upto))
            self._books[device_id] = book
        return book


# Devices remembered from one transaction to the next.
_MOST_KEPT = 10_000
_BOOK = """
    select received, upto, head, seen_at from device
    where community_id = :community and id = :device
"""
_RECEIVE = """
    insert into received (community_id, device_id, n, hash, operation_id) values (?, ?, ?, ?, ?)
"""
_MOVE = "update device set received = ?, upto = ?, head = ? where community_id = ? and id = ?"
_SEE = """
    update device set seen_at = ?1, offset_ms = ?2, report = coalesce(?3, report),
      recorded = max(recorded, ?4)
    where community_id = ?5 and id = ?6
"""


def _recorded(report: dict[str, Any] | None) -> int:
    """How many operations a phone says it has recorded; 0 when that is no number of ours."""
    said = (report or {}).get("recorded")
    return said if type(said) is int and 0 < said <= MAX_NUMBER else 0


def ledger_of(tx: Tx, community_id: str, device_id: str) -> Ledger:
    rows = tx.tuples(
        """
        select received, upto, head from device
        where community_id = :community and id = :device
        """,
        community=community_id,
        device=device_id,
    )
    if not rows:
        return Ledger(0, 0, ledger.START.hex())
    received, upto, head = rows[0]
    return Ledger(received, upto, head or ledger.START.hex())


def missing_numbers(tx: Tx, community_id: str, device_id: str, upto: int, limit: int) -> list[int]:
    """The lowest numbers that lack between the gap-free prefix and the highest received."""
    received = tx.each(
        """
        select n from received
        where community_id = :community and device_id = :device and n > :upto
        order by n
        """,
        community=community_id,
        device=device_id,
        upto=upto,
    )
    missing: list[int] = []
    expected = upto + 1
    for (n,) in received:
        if n > expected:
            missing.extend(range(expected, min(n, expected + limit - len(missing))))
            if len(missing) >= limit:
                break
        expected = n + 1
    return missing


def hashes(tx: Tx, community_id: str, device_id: str) -> list[str]:
    """Hashes of the gap-free prefix of a device, to compare its code at any number."""
    rows = tx.tuples(
        """
        select received.hash
        from received
        join device on device.community_id = received.community_id
          and device.id = received.device_id
        where received.community_id = :community and received.device_id = :device
          and received.n <= device.upto
        order by received.n
        """,
        community=community_id,
        device=device_id,
    )
    return [digest for (digest,) in rows]


def _after(tx: Tx, community_id: str, device_id: str, upto: int) -> list[tuple[int, str]]:
    """Numbers beyond the gap-free prefix, with their hashes."""
    rows = tx.tuples(
        """
        select n, hash from received
        where community_id = :community and device_id = :device and n > :upto
        """,
        community=community_id,
        device=device_id,
        upto=upto,
    )
    return [(n, digest) for n, digest in rows]
