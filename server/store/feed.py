"""The feed: the latest form of every record in every stream, numbered as it is written."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import msgspec

from server.store.database import Tx
from server.store.records import building_of
from server.store.windows import Windows
from sync.records import Issue, Record, Visit, kind_of
from sync.scope import carriers, outside, reduced

Key = tuple[str, str, str]
# What a stream shows: a record as it is, or a text of its own; None for nothing any more.
Form = Record | str | None


class Feed:
    """What one transaction adds to the streams of a community. `flush` numbers it.

    All changes of one operation in one stream share one number, so that a reader who stops
    between numbers never sees half an operation.
    """

    def __init__(self, tx: Tx, community_id: str, window_from: str) -> None:
        self.tx = tx
        self.community_id = community_id
        self._pending: dict[Key, Form] = {}
        self._door_of: dict[Key, str] = {}
        self.windows = Windows(tx, community_id, window_from)
        self._heads: dict[str, int] = {}
        # What this transaction wrote, which the table may not show yet.
        self._written: dict[Key, tuple[int, Form]] = {}

    def expect(self, household_ids: Iterable[str]) -> None:
        """Read the windows of these doors in one go."""
        self.windows.expect(household_ids)

    def show(self, record: Record, before: Record | None = None) -> None:
        """Put a record's forms into its streams, and take it out of streams it has left."""
        kind = kind_of(record)
        if before is not None and self._has_moved(before, record):
            self._take_out(before)
            before = None
        if type(record) is Issue and self.is_aged(record):
            self._take_out(record)
            return
        if type(record) is Visit and not self._is_in_window(record):
            self._take_out(record)
            return
        whole, leaders = carriers(record, self.community_id)
        if before is not None and not whole:
            self._take_out(before)
        door = getattr(record, "household_id", record.id)
        if whole:
            key = whole, kind, record.id
            self._pending[key] = outside(record)
            self._door_of[key] = door
        if leaders:
            self._show_reduced((leaders, kind, record.id), record, before, door)

    def hide(self, record: Record) -> None:
        self._take_out(record)

    def end(self, stream: str, kind: str, record_id: str) -> None:
        """Take one record out of one stream, though it lives on in its table."""
        self._pending[stream, kind, record_id] = None

    def tell(self, person_id: str, kind: str, record_id: str, form: dict[str, Any]) -> None:
        """A record of a person's own stream."""
        text = msgspec.json.encode(form).decode()
        self._pending[f"person:{person_id}", kind, record_id] = text

    def told(self, person_id: str, kind: str, record_id: str) -> dict[str, Any] | None:
        """What a person's own stream shows of something; None when nothing."""
        key = f"person:{person_id}", kind, record_id
        text = self._pending.get(key) or self._row(key)[1]
        assert not isinstance(text, Record), "a person's own stream holds texts"
        return msgspec.json.decode(text) if text else None

    def tell_anew(self, person_id: str, kind: str, record_id: str, form: dict[str, Any]) -> None:
        """The same under a version of its own, when it is news."""
        self._show_numbered((f"person:{person_id}", kind, record_id), form)

    def is_aged(self, issue: Issue) -> bool:
        """Whether phones hold it no more: it ended before the window begins."""
        return bool(issue.ended_at) and issue.ended_at < self.windows.window_from

    def flush(self, *, by_door: bool = False) -> dict[str, int]:
        """Write what is pending, all of a stream under its next number; the numbers by stream.

        `by_door` gives each door behind a building its own: what many operations did at once is
        then served in pieces that a phone can take.
        """
        numbers: dict[tuple[str, str], int] = {}
        for key, form in self._pending.items():
            if form is None and self._row(key)[1] is None:
                continue
            stream, kind, record_id = key
            piece = stream, self._door_of.get(key, "") if by_door else ""
            number = numbers.get(piece)
            if number is None:
                number = numbers[piece] = self._next(stream)
            self._written[key] = number, form
            row = self.community_id, stream, kind, record_id, number, form
            self.tx.later(_WRITE, key, row, _as_text)
        self.drop()
        last: dict[str, int] = {}
        for (stream, _), number in numbers.items():
            last[stream] = max(number, last.get(stream, 0))
        return last

    def join(self, numbers: dict[str, int]) -> None:
        """Remember that one operation did all this, for phones that hold more than one of these.

        Who holds doors: as a leader holds no building: and has no more than one of them; nobody
        holds two people's own.
        """
        parts = [one for one in numbers.items() if not one[0].startswith("doors:")]
        for (stream, seq), (other, other_seq) in permutations(parts, 2):
            if stream.startswith("person:") and other.startswith("person:"):
                continue
            key = stream, seq, other
            self.tx.later(_JOIN, key, (self.community_id, stream, seq, other, other_seq))

    def drop(self) -> None:
        """Forget what is pending: it is written, or its operation was rolled back."""
        self._pending.clear()
        self._door_of.clear()

    def forget(self) -> None:
        """Drop what is known of the tables, too: a savepoint was rolled back."""
        self.tx.pour()
        self.drop()
        self.windows.forget()
        self._heads.clear()
        self._written.clear()

    def go_on(self, tx: Tx, window_from: str) -> None:
        """Go on in the next transaction, when nobody wrote in between."""
        self.tx = tx
        self.windows.go_on(tx, window_from)
        self._written.clear()

    def _has_moved(self, before: Record, record: Record) -> bool:
        """Whether it is carried by another stream now."""
        if type(record) is Issue:
            return carriers(before, self.community_id) != carriers(record, self.community_id)
        return building_of(before) != building_of(record)

    def _take_out(self, record: Record) -> None:
        for stream in carriers(record, self.community_id):
            if stream:
                self._pending[stream, kind_of(record), record.id] = None

    def _is_in_window(self, visit: Visit) -> bool:
        """Whether phones show this visit; the thirteenth of a door goes away at once."""
        is_in, gone = self.windows.put(visit)
        for visit_id in gone:
            self._pending[f"building:{visit.building_id}", "visit", visit_id] = None
        return is_in

    def _row(self, key: Key) -> tuple[int, Form]:
        """The number of a record in a stream and what it shows of it; 0 when it never was there."""
        if key in self._written:
            return self._written[key]
        stream, kind, record_id = key
        rows = self.tx.beneath(
            """
            select seq, record from feed
            where community_id = :community and stream = :stream and kind = :kind and id = :id
            """,
            community=self.community_id,
            stream=stream,
            kind=kind,
            id=record_id,
        )
        return (rows[0][0], rows[0][1]) if rows else (0, None)

    def _show_reduced(self, key: Key, record: Record, before: Record | None, door: str) -> None:
        """A leader's form, under a version of its own that counts no visits, when it is news."""
        form = reduced(record)
        if before is not None and {**reduced(before), "version": record.version} == form:
            return
        if self._show_numbered(key, form):
            self._door_of[key] = door

    def _show_numbered(self, key: Key, form: dict[str, Any]) -> bool:
        """A form under a version of its own; whether it is news."""
        number, text = self._row(key)
        text = self._pending.get(key) or text
        assert not isinstance(text, Record), "what has versions of its own is a text"
        # What left the stream comes back above all the versions it had there.
        version = number
        if text is not None:
            known: dict[str, Any] = msgspec.json.decode(text)
            version = known["version"]
            if {**form, "version": version} == known:
                return False
        self._pending[key] = msgspec.json.encode({**form, "version": version + 1}).decode()
        return True

    def _next(self, stream: str) -> int:
        if stream not in self._heads:
            rows = self.tx.beneath(
                "select seq from stream where community_id = :community and stream = :stream",
                community=self.community_id,
                stream=stream,
            )
            self._heads[stream] = rows[0][0] if rows else 0
        number = self._heads[stream] = self._heads[stream] + 1
        self.tx.later(_MOVE, stream, (self.community_id, stream, number))
        return number


def _as_text(row: tuple[str, str, str, str, int, Form]) -> tuple[Any, ...]:
    form = row[5]
    return (*row[:5], msgspec.json.encode(form).decode()) if isinstance(form, Record) else row


_WRITE = """
    insert into feed (community_id, stream, kind, id, seq, record) values (?, ?, ?, ?, ?, ?)
    on conflict (community_id, stream, kind, id)
    do update set seq = excluded.seq, record = excluded.record
"""
_MOVE = """
    insert into stream (community_id, stream, seq) values (?, ?, ?)
    on conflict (community_id, stream) do update set seq = excluded.seq
"""
_JOIN = """
    insert into joint (community_id, stream, seq, other, other_seq) values (?, ?, ?, ?, ?)
"""


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


def forms_of(tx: Tx, community_id: str, kind: str) -> dict[tuple[str, str], str]:
    """What the streams show of the living records of a kind, by stream and id."""
    rows = tx.tuples(
        """
        select stream, id, record from feed
        where community_id = :community and kind = :kind and record is not null
        """,
        community=community_id,
        kind=kind,
    )
    return {(stream, record_id): text for stream, record_id, text in rows}


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
