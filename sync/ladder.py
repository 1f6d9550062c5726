"""Nobody answered where somebody is seen every week: they are looked for until they are found.

Such a case is a follow-up of the door (`item` "no_answer", about no person). Visits where nobody
answered are its entries; what was done to find them, and when, its steps. A visit that says where
they are ends it, and so may the office in words. Twin: web/phone/ladder.js.
"""

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from sync.care import RED_DAYS
from sync.followups import (
    PUT_RIGHT,
    TAKEN_BACK,
    WITHDRAWN,
    Ending,
    Entry,
    ended,
    entry_of,
    flagged_id,
    with_entry,
    without_entry,
)
from sync.known import Known
from sync.newest import made_at, place
from sync.operations import LadderStep, instant, stamp
from sync.records import Followup, Household, Record, Visit

ITEM = "no_answer"
WHAT = "无人应答，要找到人"
# By then there was a second knock and the community knows; afterwards the chief takes over.
LIMIT = timedelta(hours=2)
# How a case ends: somebody was spoken to, or it is known where they are.
OUTCOMES = {
    "met": "见到本人",
    "met_family": "见到家属",
    "phone_ok": "电话联系上了",
    "refused": "应了门，拒访",
    "hospital": "住院",
    "institution": "住在机构",
    "away": "外出",
    "moved_out": "已迁出",
    "deceased": "去世",
    "vacant": "空置",
}


def follow(visit: Visit, door: Household, known: Known, is_new: bool = True) -> list[Record]:
    """What becomes of the case of a door by a visit that is new, or was corrected or taken back.

    `door` is the door as it was before.
    """
    cases = _cases(door.id, known)
    if is_new and not _is_silent(visit):
        opened = [one for one in cases if one.status == "open" and place(visit) > _last(one)]
        return [_found(one, visit) for one in opened if visit.result in OUTCOMES]
    if not cases and not (_is_silent(visit) and _is_weekly(door)):
        return []

    visits = _visits(visit, known)
    after = {one.id: one for one in cases}
    mine = next((one for one in cases if _is_of(one, visit)), None)
    is_found = _covering(visit, cases) is not None or _is_met_since(visit, visits)
    if mine is None and _is_silent(visit) and not is_found:
        opened = [one for one in cases if one.status == "open"]
        if opened or _is_weekly(door):
            case = opened[0] if opened else _new(visit, after)
            after[case.id] = with_entry(case, _entry(visit))
    elif mine is not None and not _is_silent(visit):
        after[mine.id] = without_entry(mine, visit.id, _ending(visit, known))
    before = {one.id: one for one in cases}
    settled = _settled(after.values(), visits, _ending(visit, known))
    return [one for one in settled if one != before.get(one.id)]


def take_step(operation_id: str, data: LadderStep, known: Known) -> list[Record]:
    """One thing that was done to find somebody. It is never lost, whatever became of the case."""
    visit = known.visit(data.visit_id)
    cases = _cases(visit.household_id, known)
    visits = _visits(visit, known)
    case = (
        next((one for one in cases if _is_of(one, visit)), None)
        or next((one for one in cases if one.status == "open"), None)
        or _covering(visit, cases)
    )
    if case is None:
        new = with_entry(_new(visit, {one.id: one for one in cases}), _entry(visit))
        (case,) = _settled([new], visits, _ending(visit, known))
    moment = known.moment
    step = {
        "id": operation_id,
        "at": stamp(min(moment.true_at, moment.received_at)),
        "by": known.actor.person_id,
        "by_name": known.actor.name,
        "step": data.step,
        "who": data.who,
    }
    steps = sorted([*case.steps, step], key=lambda one: (one["at"], one["id"]))
    return [replace(case, steps=steps)]


def _cases(household_id: str, known: Known) -> list[Followup]:
    return [one for one in known.followups(household_id) if one.item == ITEM]


