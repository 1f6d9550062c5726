"""What phones and the office hold of a warning: the warning, what it asks of a person, of a door.

Texts are those of `sync/telling.py`. Nothing here names a resident but the contact task, which lies
behind the doors of its building, and the pair task of whoever looks after somebody.
"""

# ruff: noqa: RUF012 a struct copies its defaults; that these are structs is told elsewhere

from typing import Any

from sync.record import Record


class Alert(Record, frozen=True, kw_only=True):
    """One warning from its first word to its end; its id is the incident's.

    `state` is "waiting" (the office decides whether it is ours), "open", "closed", "expired",
    "dismissed", or "merged" into another. `edition` counts the texts that people were asked to
    hand on; `since_at` is when this kind and colour begin, `updated_at` when its sender last
    spoke, `from_at` when households may be told.
    `is_past` 1 takes it off the phones.
    """

    kind: str = ""
    colour: str = ""
    title: str = ""
    area: str = ""
    effect: str = ""
    sent_at: str = ""
    since_at: str = ""
    updated_at: str = ""
    received_at: str = ""
    onset_at: str = ""
    ends_at: str = ""
    state: str = "waiting"
    is_drill: int = 0
    is_public: int = 1
    edition: int = 1
    message: str = ""
    short: str = ""
    guide: list[str] = []
    source: str = ""
    source_id: str = ""
    is_verified: int = 0
    from_at: str = ""
    started_at: str = ""
    closes_at: str = ""
    closed_by: str = ""
    reason: str = ""
    merged_into: str = ""
    is_past: int = 0


class Duty(Record, frozen=True, kw_only=True):
    """What a warning asks of one person; its id follows from both (`sync/duties.py`).

    `role` is leader, deputy, chief, secretary or worker; `why` is "asked", "repeat", "silence" or
    "stand_down", with `asked_at`. `buildings` are theirs to hand it on to (`is_own` 1), and those
    of which nobody has said anything, with whom to telephone.
    """

    incident_id: str
    person_id: str
    role: str
    why: str = "asked"
    kind: str = ""
    colour: str = ""
    title: str = ""
    area: str = ""
    sent_at: str = ""
    ends_at: str = ""
    state: str = "open"
    is_drill: int = 0
    edition: int = 1
    message: str = ""
    short: str = ""
    guide: list[str] = []
    source: str = ""
    from_at: str = ""
    asked_at: str = ""
    repeated_at: str = ""
    office_phone: str = ""
    acknowledged_at: str = ""
    buildings: list[dict[str, Any]] = []
    is_past: int = 0


class ContactTask(Record, frozen=True, kw_only=True):
    """One door to be asked after because of a warning (`sync/weather_list.py`).

    `method` is "phone" where nobody should go out, else "any". `assigned_to` is the leader who
    looks after them; "": whoever holds the building. `contacts` are all tries, oldest first: id of
    the visit, at, by, by_name, outcome, method, note, is_late. The fields of these names say what
    the first that settles it says, else the last; those before `again_at` are of a lower colour.
    `is_new` 1 came to the list after it was drawn up.
    """

    incident_id: str
    household_id: str
    building_id: str
    resident_ids: list[str] = []
    colour: str = ""
    is_red: int = 0
    is_new: int = 0
    method: str = "any"
    checklist: str = ""
    assigned_to: str = ""
    asked_at: str = ""
    again_at: str = ""
    begin_at: str = ""
    due_at: str = ""
    half_at: str = ""
    state: str = "open"
    outcome: str = ""
    by: str = ""
    by_name: str = ""
    at: str = ""
    is_late: int = 0
    note: str = ""
    contacts: list[dict[str, Any]] = []
    is_past: int = 0


class PairTask(Record, frozen=True, kw_only=True):
    """A contact task, under its id, as the leader sees it who looks after them: nothing of why."""

    incident_id: str
    household_id: str = ""
    pairing_ids: list[str] = []
    resident_ids: list[str] = []
    title: str = ""
    colour: str = ""
    name: str = ""
    label: str = ""
    phone: str = ""
    method: str = "any"
    begin_at: str = ""
    due_at: str = ""
    half_at: str = ""
    state: str = "open"
    outcome: str = ""
    by_name: str = ""
    at: str = ""
