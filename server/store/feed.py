"""The feed: the latest form of every record in every stream, numbered as it is written."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx
from server.store.records import building_of
from sync.records import Record, kind_of
from sync.scope import forms
from sync.visits import WINDOW_VISITS

MAX_CHANGES = 500


class Change(NamedTuple):
    """One row as it is served; `record` is stored JSON, "" for a record that went away."""

    stream: str
    seq: int
    kind: str
    id: str
    record: str


class Feed:
    """What one transaction adds to the streams of a community. `flush` numbers it.

    All changes of one operation in one stream share one number, so that a reader who stops
    between numbers never sees half an operation.
    """

    def __init__(self, tx: Tx, community_id: str, window_from: str) -> None:
        self.tx = tx
        self.community_id = community_id
        self.window_from = window_from
        self._pending: dict[tuple[str, str, str], str | None] = {}

    def show(self, record: Record, before: Record | None = None) -> None:
        """Put a record's forms into its streams, and take it out of streams it has left."""
        kind = kind_of(record)
        if before is not None and building_of(before) != building_of(record):
            self._take_out(before)
        if kind == "visit" and record.true_at < self.window_from:  # type: ignore[attr-defined]
            return
        for stream, form in forms(record, self.community_id).items():
            if stream.startswith("doors:") and form == self._seen(stream, kind, record.id, form):
                continue
            text = None if form is None else msgspec.json.encode(form).decode()
            self._pending[stream, kind, record.id] = text
        if kind == "visit" and before is None:
            self._keep_a_dozen(record)

    def hide(self, record: Record) -> None:
        self._take_out(record)

    def end(self, stream: str, kind: str, record_id: str) -> None:
        """Take one record out of one stream, though it lives on in its table."""
        self._pending[stream, kind, record_id] = None

    def tell(self, person_id: str, kind: str, record_id: str, form: dict[str, Any]) -> None:
        """A record of a person's own stream."""
        text = msgspec.json.encode(form).decode()
        self._pending[f"person:{person_id}", kind, record_id] = text

    def flush(self) -> dict[str, int]:
        """Write what is pending, all of a stream under its next number; the numbers by stream."""
        numbers: dict[str, int] = {}
        for (stream, kind, record_id), text in self._pending.items():
            if text is None and self._shown(stream, kind, record_id) is None:
                continue
            if stream not in numbers:
                numbers[stream] = self._next(stream)
            self._write(stream, kind, record_id, numbers[stream], text)
        self._pending.clear()
        return numbers

    def drop(self) -> None:
        """Forget what is pending: its operation was rolled back."""
        self._pending.clear()

    def _take_out(self, record: Record) -> None:
        for stream in forms(record, self.community_id):
            self._pending[stream, kind_of(record), record.id] = None

    def _keep_a_dozen(self, visit: Any) -> None:
        """The thirteenth visit of a door sends its oldest away at once."""
        rows = self.tx.tuples(
            """
            select id from visit
            where community_id = :community and household_id = :household
              and true_at >= :since
            order by true_at desc, id desc
            """,
            community=self.community_id,
            household=visit.household_id,
            since=self.window_from,
        )
        for (visit_id,) in rows[WINDOW_VISITS:]:
            self._pending[f"building:{visit.building_id}", "visit", visit_id] = None

    def _shown(self, stream: str, kind: str, record_id: str) -> str | None:
        if (stream, kind, record_id) in self._pending:
            pending = self._pending[stream, kind, record_id]
            if pending is not None:
                return pending
        found: str | None = self.tx.value(
            """
            select record from feed
            where community_id = :community and stream = :stream and kind = :kind and id = :id
            """,
            community=self.community_id,
            stream=stream,
            kind=kind,
            id=record_id,
        )
        return found

    def _seen(
        self, stream: str, kind: str, record_id: str, form: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        """The form already shown, under the new version: a version alone is no news to a leader."""
        text = self._shown(stream, kind, record_id)
        if text is None or form is None:
            return None
        before: dict[str, Any] = msgspec.json.decode(text)
        return {**before, "version": form["version"]}

    def _next(self, stream: str) -> int:
        number: int = self.tx.value(
            """
            insert into stream (community_id, stream, seq) values (:community, :stream, 1)
            on conflict (community_id, stream) do update set seq = stream.seq + 1
            returning seq
            """,
            community=self.community_id,
            stream=stream,
        )
        return number

    def _write(self, stream: str, kind: str, record_id: str, seq: int, text: str | None) -> None:
        self.tx.run(
            """
            insert into feed (community_id, stream, kind, id, seq, record)
            values (:community, :stream, :kind, :id, :seq, :record)
            on conflict (community_id, stream, kind, id)
            do update set seq = excluded.seq, record = excluded.record
            """,
            community=self.community_id,
            stream=stream,
            kind=kind,
            id=record_id,
            seq=seq,
            record=text,
        )


def changes_after(
    tx: Tx, community_id: str, stream: str, cursor: int, limit: int
) -> tuple[list[Change], bool]:
    """Up to `limit` changes after a cursor, whole operations only, and whether more wait.

    An operation with more changes than the limit is still served whole.
    """
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
        whole = tx.tuples(
            """
            select stream, seq, kind, id, coalesce(record, '')
            from feed
            where community_id = :community and stream = :stream and seq = :seq
            order by kind, id
            """,
            community=community_id,
            stream=stream,
            seq=cut,
        )
    return [Change(*row) for row in whole], True


def heads(tx: Tx, community_id: str, streams: Iterable[str]) -> dict[str, int]:
    """The last number of each stream; 0 for one that never moved."""
    rows = tx.tuples(
        "select stream, seq from stream where community_id = :community", community=community_id
    )
    known: dict[str, int] = {stream: seq for stream, seq in rows}
    return {stream: known.get(stream, 0) for stream in streams}


def shown(tx: Tx, community_id: str, stream: str, kind: str = "") -> list[dict[str, Any]]:
    """The living records of a stream as its holders see them, by kind and id."""
    rows = tx.tuples(
        """
        select record from feed
        where community_id = :community and stream = :stream and record is not null
          and (kind = :kind or :kind = '')
        order by kind, id
        """,
        community=community_id,
        stream=stream,
        kind=kind,
    )
    return [msgspec.json.decode(text) for (text,) in rows]


def aged_visits(tx: Tx, community_id: str, window_from: str) -> list[tuple[str, str]]:
    """(stream, id) of the visits that the streams still show though they left the window."""
    rows = tx.tuples(
        """
        select feed.stream, feed.id
        from feed
        join visit on visit.community_id = feed.community_id and visit.id = feed.id
        where feed.community_id = :community and feed.kind = 'visit'
          and feed.record is not null and visit.true_at < :since
        order by feed.stream, feed.id
        """,
        community=community_id,
        since=window_from,
    )
    return [(stream, visit_id) for stream, visit_id in rows]


def all_heads(tx: Tx) -> dict[str, dict[str, int]]:
    """The last number of every stream, by community."""
    found: dict[str, dict[str, int]] = {}
    for community_id, stream, seq in tx.tuples(
        "select community_id, stream, seq from stream order by community_id, stream"
    ):
        found.setdefault(community_id, {})[stream] = seq
    return found


def aged_notices(tx: Tx, community_id: str, before: str) -> list[tuple[str, str]]:
    """(stream, id) of notices about work that was settled before an instant."""
    rows = tx.tuples(
        """
        select stream, id, record from feed
        where community_id = :community and kind = 'notice' and record is not null
        order by stream, id
        """,
        community=community_id,
    )
    told = [(stream, notice_id, msgspec.json.decode(text)) for stream, notice_id, text in rows]
    return [
        (stream, notice_id)
        for stream, notice_id, notice in told
        if notice["at"] < before and notice["state"] not in ("waiting", "returned")
    ]
