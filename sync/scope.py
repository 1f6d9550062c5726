"""Which streams a person may hold, what of a record each role sees, and who may do what."""

from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from sync.care import needs_attention
from sync.records import (
    BEHIND_DOORS,
    Alert,
    Answers,
    Building,
    Community,
    Duty,
    Followup,
    Household,
    Issue,
    Record,
    Resident,
    Visit,
    kind_of,
)
from sync.review_rules import SAMPLE

FIELD = frozenset({"worker", "chief", "social"})
OFFICE = frozenset({"office", "secretary"})
ROLES = FIELD | OFFICE | {"leader", "street", "admin"}
# A neighbouring system that came in with a key: nobody holds this role.
SERVICE = "service"

# Warnings of which phones are told once they began; of the others only the office knows.
TOLD_STATES = frozenset({"open", "closed", "expired"})
_WARNING = frozenset({"alert", "duty", "contact_task"})

# What building leaders hold in a form of their own.
LEADERS_SEE = frozenset({"building", "household", "resident"})

# A look at an ordinary visit is no doubt about it: its author hears of it when it is sent back.
UNTOLD = ("waiting", "approved")

_DOORSTEP = FIELD | OFFICE
MAY_DO: dict[str, frozenset[str]] = {
    "building.add": OFFICE,
    "building.change": OFFICE,
    "building.remove": OFFICE,
    "household.add": _DOORSTEP,
    "household.change": _DOORSTEP,
    "household.remove": OFFICE,
    "resident.add": _DOORSTEP,
    "resident.change": _DOORSTEP,
    "resident.remove": OFFICE,
    "resident.merge": OFFICE,
    "resident.unmerge": OFFICE,
    "household.merge": OFFICE,
    "household.unmerge": OFFICE,
    "household.split": OFFICE,
    "contact.add": _DOORSTEP,
    "contact.change": _DOORSTEP,
    "contact.remove": _DOORSTEP,
    "visit.record": _DOORSTEP,
    "visit.correct": _DOORSTEP,
    "visit.withdraw": _DOORSTEP,
    "pairing.add": OFFICE,
    "pairing.end": OFFICE,
    "pairing.contact": frozenset({"leader"}),
    "life_event.record": _DOORSTEP,
    "task.add": OFFICE,
    "task.close": OFFICE,
    "followup.close": _DOORSTEP,
    "ladder.step": _DOORSTEP,
    "review.approve": OFFICE,
    "review.return": OFFICE,
    "review.reopen": OFFICE,
    "dispute.decide": OFFICE,
    "quarantine.decide": OFFICE,
    "community.change": OFFICE,
    "checklist.publish": OFFICE,
    "consent.record": _DOORSTEP,
    "feedback.send": ROLES,
    "alert.acknowledge": _DOORSTEP | {"leader"},
    "alert.forward": _DOORSTEP | {"leader"},
    "alert.confirm": _DOORSTEP | {"leader"},
    "alert.unreachable": _DOORSTEP | {"leader"},
    "alert.contact": _DOORSTEP | {"leader"},
    "alert.stand_down": OFFICE,
    "issue.raise": _DOORSTEP | {"leader", SERVICE},
    "issue.join": _DOORSTEP | {"leader"},
    # Who may take which step stands in the table of `sync/issue_steps.py`.
    "issue.step": _DOORSTEP | {"leader", "street"},
    "issue.change": OFFICE | {"chief"},
    "issue.papers": _DOORSTEP,
    "issue.rate": _DOORSTEP,
    "issue.call": OFFICE | {"street"},
    # Who may say what of a call stands in `sync/issue_calls.py`.
    "issue.call_step": _DOORSTEP | {"street"},
}


def streams_of(
    role: str, person_id: str, community_id: str, building_ids: Iterable[str]
) -> list[str]:
    """The streams of a person's phone, sorted as they are served."""
    streams = [f"person:{person_id}"]
    if role in FIELD:
        streams += [f"building:{one}" for one in building_ids]
    if role == "leader":
        streams += [f"doors:{one}" for one in building_ids]
    if role in _DOORSTEP:
        streams.append(f"community:{community_id}")
    return sorted(streams)


