"""Everything a replica can hold: one frozen struct per kind of record.

A record never holds null: what is unknown is "", [] or 0, so that a template prints the same text
on the server and on the phone. Days are "YYYY-MM-DD" in the community's timezone, instants are UTC
with milliseconds and end in "Z". Flags are 0 or 1.
"""

# ruff: noqa: RUF012 a struct copies its defaults; that these are structs is told elsewhere

from typing import Any

import msgspec

from sync.alert_records import Alert, ContactTask, Duty, PairTask
from sync.checklists import Checklist
from sync.issue_records import Issue, Report
from sync.record import Record, only

__all__ = [
    "BEHIND_DOORS",
    "KINDS",
    "Alert",
    "Answers",
    "Building",
    "Checklist",
    "Community",
    "Contact",
    "ContactTask",
    "Duty",
    "Followup",
    "Household",
    "Issue",
    "Notice",
    "Pair",
    "PairTask",
    "Pairing",
    "Person",
    "Record",
    "Redirect",
    "Report",
    "Resident",
    "Task",
    "Visit",
    "kind_of",
    "only",
]


class Building(Record, frozen=True, kw_only=True):
    compound: str
    name: str
    label: str
    grid_id: str = ""
    grid_name: str = ""
    units: int = 0
    floors: int = 0
    doors: int = 0
    order: int = 0
    style: str = ""
    leader_name: str = ""
    leader_phone: str = ""


class Household(Record, frozen=True, kw_only=True):
    """One door with the plan of its next contact (`sync/plans.py`).

    `due_for` are the people whom that contact is for, none when it is for the door as a whole;
    `due_reasons` are codes, `due_method` is "door", "phone" or "either". `door_contact_on` is the
    last effective contact that named no person, `event` what happened to all who live here.
    `merged_ids` are doors that were found to be this one, `split_from` is where its people lived.
    """

    building_id: str
    unit: str = ""
    floor: int = 0
    door_no: str
    label: str = ""
    tenure: str = ""
    own_categories: list[str] = []
    categories: list[str] = []
    due_on: str = ""
    due_category: str = ""
    interval: int = 0
    due_method: str = ""
    due_for: list[str] = []
    due_reasons: list[str] = []
    event: str = ""
    event_on: str = ""
    event_note: str = ""
    last_visit_at: str = ""
    last_result: str = ""
    door_contact_on: str = ""
    door_method: str = ""
    rest_until: str = ""
    status: str = "active"
    added_on: str = ""
    disputed: list[str] = []
    merged_ids: list[str] = []
    split_from: str = ""


class Resident(Record, frozen=True, kw_only=True):
    """`visit_wish` is how a person wants to be seen to: less, by phone, not at all, or as planned.

    `consent` is what they said to being asked about their health; "" when nobody asked yet.
    `last_method` is how the last contact was made, "door" or "phone"; `event` is what happened to
    them last; `paired` is 1 while a volunteer looks after them; `merged_ids` are the ids under
    which they were on the register twice. `status_at` is when somebody set the status other than
    by a visit: what visits told of it before that counts no more.
    """

    household_id: str
    building_id: str
    name: str
    pinyin: str = ""
    birth_on: str = ""
    sex: str = ""
    relation_to_head: str = ""
    categories: list[str] = []
    status: str = "living"
    status_until: str = ""
    status_at: str = ""
    last_contact_on: str = ""
    last_method: str = ""
    event: str = ""
    event_on: str = ""
    event_note: str = ""
    paired: int = 0
    consent: str = ""
    consent_on: str = ""
    visit_wish: str = ""
    added_on: str = ""
    disputed: list[str] = []
    merged_ids: list[str] = []


class Contact(Record, frozen=True, kw_only=True):
    household_id: str
    building_id: str
    resident_id: str = ""
    name: str = ""
    relation: str = ""
    phone: str
    verified_on: str = ""
    disputed: list[str] = []


