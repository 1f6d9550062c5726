"""What must be true whenever a phone was answered; ending.py says what must be true at the end."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sync.operations import instant, within
from sync.scope import streams_of
from tests.simulation import ending
from tests.simulation.phone import Entry, Phone
from tests.simulation.wire import Heard, demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

# A request takes some looks at the clock.
NEAR = timedelta(seconds=2)


class Truths:
    """Watches one town."""

    def __init__(self, town: "Town") -> None:
        self.town = town

    def heard(self, phone: Phone, heard: Heard, batch: Sequence[Entry]) -> None:
        """An answer has just been taken in."""
        expected = set(self.streams(phone))
        shown = set(heard.cursors)
        demand(shown == expected, "scope", f"phone {phone.key} holds {shown}, not {expected}")
        self._is_kept(phone, heard, batch)
        self._is_back(phone)

    def settled(self) -> None:
        """The network is perfect and nothing moves any more."""
        ending.check(self.town)

    def streams(self, phone: Phone) -> list[str]:
        held = self.town.backend.holds(phone.person_id)
        role = self.town.backend.value(
            "select role from person where id = :person", person=phone.person_id
        )
        return streams_of(role, phone.person_id, self.town.backend.home, sorted(held))

    def _is_kept(self, phone: Phone, heard: Heard, batch: Sequence[Entry]) -> None:
        """Whatever has a receipt is stored, and a visit counts for whoever made it."""
        if not batch:
            return
        here = self._stored(one.id for one in batch)
        for entry, receipt in zip(batch, heard.receipts, strict=True):
            demand(entry.id in here, "receipt without work", f"{entry.kind} {entry.id}")
            row = here[entry.id]
            if receipt.code == "scope.outside":
                self._was_never_theirs(phone, entry)
            if receipt.outcome in ("accepted", "conflict") and entry.kind == "visit.record":
                self._counts_for(phone, entry, row)

    def _stored(self, ids: Any) -> dict[str, dict[str, Any]]:
        asked = {f"id{number}": one for number, one in enumerate(ids)}
        names = ", ".join(f":{name}" for name in asked)
        found = self.town.backend.rows(
            f"""
            select operation.id, visit."by", visit.before_transfer, visit.building_id,
              visit.true_at
            from operation
            left join visit on visit.community_id = operation.community_id
              and visit.id = operation.id
            where operation.community_id = :home and operation.id in ({names})
            """,
            home=self.town.backend.home,
            **asked,
        )
        return {row["id"]: row for row in found}

    def _counts_for(self, phone: Phone, entry: Entry, row: dict[str, Any]) -> None:
        demand(row["by"] == phone.person_id, "author", f"{entry.id} counts for {row['by']}")
        self._knows_when(phone, entry, row["true_at"])
        if phone.role == "office":
            return
        now = self.town.backend.holds(phone.person_id)
        before = int(row["building_id"] not in now)
        said = row["before_transfer"]
        demand(said == before, "before transfer", f"{entry.id} says {said}, not {before}")

    def _knows_when(self, phone: Phone, entry: Entry, true_at: str) -> None:
        """By how much a clock is wrong is known from when the phone says that it sends."""
        found = instant(true_at)
        expected = within(entry.at - phone.ahead)
        near = found is not None and abs(found - expected) < NEAR
        demand(near, "time", f"{entry.id} was made at {expected}, not {true_at}")

    def _was_never_theirs(self, phone: Phone, entry: Entry) -> None:
        """What was recorded in a building once held is never refused for its place."""
        if entry.kind == "visit.record":
            building = self.town.backend.value(
                "select building_id from household where id = :id", id=entry.data["household_id"]
            )
            ever = self.town.backend.holds(phone.person_id, ever=True)
            demand(building not in ever, "hand-over", f"{entry.id} was refused in {building}")

    def _is_back(self, phone: Phone) -> None:
        """Once the cursors are past a receipt's numbers, the replica shows what it did."""
        if phone.fresh_epoch:
            return
        for entry in phone.entries.values():
            receipt = entry.receipt
            if entry.is_back or receipt is None or entry.epoch != phone.epoch:
                continue
            numbers = receipt.seq.items()
            if all(phone.cursors.get(stream, seq) >= seq for stream, seq in numbers):
                entry.is_back = True
                self._shows(phone, entry)

    def _shows(self, phone: Phone, entry: Entry) -> None:
        if entry.kind != "visit.record" or entry.receipt.outcome != "accepted":  # type: ignore[union-attr]
            return
        for stream in entry.receipt.seq:  # type: ignore[union-attr]
            if not stream.startswith("building:") or stream not in phone.streams:
                continue
            if ("visit", entry.id) in phone.streams[stream]:
                continue
            passed = self.town.backend.value(
                """
                select 1 from feed
                where community_id = :home and stream = :stream and kind = 'visit' and id = :id
                  and record is not null and seq <= :cursor
                """,
                home=self.town.backend.home,
                stream=stream,
                id=entry.id,
                cursor=phone.cursors[stream],
            )
            demand(not passed, "cursor", f"phone {phone.key} passed by visit {entry.id}")