def carriers(record: Record, community_id: str) -> tuple[str, str]:
    """The stream that carries a record whole, and the one that carries it reduced; "" for none."""
    kind = kind_of(record)
    if kind in LEADERS_SEE:
        building_id = record.id if kind == "building" else record.building_id  # type: ignore[attr-defined]
        return f"building:{building_id}", f"doors:{building_id}"
    if kind in _WARNING and not _is_told(record):
        return "", ""
    if type(record) is Duty:
        return f"person:{record.person_id}", ""
    if kind in ("community", "checklist", "alert"):
        return f"community:{community_id}", ""
    if type(record) is Issue:
        return _issue_stream(record), ""
    is_hidden = kind not in BEHIND_DOORS or (type(record) is Followup and record.restricted)
    return ("" if is_hidden else f"building:{record.building_id}"), ""  # type: ignore[attr-defined]


def _issue_stream(issue: Issue) -> str:
    """That of its building; one that lies in none goes to whoever is to see to it."""
    if issue.restricted:
        return ""
    if issue.building_id:
        return f"building:{issue.building_id}"
    return f"person:{issue.holder}" if issue.holder else ""


def _is_told(record: Any) -> bool:
    """Whether phones are told of what belongs to a warning, or still are."""
    if type(record) is Alert and not (record.started_at and record.state in TOLD_STATES):
        return False
    return not record.is_past


def forms(record: Record, community_id: str) -> dict[str, dict[str, Any]]:
    """A record as each stream that carries it shows it."""
    whole, leaders = carriers(record, community_id)
    shown = {whole: to_builtins(outside(record))} if whole else {}
    return {**shown, leaders: reduced(record)} if leaders else shown


def outside(record: Record) -> Record:
    """A record as it leaves the office: without answers that are for the office alone, or for
    nobody, because who was asked had not agreed to it.

    That such a question was asked, and when, is no secret: else it were asked every time. By which
    rules the office looks at visits is its own, and so is which ordinary ones it takes a look at.
    """
    if type(record) is Community:
        return replace(record, review_rules={})
    if type(record) is Visit:
        if record.questions == [SAMPLE] and record.review in UNTOLD:
            record = replace(record, questions=[], review="none")
        if record.checkups:
            return replace(record, checkups=[_open_answers(one) for one in record.checkups])
        return record
    if type(record) is Answers:
        is_told = record.items.get("consent", {}).get("value") != "no"
        items = {name: _open_item(name, one, is_told) for name, one in record.items.items()}
        return replace(record, items=items)
    return record


def _open_answers(checkup: dict[str, Any]) -> dict[str, Any]:
    answers = {
        name: one
        for name, one in checkup["answers"].items()
        if "restricted" not in one and "declined" not in one
    }
    return {**checkup, "answers": answers}


def _open_item(name: str, item: dict[str, Any], is_told: bool) -> dict[str, Any]:
    """Who does not want to be asked any more takes back what is not needed to keep them safe."""
    stays = is_told or "." not in name or "safety" in item or "sets" in item
    return item if stays and "restricted" not in item else {**item, "value": "", "said": []}


def reduced(record: Record) -> dict[str, Any]:
    """What a building leader sees: names and doors, and whether a door needs attention. No why."""
    if type(record) is Building:
        shown = to_builtins(record)
        return {name: shown[name] for name in shown if name != "leader_phone"}
    if type(record) is Household:
        return {
            "id": record.id,
            "version": record.version,
            "building_id": record.building_id,
            "unit": record.unit,
            "floor": record.floor,
            "door_no": record.door_no,
            "label": record.label,
            "tenure": record.tenure,
            "attention": int(needs_attention(record.interval)),
            "status": record.status,
        }
    assert isinstance(record, Resident)
    return {
        "id": record.id,
        "version": record.version,
        "household_id": record.household_id,
        "building_id": record.building_id,
        "name": record.name,
    }
