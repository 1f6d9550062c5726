"""People who see to issues, and doing something about one by the rules."""

from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec

from sync.issue_calls import Department
from sync.issue_records import Issue
from sync.known import Actor, Known, Moment
from sync.operations import open_envelope, understand
from sync.reconcile import reconcile
from sync.records import Building, Community
from tests.sync.memory import BUILDING, HOME, WORKER, MemoryTown, town, uid

MONDAY = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
ELSEWHERE = Building(id=uid(11), compound="红棉苑", name="4栋", label="红棉苑 4栋")
OFFICE = Actor(uid(41), "吴主任", "office", uid(51), frozenset(), frozenset())
SECRETARY = Actor(uid(42), "郑书记", "secretary", uid(52), frozenset(), frozenset())
COLLEAGUE = Actor(uid(43), "陈志明", "chief", uid(53), frozenset({BUILDING.id}), frozenset())
NEIGHBOUR = Actor(uid(44), "何佳", "worker", uid(54), frozenset({ELSEWHERE.id}), frozenset())
STREET = Actor(uid(45), "街道", "street", uid(55), frozenset(), frozenset())
CITY = Department(uid(600), "城管中队", "2h")
FIRE = Department(uid(601), "消防站", "1wd")
ISSUE = uid(500)
EARLIER = uid(400)
COMMUNITY = Community(id=HOME, name="清龙社区", review_rules={"sample": 0})
# What a step needs where a test says nothing of it.
NEEDED = {
    "assign": {"holder_id": COLLEAGUE.person_id},
    "extend": {"due_on": "2026-11-02"},
    "duplicate": {"duplicate_of": EARLIER},
}
_ids = count(7000)


def here() -> MemoryTown:
    """A town with two buildings, its staff, and an issue of last week."""
    place = town(ELSEWHERE)
    staff = (OFFICE, SECRETARY, COLLEAGUE, NEIGHBOUR, STREET, WORKER)
    place.staff = {one.person_id: one for one in staff}
    place.departments = {one.id: one for one in (CITY, FIRE)}
    return raised(place, number=400, minutes=-7 * 1440)


def raised(place: MemoryTown, actor: Actor = WORKER, number=500, minutes=0, **more) -> MemoryTown:
    """The same town after somebody raised an issue."""
    data = {
        "category": "public_facility",
        "text": "楼道的灯不亮",
        "building_id": BUILDING.id,
        **more,
    }
    after(place, "issue.raise", data, actor, minutes=minutes, number=number)
    return place


def do(
    place: MemoryTown,
    step: str,
    actor: Actor,
    *,
    minutes=10,
    number=0,
    received=None,
    about=ISSUE,
    **more,
) -> Issue:
    """The issue after one step."""
    data = {"id": about, "step": step, "words": "说一句", **NEEDED.get(step, {}), **more}
    after(place, "issue.step", data, actor, minutes=minutes, number=number, received=received)
    return issue_of(place, about)


def after(
    place: MemoryTown,
    kind: str,
    data,
    actor: Actor,
    *,
    minutes=10,
    number=0,
    received=None,
    base=None,
) -> str:
    """Apply an operation that was made and came in so many minutes after Monday began; its id."""
    ident = uid(number or next(_ids))
    at = MONDAY + timedelta(minutes=minutes)
    envelope = {"id": ident, "n": 1, "kind": kind, "at": at.isoformat(), "data": data}
    if base is not None:
        envelope["base"] = base
    read = open_envelope(msgspec.json.encode(envelope))
    came = MONDAY + timedelta(minutes=minutes if received is None else received)
    known = Known(place, actor, Moment(at, at, came), COMMUNITY)
    place.keep(reconcile(understand(read), known).changed)
    return ident


def issue_of(place: MemoryTown, ident=ISSUE) -> Issue:
    found = place.get("issue", ident)
    assert isinstance(found, Issue)
    return found
