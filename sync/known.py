"""What the rules may ask about: the records already there, who is acting, and what day it is."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sync.alert_records import Alert, ContactTask, Duty
from sync.care import DEFAULT_INTERVALS
from sync.cascade import Roster
from sync.followups import names_of
from sync.issue_calls import Department
from sync.issue_records import Issue
from sync.merge import Stamp
from sync.operations import stamp
from sync.records import (
    KINDS,
    Answers,
    Building,
    Checklist,
    Community,
    Contact,
    Followup,
    Household,
    Pairing,
    Record,
    Redirect,
    Resident,
    Task,
    Visit,
)
from sync.refusals import Missing
from sync.worktime import Calendar

WHOLE_COMMUNITY = frozenset({"office", "secretary"})

R = TypeVar("R", bound=Record)


class Town(Protocol):
    """Read access to the records of one community."""

    def get(self, kind: str, record_id: str) -> Record | None: ...
    def of_household(self, kind: str, household_id: str) -> list[Record]: ...
    def stamps(self, kind: str, record_id: str) -> Mapping[str, Stamp]: ...
    def has_door(self, building_id: str, unit: str, door_no: str) -> str: ...
    def has_building(self, compound: str, name: str) -> str: ...
    def naming(self, kind: str, resident_id: str) -> list[Record]: ...
    def has_households(self, building_id: str) -> bool: ...
    def doors_of(self, building_id: str) -> list[str]: ...
    def arrived_media(self, person_id: str, names: list[str]) -> Collection[str]: ...
    def checklists(self) -> list[Checklist]: ...
    def checked(self, resident_id: str) -> list[Visit]: ...
    def followups_like(self, record_id: str) -> list[Followup]: ...
    def roster(self, incident_id: str) -> Roster | None: ...
    def holders(self, building_id: str) -> list[str]: ...
    def duties(self, incident_id: str) -> list[Duty]: ...
    def contact_tasks(self, incident_id: str) -> list[ContactTask]: ...
    def colleague(self, person_id: str, today: str) -> "Actor | None": ...
    def department(self, department_id: str) -> Department | None: ...
    def visited_since(self, person_id: str, since: str, until: str) -> list[Mapping[str, Any]]: ...
    def own_days(self) -> Mapping[str, bool]: ...


@lru_cache(maxsize=1024)
def _local(at: datetime, timezone: str) -> datetime:
    return at.astimezone(ZoneInfo(timezone))


def intervals_of(community: Community) -> Mapping[str, int]:
    """Days between two contacts by category, as this community has them."""
    own = community.intervals
    return {**DEFAULT_INTERVALS, **own} if own else DEFAULT_INTERVALS


class Actor(NamedTuple):
    """Who acts, on which device, with which buildings now and ever before."""

    person_id: str
    name: str
    role: str
    device: str
    building_ids: frozenset[str]
    held_before: frozenset[str]


class Moment(NamedTuple):
    """When it happened by the device, in truth as far as known, and when it arrived."""

    at: datetime
    true_at: datetime
    received_at: datetime


class Known:
    """One operation's view of the world. Records it names must exist, else the operation waits.

    `forced` is the office's word for an operation that was kept: it overrides role and place,
    never what does not fit. `from_file`: it came in a file, so its time was never compared.
    """

    def __init__(
        self,
        town: Town,
        actor: Actor,
        moment: Moment,
        community: Community,
        *,
        forced: bool = False,
        from_file: bool = False,
    ) -> None:
        self.forced = forced
        self.from_file = from_file
        self.town = town
        self.actor = actor
        self.moment = moment
        self.community = community
        self.intervals = intervals_of(community)
        self.today = self.day(moment.received_at)
        # What this operation calls by the id of a record that was merged: that id, and the id of
        # the record it is now; and buildings that it reaches only thereby.
        self.led: dict[str, str] = {}
        self.led_buildings: set[str] = set()

    def may_reach(self, building_id: str) -> bool:
        """True when the actor holds this building now, held it before, or works for all."""
        actor = self.actor
        if self.forced or actor.role in WHOLE_COMMUNITY or building_id in self.led_buildings:
            return True
        return building_id in actor.building_ids or building_id in actor.held_before

    def clock(self, at: datetime) -> datetime:
        """An instant as clocks in the community show it."""
        return _local(at, self.community.timezone)

    def day(self, at: datetime) -> str:
        """The calendar day of an instant in the community's timezone."""
        return _local(at, self.community.timezone).date().isoformat()

    def calendar(self) -> Calendar:
        """When the office of this community works."""
        home = self.community
        return Calendar(home.timezone, home.working_hours, self.town.own_days())

    @property
    def true_at(self) -> str:
        return stamp(self.moment.true_at)

    @property
    def done_at(self) -> str:
        """When it was done: by the corrected clock, and never after it arrived."""
        return stamp(min(self.moment.true_at, self.moment.received_at))

    def building(self, record_id: str) -> Building:
        return self._need(Building, "building", record_id)

    def household(self, record_id: str) -> Household:
        return self._need(Household, "household", record_id)

    def resident(self, record_id: str) -> Resident:
        return self._need(Resident, "resident", record_id)

    def contact(self, record_id: str) -> Contact:
        return self._need(Contact, "contact", record_id)

    def visit(self, record_id: str) -> Visit:
        return self._need(Visit, "visit", record_id)

    def task(self, record_id: str) -> Task:
        return self._need(Task, "task", record_id)

    def pairing(self, record_id: str) -> Pairing:
        return self._need(Pairing, "pairing", record_id)

    def pairings(self, household_id: str) -> list[Pairing]:
        """Who looks after the people of a door, and who did."""
        return self._all(Pairing, "pairing", household_id)

    def alert(self, incident_id: str) -> Alert:
        """A warning by its id, or by one that it had before it was found to be this one."""
        found = self._need(Alert, "alert", incident_id)
        seen = {incident_id}
        while found.merged_into and found.merged_into not in seen:
            seen.add(found.merged_into)
            found = self._need(Alert, "alert", found.merged_into)
        return found

    def redirect(self, record_id: str) -> Redirect | None:
        """What became of a resident or household that was merged; None when it was not."""
        found = self.town.get("redirect", record_id)
        return found if isinstance(found, Redirect) else None

    def duty(self, record_id: str) -> Duty | None:
        """What a warning asks of somebody; None when it asks nothing of them."""
        found = self.town.get("duty", record_id)
        return found if isinstance(found, Duty) else None

    def contact_task(self, record_id: str) -> ContactTask | None:
        """What a warning asks about a door; None when it asks nothing."""
        found = self.town.get("contact_task", record_id)
        return found if isinstance(found, ContactTask) else None

    def asked_after(self, household_id: str) -> list[ContactTask]:
        """What warnings asked about a door."""
        return self._all(ContactTask, "contact_task", household_id)

    def followup(self, record_id: str) -> Followup:
        """By its own id, or by the one under which a phone opened it that came second."""
        if self.town.get("followup", record_id) is None:
            for one in self.town.followups_like(record_id):
                if record_id in names_of(one):
                    return one
        return self._need(Followup, "followup", record_id)

    def issue(self, record_id: str) -> Issue:
        return self._need(Issue, "issue", record_id)

    def issues(self, household_id: str) -> list[Issue]:
        return self._all(Issue, "issue", household_id)

    def answers(self, resident_id: str) -> Answers | None:
        """What a person answered so far, if anybody asked them."""
        found = self.town.get("answers", resident_id)
        return found if isinstance(found, Answers) else None

    def checklist(self, code: str, edition: int) -> Checklist | None:
        """One edition of a checklist; None when nobody here has published it."""
        return next((one for one in self.editions(code) if one.edition == edition), None)

    def editions(self, code: str) -> list[Checklist]:
        """Every edition of a checklist, the newest first."""
        found = [one for one in self.town.checklists() if one.code == code]
        return sorted(found, key=lambda one: one.edition, reverse=True)

    def residents(self, household_id: str) -> list[Resident]:
        return self._all(Resident, "resident", household_id)

    def contacts(self, household_id: str) -> list[Contact]:
        return self._all(Contact, "contact", household_id)

    def followups(self, household_id: str) -> list[Followup]:
        return self._all(Followup, "followup", household_id)

    def tasks(self, household_id: str) -> list[Task]:
        return self._all(Task, "task", household_id)

    def visits(self, household_id: str) -> list[Visit]:
        """Every visit of a door, oldest first."""
        found = self._all(Visit, "visit", household_id)
        return sorted(found, key=lambda visit: (visit.true_at, visit.id))

    def _need(self, struct: type[R], kind: str, record_id: str) -> R:
        found = self.town.get(kind, record_id)
        if found is None:
            raise Missing(record_id)
        assert isinstance(found, struct)
        return found

    def _all(self, struct: type[R], kind: str, household_id: str) -> list[R]:
        assert KINDS[kind] is struct
        return [
            one for one in self.town.of_household(kind, household_id) if isinstance(one, struct)
        ]
