"""Leave: somebody is away, and a deputy gets their buildings for those days."""

import uuid_utils

from server import audit, lending, team
from server.audit import Author
from server.intake.writing import Writing
from server.store import leaves as reads
from server.store import people as rows
from server.store.leaves import Leave
from sync import days
from sync import people as rules
from sync.operations import stamp
from sync.refusals import Refusal

MAX_DAYS = 366


def set_leave(
    writing: Writing, by: Author, person_id: str, deputy_id: str, from_on: str, until_on: str
) -> None:
    """The deputy holds every building that is not theirs anyway, on these days and no others."""
    person, deputy = team.find(writing, by, person_id), team.find(writing, by, deputy_id)
    if person_id == deputy_id:
        raise Refusal("leave.self")
    if not {person.role, deputy.role} <= rules.HOLDS_BUILDINGS or not deputy.active:
        raise Refusal("person.holds_no_building")
    if not from_on or not from_on <= until_on <= days.after(from_on, MAX_DAYS):
        raise Refusal("person.days_misfit")
    tx, home = writing.tx, writing.community_id
    other = reads.overlapping(tx, home, person_id, from_on, until_on)
    if other:
        raise Refusal("leave.overlap", name=person.name, first=other[0], last=other[1])
    if reads.is_away(tx, home, deputy_id, from_on, until_on):
        raise Refusal("leave.deputy_away", name=deputy.name)

    leave = Leave(str(uuid_utils.uuid7()), person_id, deputy_id, from_on, until_on)
    reads.add(tx, home, leave, by.id, stamp(writing.now))
    lending.renew(writing)
    audit.note(writing, by, "leave.set", person_id, detail=f"{from_on} {until_on}")


def end_leave(writing: Writing, by: Author, leave_id: str) -> None:
    """Somebody is back before the day: from today on the deputy goes no more."""
    leave = reads.find(writing.tx, writing.community_id, leave_id)
    if leave is None:
        raise Refusal("record.unknown")
    team.find(writing, by, leave.person_id)
    today = rows.today_of(writing.tx, writing.community_id, writing.now)
    reads.end(writing.tx, writing.community_id, leave, days.after(max(today, leave.from_on), -1))
    lending.renew(writing)
    audit.note(writing, by, "leave.end", leave.person_id)
