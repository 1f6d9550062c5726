"""What a phone has not seen yet, page by page: whole operations, in the order of the streams."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from server.store.database import Tx

MAX_CHANGES = 500


class Change(NamedTuple):
    """One row as it is served; `record` is stored JSON, "" for a record that went away."""

    stream: str
    seq: int
    kind: str
    id: str
    record: str


class Page(NamedTuple):
    """Changes, where each stream is read up to, and whether more wait."""

    changes: list[Change]
    reached: dict[str, int]
    more: bool


def page(
    tx: Tx, community_id: str, streams: Iterable[str], cursors: Mapping[str, int], limit: int
) -> Page:
    """The changes after the cursors; more than `limit` only for a single operation's sake."""
    last = heads(tx, community_id, streams)
    # A number that was never given out is of another history, which ours replaces.
    start = {name: at if (at := cursors.get(name, 0)) <= last[name] else 0 for name in last}
    found: dict[str, list[Change]] = {}
    count = 0
    for stream in sorted(last):
        if start[stream] == last[stream]:
            continue
        some, waits = changes_after(tx, community_id, stream, start[stream], limit - count)
        if count and count + len(some) > limit:
            break
        found[stream] = some
        count += len(some)
        if waits:
            break
    reached = {**start, **{name: some[-1].seq for name, some in found.items() if some}}
    if reached != last:
        _complete(tx, community_id, start, reached, found)
    changes = [change for stream in sorted(found) for change in found[stream]]
    return Page(changes, reached, reached != last)


def _complete(
    tx: Tx,
    community_id: str,
    start: Mapping[str, int],
    reached: dict[str, int],
    found: dict[str, list[Change]],
) -> None:
    """Add what the operations on this page did in streams that it has not read so far.

    A stream that is read from its beginning is left alone: there is nothing yet to be torn apart.
    """
    seen = dict(start)
    while (stream := next((one for one in reached if seen[one] < reached[one]), "")) != "":
        for other, seq in _joined(tx, community_id, stream, seen[stream], reached[stream]):
            if start.get(other) and reached[other] < seq:
                more = _between(tx, community_id, other, reached[other], seq)
                found[other] = [*found.get(other, []), *more]
                reached[other] = seq
        seen[stream] = reached[stream]


def changes_after(
    tx: Tx, community_id: str, stream: str, cursor: int, limit: int
) -> tuple[list[Change], bool]:
    """Up to `limit` changes after a cursor, whole operations only, and whether more wait.

    An operation with more changes than the limit is still served whole; without a limit none is.
    """
    if limit <= 0:
        return [], True
    rows = tx.tuples(
        """
        select stream, seq, kind, id, coalesce(record, '')
        from feed
        where community_id = :community and stream = :stream and seq > :cursor
        order by seq, kind, id
        limit :limit
        """,
        community=community_id,
        stream=stream,
        cursor=cursor,
        limit=limit + 1,
    )
    if len(rows) <= limit:
        return [Change(*row) for row in rows], False
    cut = rows[-1][1]
    whole = [row for row in rows if row[1] < cut]
    if not whole:
        return _between(tx, community_id, stream, cut - 1, cut), True
    return [Change(*row) for row in whole], True


def heads(tx: Tx, community_id: str, streams: Iterable[str]) -> dict[str, int]:
    """The last number of each stream; 0 for one that never moved."""
    rows = tx.tuples(
        "select stream, seq from stream where community_id = :community", community=community_id
    )
    known: dict[str, int] = {stream: seq for stream, seq in rows}
    return {stream: known.get(stream, 0) for stream in streams}


def _between(tx: Tx, community_id: str, stream: str, after: int, upto: int) -> list[Change]:
    """Every change of a stream after one number and up to another."""
    rows = tx.tuples(
        """
        select stream, seq, kind, id, coalesce(record, '')
        from feed
        where community_id = :community and stream = :stream
          and seq > :after and seq <= :upto
        order by seq, kind, id
        """,
        community=community_id,
        stream=stream,
        after=after,
        upto=upto,
    )
    return [Change(*row) for row in rows]


def _joined(tx: Tx, community_id: str, stream: str, after: int, upto: int) -> list[tuple[str, int]]:
    """Where else the operations of these numbers did something: (stream, number)."""
    rows = tx.tuples(
        """
        select other, other_seq from joint
        where community_id = :community and stream = :stream
          and seq > :after and seq <= :upto
        """,
        community=community_id,
        stream=stream,
        after=after,
        upto=upto,
    )
    return [(other, seq) for other, seq in rows]
