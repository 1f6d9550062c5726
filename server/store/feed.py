"""The feed: the latest form of every record in every stream, numbered as it is written."""

from itertools import permutations
from typing import Any

import msgspec

from server.store.database import Tx
from server.store.records import building_of
from sync.records import Record, Visit, kind_of
from sync.scope import forms
from sync.visits import WINDOW_VISITS


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
        self._door_of: dict[tuple[str, str, str], str] = {}

    def show(self, record: Record, before: Record | None = None) -> None:
        """Put a record's forms into its streams, and take it out of streams it has left."""
        kind = kind_of(record)
        if before is not None and building_of(before) != building_of(record):
            self._take_out(before)
        if isinstance(record, Visit) and not self._is_in_window(record):
            self._take_out(record)
            return
        for stream, form in forms(record, self.community_id).items():
            key = stream, kind, record.id
            if form is not None and stream.startswith("doors:"):
                form = self._renumbered(key, form)
                if form is None:
                    continue
            self._pending[key] = None if form is None else msgspec.json.encode(form).decode()
            self._door_of[key] = getattr(record, "household_id", record.id)

    def hide(self, record: Record) -> None:
        self._take_out(record)

    def end(self, stream: str, kind: str, record_id: str) -> None:
        """Take one record out of one stream, though it lives on in its table."""
        self._pending[stream, kind, record_id] = None

    def tell(self, person_id: str, kind: str, record_id: str, form: dict[str, Any]) -> None:
        """A record of a person's own stream."""
        text = msgspec.json.encode(form).decode()
        self._pending[f"person:{person_id}", kind, record_id] = text

    def flush(self, *, by_door: bool = False) -> dict[str, int]:
        """Write what is pending, all of a stream under its next number; the numbers by stream.

        `by_door` gives each door behind a building its own: what many operations did at once is
        then served in pieces that a phone can take.
        """
        numbers: dict[tuple[str, str], int] = {}
        for key, text in self._pending.items():
            stream, kind, record_id = key
            if text is None and self._shown(key) is None:
                continue
            piece = stream, self._door_of.get(key, "") if by_door else ""
            if piece not in numbers:
                numbers[piece] = self._next(stream)
            self._write(stream, kind, record_id, numbers[piece], text)
        self.drop()
        last: dict[str, int] = {}
        for (stream, _), number in numbers.items():
            last[stream] = max(number, last.get(stream, 0))
        return last

    def join(self, numbers: dict[str, int]) -> None:
        """Remember that one operation did all this, for phones that hold more than one of these.

        Who holds doors: as a leader holds no building: and has no more than one of them.
        """
        parts = [one for one in numbers.items() if not one[0].startswith("doors:")]
        for (stream, seq), (other, other_seq) in permutations(parts, 2):
            self.tx.run(
                """
                insert into joint (community_id, stream, seq, other, other_seq)
                values (:community, :stream, :seq, :other, :other_seq)
                """,
                community=self.community_id,
                stream=stream,
                seq=seq,
                other=other,
                other_seq=other_seq,
            )

    def drop(self) -> None:
        """Forget what is pending: it is written, or its operation was rolled back."""
        self._pending.clear()
        self._door_of.clear()

    def _take_out(self, record: Record) -> None:
        for stream in forms(record, self.community_id):
            self._pending[stream, kind_of(record), record.id] = None

    def _is_in_window(self, visit: Visit) -> bool:
        """Whether phones show this visit; the thirteenth of a door goes away at once."""
        if visit.true_at < self.window_from:
            return False
        rows = self.tx.tuples(
            """
            select id from visit
            where community_id = :community and household_id = :household
              and true_at >= :since
            order by true_at desc, id desc
            limit :limit
            """,
            community=self.community_id,
            household=visit.household_id,
            since=self.window_from,
            limit=WINDOW_VISITS + 1,
        )
        for (visit_id,) in rows[WINDOW_VISITS:]:
            self._pending[f"building:{visit.building_id}", "visit", visit_id] = None
        return (visit.id,) in rows[:WINDOW_VISITS]

    def _shown(self, key: tuple[str, str, str]) -> str | None:
        """What a stream shows of a record, or will once this is written."""
        pending = self._pending.get(key)
        if pending is not None:
            return pending
        stream, kind, record_id = key
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

    def _renumbered(self, key: tuple[str, str, str], form: dict[str, Any]) -> dict[str, Any] | None:
        """A leader's form under a version of its own, which counts no visits; None if no news."""
        text = self._shown(key)
        if text is None:
            return {**form, "version": self._left_at(key) + 1}
        before: dict[str, Any] = msgspec.json.decode(text)
        form = {**form, "version": before["version"]}
        return None if form == before else {**form, "version": before["version"] + 1}

    def _left_at(self, key: tuple[str, str, str]) -> int:
        """The number under which a record left a stream, which is above all its versions there;
        0 when it never was in it."""
        stream, kind, record_id = key
        found = self.tx.value(
            """
            select seq from feed
            where community_id = :community and stream = :stream and kind = :kind and id = :id
            """,
            community=self.community_id,
            stream=stream,
            kind=kind,
            id=record_id,
        )
        return found or 0

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
