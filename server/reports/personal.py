"""All that is kept about one person, for that person.

Of others it tells nothing: of a visit to several only what concerns this one, and names and numbers
of others in notes are masked. What is for the office alone stands apart, to be looked at before
the rest is handed over.
"""

from typing import Any, NamedTuple

from msgspec import to_builtins

from server import identities
from server.identities import Vault
from server.store import edits, handovers, personal, wishes
from server.store import reports as reads
from server.store.database import Tx
from server.store.records import Records
from sync import masks
from sync.records import Community, Contact, Household, Resident, Visit
from sync.refusals import Refusal

# Records of several people: what was done with one is not about this person.
SHARED = ("visit", "task", "issue")
# Fields that hold what people typed.
FREE = {"note", "what", "result", "followup", "reason", "text", "returned_reason", "who", "reply"}
FREE |= {"words", "inner", "place", "event_note"}


class Everything(NamedTuple):
    """`records` by kind, and of those for the office alone by kind; the rest as it was read."""

    person: Resident
    label: str
    number: str
    records: dict[str, list[dict[str, Any]]]
    apart: dict[str, list[dict[str, Any]]]
    consents: list[dict[str, Any]]
    history: list[dict[str, Any]]
    looks: list[dict[str, Any]]
    rosters: dict[str, Any]
    wishes: list[dict[str, Any]]
    edits: list[dict[str, Any]]
    handovers: list[dict[str, Any]]
    timezone: str

    @property
    def size(self) -> int:
        """How many records were handed out."""
        parts = (*self.records.values(), *self.apart.values(), self.history, self.looks)
        return sum(len(one) for one in parts)


def gather(tx: Tx, vault: Vault, community: Community, resident_id: str) -> Everything:
    """Raises Refusal when there is no such person."""
    known = Records(tx, community.id)
    person = known.get("resident", resident_id)
    if not isinstance(person, Resident):
        raise Refusal("record.unknown")
    household = known.get("household", person.household_id)
    assert isinstance(household, Household)
    found = personal.records(tx, community.id, resident_id)
    visits = [one for one in found["visit"] if isinstance(one, Visit)]
    doors = {person.household_id, *(one.household_id for one in visits)}
    own = {person.name, *(one.name for one in found["contact"] if isinstance(one, Contact))}
    buildings = {person.building_id, *(one.building_id for one in visits)}
    others = _others(tx, community.id, buildings, own)
    records = {
        kind: [_masked(to_builtins(one), person, others) for one in some]
        for kind, some in found.items()
    }
    told, apart = _parted(records)
    mine = {one["id"] for kind, some in told.items() if kind not in SHARED for one in some}
    ids = [person.id, *person.merged_ids]
    mine |= {*ids}
    return Everything(
        person=person,
        label=household.label,
        number=identities.reveal(tx, vault, community.id, resident_id),
        records=told,
        apart=apart,
        consents=personal.consents(tx, community.id, resident_id),
        history=[
            {**one, "data": _masked(one["data"], person, others)}
            for one in personal.history(tx, community.id, resident_id, sorted(doors), mine)
        ],
        looks=personal.looks(tx, community.id, ids),
        rosters=personal.said_by_rosters(tx, community.id, resident_id),
        wishes=[
            _masked(one, person, others) for one in wishes.listed(tx, community.id, resident_id)
        ],
        edits=[
            _masked_edit(one, others)
            for one in edits.told(tx, community.id, sorted(_set_on(told, ids)))
        ],
        handovers=handovers.of_buildings(tx, community.id, sorted(buildings)),
        timezone=community.timezone,
    )


def _set_on(told: dict[str, list[dict[str, Any]]], ids: list[str]) -> set[str]:
    """The records of theirs that people edit: their own and whom to call."""
    return {*ids, *(one["id"] for one in told["contact"])}


def _others(tx: Tx, community_id: str, buildings: set[str], own: set[str]) -> list[str]:
    """Who else is known in these buildings, beside the person and whom they gave to call."""
    known = reads.names(tx, community_id)
    return sorted({one for place in buildings for one in known.get(place, [])} - own)


def _masked(value: Any, person: Resident, others: list[str]) -> Any:
    """Notes without other people, lists of people without others, checkups of this one only."""
    if isinstance(value, list):
        return [_masked(one, person, others) for one in value]
    if not isinstance(value, dict):
        return value
    told: dict[str, Any] = {}
    for name, one in value.items():
        if name == "resident_ids" and isinstance(one, list):
            told[name] = [person.id] * (person.id in one)
        elif name == "checkups" and isinstance(one, list):
            mine = [each for each in one if each.get("resident_id") == person.id]
            told[name] = _masked(mine, person, others)
        elif name in FREE and isinstance(one, str):
            told[name] = masks.text(one, others)
        else:
            told[name] = _masked(one, person, others)
    return told


def _masked_edit(edit: dict[str, Any], others: list[str]) -> dict[str, Any]:
    """What somebody typed into a field, without other people."""
    if edit["field"] not in FREE:
        return edit
    return {**edit, **{name: masks.text(edit[name], others) for name in ("before", "after")}}


def _parted(
    records: dict[str, list[dict[str, Any]]],
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    """What may be handed over as it is, and what is for the office alone."""
    open_, apart = {}, {}
    for kind, some in records.items():
        open_[kind] = [_without_restricted(one) for one in some if not one.get("restricted")]
        held = [one for one in some if one.get("restricted")]
        held += [found for one in some for found in _restricted_in(one)]
        if held:
            apart[kind] = held
    return open_, apart


def _restricted_in(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers inside a visit, or among the newest answers, that are for the office alone."""
    answers = [one["answers"] for one in record.get("checkups", [])]
    answers.append(record.get("items", {}))
    return [
        {"visit_id": record["id"], "question": name, **answer}
        for some in answers
        for name, answer in some.items()
        if "restricted" in answer
    ]


def _without_restricted(record: dict[str, Any]) -> dict[str, Any]:
    def kept(answers: dict[str, Any]) -> dict[str, Any]:
        return {name: one for name, one in answers.items() if "restricted" not in one}

    if "checkups" in record:
        checkups = [{**one, "answers": kept(one["answers"])} for one in record["checkups"]]
        return {**record, "checkups": checkups}
    return {**record, "items": kept(record["items"])} if "items" in record else record
