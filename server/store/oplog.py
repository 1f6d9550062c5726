"""The log of operations as they were received, what became of each, and each device's ledger."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx
from sync import ledger
from sync.operations import MAX_NUMBER, stamp


class Logged(NamedTuple):
    """What is known of an operation that was received before."""

    hash: str
    outcome: str
    code: str
    sentence: str
    state: str
    seqs: dict[str, int]
    person_id: str
    device_id: str


class Entry(NamedTuple):
    """One received operation as it is written down."""

    id: str
    device_id: str
    n: int
    person_id: str
    kind: str
    at: str
    true_at: str
    received_at: str
    body: bytes
    hash: str


def find(tx: Tx, community_id: str, operation_id: str) -> Logged | None:
    rows = tx.tuples(
        """
        select hash, outcome, code, sentence, state, seqs, person_id, device_id
        from operation
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=operation_id,
    )
    if not rows:
        return None
    found, outcome, code, sentence, state, seqs, person_id, device_id = rows[0]
    read = msgspec.json.decode(seqs)
    return Logged(found, outcome, code, sentence, state, read, person_id, device_id)


def write(tx: Tx, community_id: str, entry: Entry) -> None:
    """Write an operation down as received; `settle` says later what became of it."""
    tx.run(
        """
        insert into operation (community_id, id, device_id, n, person_id, kind, at, true_at,
          received_at, body, hash, outcome, state)
        values (:community, :id, :device_id, :n, :person_id, :kind, :at, :true_at,
          :received_at, :body, :hash, '', 'received')
        """,
        community=community_id,
        **entry._asdict(),
    )


def settle(
    tx: Tx,
    community_id: str,
    operation_id: str,
    *,
    outcome: str,
    state: str,
    code: str = "",
    sentence: str = "",
    seqs: dict[str, int] | None = None,
    household_id: str = "",
) -> None:
    """What became of an operation: its outcome, and its state now."""
    tx.run(
        """
        update operation
        set outcome = :outcome, state = :state, code = :code, sentence = :sentence,
          seqs = :seqs, household_id = :household
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=operation_id,
        outcome=outcome,
        state=state,
        code=code,
        sentence=sentence,
        seqs=msgspec.json.encode(seqs or {}).decode(),
        household=household_id,
    )


def set_state(
    tx: Tx, community_id: str, operation_id: str, state: str, decided_by: str = ""
) -> None:
    tx.run(
        """
        update operation set state = :state, decided_by = :decided_by
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=operation_id,
        state=state,
        decided_by=decided_by,
    )


