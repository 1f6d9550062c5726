"""Handing buildings on from one person to another, from a day on, with a way back until then."""

from datetime import datetime
from typing import NamedTuple

from server import audit, handover_notes, lending, people, team
from server.alerts import joining
from server.audit import Author
from server.intake.writing import Writing
from server.store import handovers as reads
from server.store import people as rows
from server.store.database import Tx
from server.store.people import PersonRow
from sync import days
from sync import people as rules
from sync.operations import stamp
from sync.refusals import Refusal
from sync.scope import FIELD


class Agreed(NamedTuple):
    """Which buildings go from whom to whom, from which day on."""

    from_id: str
    to_id: str
    building_ids: list[str]
    from_on: str
    note: str = ""


def check(
    tx: Tx, community_id: str, agreed: Agreed, by: Author, now: datetime
) -> tuple[PersonRow, PersonRow]:
    """The two people. Raises Refusal where the hand-over cannot be."""
    giver, taker = (_managed(tx, community_id, by, one) for one in (agreed.from_id, agreed.to_id))
    if agreed.from_id == agreed.to_id:
        raise Refusal("handover.self")
    fits = giver.role == taker.role or {giver.role, taker.role} <= FIELD
    if not {giver.role, taker.role} <= rules.HOLDS_BUILDINGS or not taker.active or not fits:
        raise Refusal("handover.role", name=taker.name)
    if agreed.from_on < rows.today_of(tx, community_id, now):
        raise Refusal("handover.past")
    held = reads.held_on(tx, community_id, agreed.from_id, agreed.from_on)
    if not agreed.building_ids or not {one["id"] for one in held} >= set(agreed.building_ids):
        raise Refusal("handover.not_held", name=giver.name)
    return giver, taker


def set_handover(writing: Writing, by: Author, agreed: Agreed, handover_id: str) -> str:
    """From that day on the buildings are the other's. "begun" when that day is today, else "set";
    the same hand-over twice is one."""
    tx, home = writing.tx, writing.community_id
    done = "begun" if agreed.from_on <= rows.today_of(tx, home, writing.now) else "set"
    if reads.find(tx, home, handover_id):
        return done
    check(tx, home, agreed, by, writing.now)
    both = [agreed.from_id, agreed.to_id]
    before = reads.stretches(tx, home, both, agreed.building_ids)
    last_on = days.after(agreed.from_on, -1)
    for building_id in agreed.building_ids:
        rows.unassign(tx, home, agreed.from_id, building_id, last_on)
        rows.assign(tx, home, agreed.to_id, building_id, agreed.from_on)
    reads.add(
        tx,
        home,
        id=handover_id,
        **{name: getattr(agreed, name) for name in ("from_id", "to_id", "from_on", "note")},
        buildings=agreed.building_ids,
        before=before,
        after=reads.stretches(tx, home, both, agreed.building_ids),
        set_by=by.id,
        set_at=stamp(writing.now),
    )
    _tell_phones(writing, both, agreed.building_ids)
    handover_notes.tell(writing, handover_id)
    detail = f"{agreed.from_on} {agreed.to_id} {len(agreed.building_ids)}"
    audit.note(writing, by, "handover.set", agreed.from_id, detail=detail)
    return done


def undo(writing: Writing, by: Author, handover_id: str) -> None:
    """Everything as it was, as long as the day has not come and nobody changed it since."""
    tx, home = writing.tx, writing.community_id
    found = reads.find(tx, home, handover_id)
    if found is None:
        raise Refusal("record.unknown")
    if found["undone_at"]:
        raise Refusal("handover.undone")
    if found["from_on"] <= rows.today_of(tx, home, writing.now):
        raise Refusal("handover.begun")
    both = [found["from_id"], found["to_id"]]
    team.find(writing, by, found["from_id"])
    if reads.stretches(tx, home, both, found["buildings"]) != found["after"]:
        raise Refusal("handover.changed_since")
    reads.restore(tx, home, found["after"], found["before"])
    reads.undo(tx, home, handover_id, by.id, stamp(writing.now))
    _tell_phones(writing, both, found["buildings"])
    handover_notes.tell(writing, handover_id)
    audit.note(writing, by, "handover.undo", found["from_id"], detail=found["from_on"])


def tell(writing: Writing, by: Author, handover_id: str, who: str, name: str) -> None:
    """Remember that somebody was told; said twice it stands once."""
    found = reads.find(writing.tx, writing.community_id, handover_id)
    if found is None:
        raise Refusal("record.unknown")
    if any(one["who"] == who for one in found["told"]):
        return
    told = [*found["told"], {"who": who, "by": name, "at": stamp(writing.now)}]
    reads.tell(writing.tx, writing.community_id, handover_id, told)
    audit.note(writing, by, "handover.told", handover_id, detail=who)


def _managed(tx: Tx, community_id: str, by: Author, person_id: str) -> PersonRow:
    found = rows.find(tx, community_id, person_id)
    if found is None:
        raise Refusal("person.unknown")
    rules.refuse_unmanaged(by.role, found.role)
    return found


def _tell_phones(writing: Writing, both: list[str], building_ids: list[str]) -> None:
    lending.renew(writing)
    for person_id in both:
        people.publish(writing, person_id)
        joining.follow(writing, person_id)
    team.name_leaders(writing, building_ids)