class Visit(Record, frozen=True, kw_only=True):
    """A fact: never merged, only corrected or withdrawn. `questions` say why the office looks."""

    household_id: str
    building_id: str
    by: str
    by_name: str = ""
    at: str
    true_at: str = ""
    received_at: str = ""
    type: str
    method: str
    result: str
    note: str = ""
    resident_ids: list[str] = []
    started_at: str = ""
    ended_at: str = ""
    away_until: str = ""
    task_ids: list[str] = []
    checkups: list[dict[str, Any]] = []
    media: list[Any] = []
    followup: str = ""
    pairing_id: str = ""
    review: str = "none"
    questions: list[str] = []
    returned_reason: str = ""
    returned_field: str = ""
    corrected: int = 0
    withdrawn: int = 0
    before_transfer: int = 0


class Task(Record, frozen=True, kw_only=True):
    household_id: str
    building_id: str
    resident_ids: list[str] = []
    reason: str
    due_on: str = ""
    by: str
    by_name: str = ""
    for_person: str = ""
    status: str = "open"
    done_visit_id: str = ""


class Followup(Record, frozen=True, kw_only=True):
    """What a visitor wished to see done, or what an answer about a person asks for.

    The first has the id of its visit. The second names the person and the `item`, a question of a
    checklist, and has an id of its own (`sync/checkups.py`); `entries` are the visits that asked
    while it was open, oldest first. `restricted` ones are for the office alone.

    Where nobody answered (`sync/ladder.py`), `steps` says what was done to find them, and
    `done_visit_id` is the visit that ended it. `aliases` are other ids of its person, by which
    phones may have named it.
    """

    household_id: str
    building_id: str
    visit_id: str
    what: str
    status: str = "open"
    opened_at: str
    by: str
    by_name: str = ""
    result: str = ""
    note: str = ""
    closed_by: str = ""
    closed_at: str = ""
    resident_id: str = ""
    item: str = ""
    level: str = ""
    kind: str = ""
    due_at: str = ""
    recheck_days: int = 0
    restricted: int = 0
    entries: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    done_visit_id: str = ""
    aliases: list[str] = []


class Pairing(Record, frozen=True, kw_only=True):
    """A volunteer who looks after somebody; one with an account is a building leader.

    `resident_name`, `resident_phone` and `label` are what a `Pair` tells that leader.
    """

    household_id: str
    building_id: str
    resident_id: str
    resident_name: str = ""
    resident_phone: str = ""
    label: str = ""
    name: str
    phone: str = ""
    leader_id: str = ""
    from_on: str = ""
    until_on: str = ""
    contacted_on: str = ""
    status: str = "active"


class Pair(Record, frozen=True, kw_only=True):
    """What a building leader's own phone holds of somebody they look after: nothing of why."""

    name: str
    label: str = ""
    phone: str = ""
    contacted_on: str = ""


class Answers(Record, frozen=True, kw_only=True):
    """The newest answer of one person to each question, by "CK-ELDER.E01"; its id is the person's.

    Each item has value, on, at, visit_id, edition, asked and said. What they said to being asked
    is an item, too: `consent`, and one for each time it came without a visit; and `asked` says
    when they were asked last. Names with a point are questions.
    """

    household_id: str
    building_id: str
    items: dict[str, dict[str, Any]] = {}


def _knocking_hours() -> list[list[str]]:
    """When knocking is allowed, by the respect rules of the visiting guidance."""
    return [["09:00", "12:00"], ["14:30", "20:30"]]


def _working_hours() -> list[list[str]]:
    """When an office works, where nobody said otherwise."""
    return [["09:00", "12:00"], ["14:00", "18:00"]]


def _quiet_night() -> list[str]:
    """When households are told of nothing that can wait."""
    return ["22:00", "07:00"]


