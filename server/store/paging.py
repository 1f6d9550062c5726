"""What a phone has not seen yet, page by page: whole operations, in the order of the streams."""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from server.store.database import Tx, listed

MAX_CHANGES = 500

Body = TypeVar("Body")


class Change(NamedTuple):
    """One row as it is served; `record` is stored JSON, "" for a record that went away."""

    stream: str
    seq: int
    kind: str
    id: str
    record: str


class Section(NamedTuple, Generic[Body]):
    """What one stream gives to a page: how many changes, up to which number, whether more wait."""

    stream: str
    many: int
    upto: int
    waits: bool
    body: Body


class Page(NamedTuple, Generic[Body]):
    """Sections in the order of their streams, where each stream is read up to, and what waits."""

    sections: list[Section[Body]]
    reached: dict[str, int]
    more: bool


class Asking(NamedTuple):
    """A stretch of a stream that somebody wants: after a number, up to another or to a limit.

    `head` is the last number of the stream: while it stands, the answer stays the same.
    """

    community_id: str
    stream: str
    after: int
    upto: int
    limit: int
    head: int


Reader = Callable[[Tx, Asking], Section[Body]]
# More than any operation changes.
ALL = 1_000_000_000


def page(
    tx: Tx,
    community_id: str,
    streams: Iterable[str],
    cursors: Mapping[str, int],
    limit: int,
    read: Reader[Body],
) -> Page[Body]:
    """The changes after the cursors; more than `limit` only for a single operation's sake."""
    last = heads(tx, community_id, streams)
    # A number that was never given out is of another history, which ours replaces.
    start = {name: at if (at := cursors.get(name, 0)) <= last[name] else 0 for name in last}
    found: dict[str, list[Section[Body]]] = {}
    count = 0
    for stream in sorted(last):
        if start[stream] == last[stream]:
            continue
        if count >= limit:
            break
        asking = Asking(community_id, stream, start[stream], ALL, limit - count, last[stream])
        some = read(tx, asking)
        if count and count + some.many > limit:
            break
        found[stream] = [some]
        count += some.many
        if some.waits:
            break
    reached = {**start, **{name: some[-1].upto for name, some in found.items()}}
    if found and reached != last:
        _complete(tx, community_id, Bounds(start, reached, last), found, read)
    return Page([one for name in sorted(found) for one in found[name]], reached, reached != last)


class Bounds(NamedTuple):
    """Where each stream began, is read up to so far, and ends."""

    start: Mapping[str, int]
    reached: dict[str, int]
    last: Mapping[str, int]


def _complete(
    tx: Tx,
    community_id: str,
    bounds: Bounds,
    found: dict[str, list[Section[Body]]],
    read: Reader[Body],
) -> None:
    """Add what the operations on this page did in streams that it has not read so far.

    A stream that is read from its beginning is left alone: there is nothing yet to be torn apart.
    """
    start, reached, last = bounds
    seen = dict(start)
    while (stream := next((one for one in reached if seen[one] < reached[one]), "")) != "":
        for other, seq in _joined(tx, community_id, stream, seen[stream], reached[stream]):
            if start.get(other) and reached[other] < seq:
                asking = Asking(community_id, other, reached[other], seq, ALL, last[other])
                found.setdefault(other, []).append(read(tx, asking))
                reached[other] = seq
        seen[stream] = reached[stream]


def plain(tx: Tx, asking: Asking) -> Section[list[Change]]:
    """A section as rows."""
    if asking.upto < ALL:
        found = _between(tx, asking.community_id, asking.stream, asking.after, asking.upto)
        return Section(asking.stream, len(found), asking.upto, False, found)
    found, waits = changes_after(tx, asking.community_id, asking.stream, asking.after, asking.limit)
    upto = found[-1].seq if found else asking.after
    return Section(asking.stream, len(found), upto, waits, found)


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
    # By name, because a community has far more streams than a person.
    marks, wanted = listed(streams)
    rows = tx.tuples(
        f"""
        select stream, seq from stream
        where community_id = :community and stream in ({marks})
        """,
        community=community_id,
        **wanted,
    )
    known: dict[str, int] = {stream: seq for stream, seq in rows}
    return {stream: known.get(stream, 0) for stream in wanted.values()}


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