def entry(tx: Tx, community_id: str, operation_id: str) -> Entry | None:
    rows = tx.tuples(
        """
        select id, device_id, n, person_id, kind, at, true_at, received_at, body, hash
        from operation
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=operation_id,
    )
    return Entry(*rows[0]) if rows else None


def wait(tx: Tx, community_id: str, operation_id: str, needs: str) -> None:
    """Remember that an operation waits for the one called `needs`."""
    tx.run(
        """
        insert into waiting (community_id, operation_id, needs) values (:community, :id, :needs)
        on conflict (community_id, operation_id) do update set needs = excluded.needs
        """,
        community=community_id,
        id=operation_id,
        needs=needs,
    )


def wait_no_more(tx: Tx, community_id: str, operation_id: str) -> None:
    tx.run(
        "delete from waiting where community_id = :community and operation_id = :id",
        community=community_id,
        id=operation_id,
    )


def waiting_for(tx: Tx, community_id: str, needs: str) -> list[str]:
    """Operations that wait for this one, in the order of their devices."""
    rows = tx.tuples(
        """
        select waiting.operation_id
        from waiting
        join operation on operation.community_id = waiting.community_id
          and operation.id = waiting.operation_id
        where waiting.community_id = :community and waiting.needs = :needs
        order by operation.device_id, operation.n, waiting.operation_id
        """,
        community=community_id,
        needs=needs,
    )
    return [operation_id for (operation_id,) in rows]


def needs_of(tx: Tx, community_id: str, operation_id: str) -> str:
    found = tx.value(
        "select needs from waiting where community_id = :community and operation_id = :id",
        community=community_id,
        id=operation_id,
    )
    return found or ""


class Ledger(NamedTuple):
    """What the server has of a device: distinct numbers, the gap-free prefix and its code."""

    received: int
    upto: int
    head: str


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


def hashes(tx: Tx, community_id: str, device_id: str) -> list[str]:
    """Hashes of the gap-free prefix of a device, to compare its code at any number."""
    return _from(tx, community_id, device_id, 1)


def number_taken(tx: Tx, community_id: str, device_id: str, n: int) -> bool:
    return bool(
        tx.value(
            """
            select 1 from received
            where community_id = :community and device_id = :device and n = :n
            """,
            community=community_id,
            device=device_id,
            n=n,
        )
    )


def enter(
    tx: Tx, community_id: str, device_id: str, n: int, digest: str, operation_id: str
) -> None:
    """Enter a number into the device's ledger and move the gap-free prefix as far as it goes."""
    tx.run(
        """
        insert into received (community_id, device_id, n, hash, operation_id)
        values (:community, :device, :n, :hash, :operation)
        """,
        community=community_id,
        device=device_id,
        n=n,
        hash=digest,
        operation=operation_id,
    )
    before = ledger_of(tx, community_id, device_id)
    upto, head = before.upto, bytes.fromhex(before.head)
    if n == upto + 1:
        follow = _from(tx, community_id, device_id, n)
        head = ledger.extend(head, [bytes.fromhex(one) for one in follow])
        upto += len(follow)
    tx.run(
        """
        update device set received = :received, upto = :upto, head = :head
        where community_id = :community and id = :device
        """,
        community=community_id,
        device=device_id,
        received=before.received + 1,
        upto=upto,
        head=head.hex(),
    )


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
        missing.extend(range(expected, min(n, expected + limit - len(missing))))
        if len(missing) >= limit:
            break
        expected = n + 1
    return missing


def next_number(tx: Tx, community_id: str, device_id: str) -> int:
    found = tx.value(
        "select max(n) from received where community_id = :community and device_id = :device",
        community=community_id,
        device=device_id,
    )
    return (found or 0) + 1


def see_device(
    tx: Tx,
    community_id: str,
    device_id: str,
    at: datetime,
    offset_ms: int,
    report: dict[str, Any] | None,
) -> None:
    """When a phone was last heard of and what it said of itself; None lets that stand.

    What it has recorded never shrinks: a phone that was emptied says nothing and has lost it.
    """
    tx.run(
        """
        update device set seen_at = :at, offset_ms = :offset, report = coalesce(:report, report),
          recorded = case when recorded < :recorded then :recorded else recorded end
        where community_id = :community and id = :device
        """,
        community=community_id,
        device=device_id,
        at=stamp(at),
        offset=offset_ms,
        report=None if report is None else msgspec.json.encode(report).decode(),
        recorded=_recorded(report),
    )


def _recorded(report: dict[str, Any] | None) -> int:
    """How many operations a phone says it has recorded; 0 when that is no number of ours."""
    said = (report or {}).get("recorded")
    return said if type(said) is int and 0 < said <= MAX_NUMBER else 0


def applied(tx: Tx, community_id: str) -> list[tuple[str, str, str, bytes]]:
    """(id, person, received, body) of every applied operation, in the order of arrival."""
    rows = tx.tuples(
        """
        select id, person_id, received_at, body from operation
        where community_id = :community and state = 'applied'
        order by received_at, id
        """,
        community=community_id,
    )
    return [(one, person_id, received_at, body) for one, person_id, received_at, body in rows]


def _from(tx: Tx, community_id: str, device_id: str, n: int) -> list[str]:
    """Hashes of the numbers from `n` on without a gap."""
    rows = tx.tuples(
        """
        select n, hash from received
        where community_id = :community and device_id = :device and n >= :n
        order by n
        limit 100000
        """,
        community=community_id,
        device=device_id,
        n=n,
    )
    hashes: list[str] = []
    for number, digest in rows:
        if number != n + len(hashes):
            break
        hashes.append(digest)
    return hashes