class Community(Record, frozen=True, kw_only=True):
    """Reference data that every worker's phone holds. `festivals` are [code, day], by day.

    Warnings: where the community is (division code; degrees of WGS 84 as text, "" when unknown),
    the minutes of silence after which somebody else is asked, where the office has its own, and
    the quiet hours of households. `review_rules` are the office's own of `sync/review_rules.py`.
    With `pin_required` phones show nothing before they have a PIN. `working_hours` are the office's
    (`sync/worktime.py`), `issue_limits` where it has its own of `sync/issue_limits.py`.
    `subdistrict` is the one it belongs to, as people call it.
    """

    name: str
    office_phone: str = ""
    gas_phone: str = ""
    timezone: str = "Asia/Shanghai"
    intervals: dict[str, int] = {}
    quiet: list[list[str]] = msgspec.field(default_factory=_knocking_hours)
    knocks_per_week: int = 2
    refused_rest_days: int = 30
    festivals: list[list[str]] = []
    contacts_per_day: int = 8
    division_code: str = ""
    latitude: str = ""
    longitude: str = ""
    alert_minutes: dict[str, int] = {}
    alert_quiet: list[str] = msgspec.field(default_factory=_quiet_night)
    review_rules: dict[str, int] = {}
    pin_required: int = 0
    working_hours: list[list[str]] = msgspec.field(default_factory=_working_hours)
    issue_limits: dict[str, list[str]] = {}
    subdistrict: str = ""


class Person(Record, frozen=True, kw_only=True):
    """What a person's own phone knows about its holder."""

    name: str
    role: str
    community_name: str = ""
    office_phone: str = ""
    timezone: str = "Asia/Shanghai"
    grid_names: list[str] = []
    building_ids: list[str] = []
    # Own visits of late in buildings that are somebody else's now: [day, doors, visits, effective].
    elsewhere: list[tuple[str, int, int, int]] = []
    # Whom this person stands in for today: [name, last day, buildings].
    standing_in: list[tuple[str, str, list[str]]] = []


class Redirect(Record, frozen=True, kw_only=True):
    """What became of a resident or a household that was merged into another; its id is theirs.

    `dropped` and `kept` are both records as they would be had nobody merged them: what is done
    under either id meanwhile is done to them, too. `set_by` says who set the fields of `dropped`
    last, `decided` which fields differed. `work` is what goes back with it: [kind, id, …].
    No phone holds it.
    """

    of: str
    into: str
    by: str
    by_name: str = ""
    at: str
    dropped: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    set_by: dict[str, list[Any]] = {}
    decided: list[str] = []
    work: list[list[Any]] = []


class Notice(Record, frozen=True, kw_only=True):
    """What became of work that did not simply apply. Its id is the id of that operation."""

    operation_kind: str
    outcome: str
    code: str = ""
    message: str = ""
    state: str = "waiting"
    household_id: str = ""
    visit_id: str = ""
    field: str = ""
    reason: str = ""
    at: str = ""


KINDS: dict[str, type[Record]] = {
    "building": Building,
    "household": Household,
    "resident": Resident,
    "contact": Contact,
    "visit": Visit,
    "task": Task,
    "followup": Followup,
    "pairing": Pairing,
    "pair": Pair,
    "answers": Answers,
    "checklist": Checklist,
    "community": Community,
    "person": Person,
    "notice": Notice,
    "redirect": Redirect,
    "alert": Alert,
    "duty": Duty,
    "contact_task": ContactTask,
    "pair_task": PairTask,
    "issue": Issue,
    "report": Report,
}

# Kinds that lie behind a building's doors and travel in its streams.
BEHIND_DOORS = (
    *("building", "household", "resident", "contact"),
    *("visit", "task", "followup", "pairing", "answers", "contact_task"),
)


def kind_of(record: Record) -> str:
    """The word a record's kind has on the wire."""
    return _KIND_OF[type(record)]


_KIND_OF = {struct: kind for kind, struct in KINDS.items()}