def _visits(visit: Visit, known: Known) -> list[Visit]:
    """What counts at this door, with the visit in hand as it is now; oldest first."""
    others = [one for one in known.visits(visit.household_id) if one.id != visit.id]
    return sorted((one for one in [*others, visit] if not one.withdrawn), key=place)


def _is_silent(visit: Visit) -> bool:
    return visit.result == ITEM and not visit.withdrawn


def _is_weekly(door: Household) -> bool:
    return 0 < door.interval <= RED_DAYS


def _is_of(case: Followup, visit: Visit) -> bool:
    return case.result != WITHDRAWN and entry_of(case, visit.id) is not None


def _covering(visit: Visit, cases: Iterable[Followup]) -> Followup | None:
    """A case that ended after this visit was made."""
    ended = (one for one in cases if one.status != "open" and one.result != WITHDRAWN)
    return next((one for one in ended if one.closed_at > made_at(visit)), None)


def _is_met_since(visit: Visit, visits: Iterable[Visit]) -> bool:
    return any(one.result in OUTCOMES and place(one) > place(visit) for one in visits)


def _new(visit: Visit, cases: dict[str, Followup]) -> Followup:
    """A case for this visit; the one that it had before, if that was taken back."""
    new_id = flagged_id(visit.id, "", ITEM)
    known = cases.get(new_id)
    if known is not None:
        return replace(_opened(known), entries=[])
    return Followup(
        id=new_id,
        household_id=visit.household_id,
        building_id=visit.building_id,
        visit_id=visit.id,
        what=WHAT,
        opened_at="",
        by="",
        item=ITEM,
    )


def _entry(visit: Visit) -> Entry:
    at = made_at(visit)
    made = instant(at)
    assert made is not None
    return {
        "at": at,
        "by": visit.by,
        "by_name": visit.by_name,
        "visit_id": visit.id,
        "text": WHAT,
        "level": "now",
        "kind": ITEM,
        "due_at": stamp(made + LIMIT),
        "recheck_days": 0,
        "restricted": 0,
    }


def _last(case: Followup) -> tuple[str, str]:
    return max((one["at"], one["visit_id"]) for one in case.entries)


def _settled(cases: Iterable[Followup], visits: list[Visit], ending: Ending) -> list[Followup]:
    """Each case as the visits of its door tell it now; at most one is open, the latest."""
    found = [_told_by(one, visits, ending) for one in cases]
    opened = sorted((one for one in found if one.status == "open"), key=_last)
    double = {one.id for one in opened[:-1]}
    return [_taken_back(one, ending) if one.id in double else one for one in found]


def _told_by(case: Followup, visits: list[Visit], ending: Ending) -> Followup:
    """Open until the first visit after the last entry that says where they are.

    What ended in words, or was taken back, stays as it is.
    """
    if case.status != "open" and not case.done_visit_id:
        return case
    silent = {one.id for one in visits if _is_silent(one)}
    if not any(one["visit_id"] in silent for one in case.entries):
        return _taken_back(case, ending)
    for one in visits:
        if one.result in OUTCOMES and place(one) > _last(case):
            return _found(case, one)
    return _opened(case)


def _opened(case: Followup) -> Followup:
    return replace(
        case, status="open", result="", note="", closed_by="", closed_at="", done_visit_id=""
    )


def _found(case: Followup, visit: Visit) -> Followup:
    return replace(
        case,
        status="closed",
        result=OUTCOMES[visit.result],
        note=visit.note,
        closed_by=visit.by_name,
        closed_at=made_at(visit),
        done_visit_id=visit.id,
    )


def _taken_back(case: Followup, ending: Ending) -> Followup:
    return replace(ended(case, ending), done_visit_id="")


def _ending(visit: Visit, known: Known) -> Ending:
    why = TAKEN_BACK if visit.withdrawn else PUT_RIGHT
    return Ending(known.actor.name, known.true_at, why)
