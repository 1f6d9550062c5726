"""The demo history is valid work, spaced as the rules ask, with a few things left to look at."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest

from server.demo.history import Entry, history
from server.demo.ids import minted_at
from server.demo.shapes import Household as Door
from server.demo.shapes import Town
from server.demo.town import build
from sync import care, operations
from sync.records import Household, Resident
from sync.refusals import Refusal
from sync.visits import ASKED_RESULTS, EFFECTIVE, STATUS_RESULTS

TODAY = date(2026, 5, 7)
ZONE = ZoneInfo("Asia/Shanghai")
CREATES = (
    "building.add",
    "household.add",
    "resident.add",
    "contact.add",
    "visit.record",
    "task.add",
)


class Work(NamedTuple):
    """One operation with its data read."""

    entry: Entry
    data: dict[str, Any]

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.entry.at_ms / 1000, UTC).astimezone(ZONE)

    @property
    def clock(self) -> str:
        return self.at.strftime("%H:%M")


class Told(NamedTuple):
    town: Town
    works: list[Work]

    def of(self, kind: str) -> list[Work]:
        return [work for work in self.works if work.entry.kind == kind]

    @property
    def visits(self) -> list[Work]:
        """Visits that count: understood, at a door of their author, and not withdrawn."""
        held = {one.id: set(one.building_ids) for one in self.town.people}
        building = {one.id: one.building_id for one in self.town.households}
        withdrawn = {work.data["id"] for work in self.of("visit.withdraw")}
        return [
            work
            for work in self.of("visit.record")
            if work.entry.id not in withdrawn
            and len(work.data.get("note", "")) <= 1000
            and building[work.data["household_id"]] in held[work.entry.person_id]
        ]


def tell(households: int = 3300, today: date = TODAY) -> Told:
    town = build(households, today=today)
    works = [Work(one, msgspec.json.decode(one.raw)["data"]) for one in history(town)]
    return Told(town, works)


@pytest.fixture(scope="module")
def told() -> Told:
    return tell()


def doors_due(told: Told) -> Iterator[tuple[Door, care.Due]]:
    """Every door with the day it is due by the rule table, from the visits alone."""
    today = told.town.today.isoformat()
    behind: dict[str, list[Work]] = defaultdict(list)
    for visit in sorted(told.visits, key=lambda work: work.entry.at_ms):
        behind[visit.data["household_id"]].append(visit)
    imported = datetime.fromtimestamp(told.works[0].entry.at_ms / 1000, ZONE).date().isoformat()
    for door in told.town.households:
        home = Household(
            id=door.id,
            building_id=door.building_id,
            door_no=door.door_no,
            tenure=door.tenure,
            own_categories=list(door.categories),
            added_on=imported,
        )
        people = {
            one.id: Resident(
                id=one.id,
                household_id=door.id,
                building_id=door.building_id,
                name=one.name,
                birth_on=one.birth_on,
                categories=list(one.categories),
                added_on=imported,
            )
            for one in door.residents
        }
        for visit in behind[door.id]:
            home, people = after(visit, home, people)
        yield door, care.due(home, people.values(), care.DEFAULT_INTERVALS, today)


def after(
    visit: Work, home: Household, people: dict[str, Resident]
) -> tuple[Household, dict[str, Resident]]:
    on, result = visit.at.date().isoformat(), visit.data["result"]
    if result == "vacant":
        home = msgspec.structs.replace(home, door_contact_on=on)
    for resident_id in visit.data["resident_ids"]:
        person = people[resident_id]
        if result in EFFECTIVE:
            person = msgspec.structs.replace(person, last_contact_on=on)
        if result in STATUS_RESULTS:
            until = visit.data.get("away_until", "")
            person = msgspec.structs.replace(person, status=result, status_until=until)
        elif result == "met" and person.status in care.PAUSED:
            person = msgspec.structs.replace(person, status="living", status_until="")
        people[resident_id] = person
    return home, people


def named_ids(data: Any) -> Iterator[str]:
    """Every id an operation names, however deep."""
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and (key == "id" or key.endswith("_id")):
                if key != "grid_id":
                    yield value
            elif key.endswith("_ids"):
                yield from value
            else:
                yield from named_ids(value)


def test_half_a_year_holds_about_10500_visits(told: Told) -> None:
    first = min(work.at.date() for work in told.visits)

    assert 10_000 <= len(told.visits) <= 11_000
    assert timedelta(days=170) <= TODAY - first <= timedelta(days=200)
    assert max(work.at.date() for work in told.works) == TODAY - timedelta(days=1)


def test_every_device_numbers_its_work_without_a_gap(told: Told) -> None:
    by_device: dict[str, list[Entry]] = defaultdict(list)
    for work in told.works:
        by_device[work.entry.device_id].append(work.entry)

    for entries in by_device.values():
        assert [one.n for one in entries] == list(range(1, len(entries) + 1))
        assert [one.at_ms for one in entries] == sorted(one.at_ms for one in entries)
        assert len({one.person_id for one in entries}) == 1


def test_ids_are_unique_and_carry_their_time(told: Told) -> None:
    ids = [work.entry.id for work in told.works]
    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

    assert len(set(ids)) == len(ids)
    assert all(pattern.fullmatch(one) for one in ids)
    assert all(minted_at(work.entry.id) == work.entry.at_ms for work in told.works)


def test_the_text_of_an_operation_says_what_its_entry_says(told: Told) -> None:
    for work in told.works[::50]:
        envelope = msgspec.json.decode(work.entry.raw)
        assert (envelope["id"], envelope["n"]) == (work.entry.id, work.entry.n)
        assert envelope["kind"] == work.entry.kind
        assert envelope["at"].endswith("+08:00")
        assert datetime.fromisoformat(envelope["at"]) == work.at


def test_what_an_operation_names_arrived_before_it(told: Told) -> None:
    arrived = {one.id for one in told.town.people}
    disputes = set()
    for work in told.works:
        if work.entry.kind == "dispute.decide":
            disputes.add(work.data["id"])
            continue
        unknown = [one for one in named_ids(work.data) if one not in arrived]
        assert unknown == [], work
        if work.entry.kind in CREATES:
            arrived.add(work.entry.id)
    assert len(disputes) == 9


def test_all_but_two_operations_fit_the_protocol(told: Told) -> None:
    misfits = []
    for work in told.works:
        envelope = operations.open_envelope(work.entry.raw)
        assert envelope is not None
        try:
            operations.understand(envelope)
        except Refusal as refusal:
            misfits.append(refusal.code)

    assert sorted(misfits) == ["data.misfit", "kind.unknown"]


def test_two_visits_were_made_in_a_grid_of_somebody_else(told: Told) -> None:
    withdrawn, too_long = 8, 1

    assert len(told.of("visit.record")) - len(told.visits) == withdrawn + too_long + 2
    assert len(told.of("visit.withdraw")) == withdrawn


@pytest.mark.parametrize("today", [TODAY, date(2026, 3, 1), date(2026, 8, 31)])
def test_few_doors_are_overdue_and_every_worker_has_a_days_work(today: date) -> None:
    """On a Thursday, a Sunday and a Monday alike."""
    told = tell(today=today)
    due = list(doors_due(told))
    late = [one for one in due if one[1].on < today.isoformat()]
    red = [one for one in late if one[1].interval <= care.RED_DAYS]
    building_of = {one.username: set(one.building_ids) for one in told.town.people}

    assert 0.055 <= len(late) / len(due) <= 0.065
    assert 1 <= len(red) <= 4
    assert all(date.fromisoformat(one.on) >= today - timedelta(days=2) for _, one in red)
    for number in range(5, 10):
        mine = [one for door, one in due if door.building_id in building_of[f"worker{number}"]]
        assert 5 <= sum(one.on == today.isoformat() for one in mine) <= 17


def test_people_are_seen_at_about_their_interval(told: Told) -> None:
    seen: dict[str, list[date]] = defaultdict(list)
    for visit in sorted(told.visits, key=lambda work: work.entry.at_ms):
        if visit.data["result"] in EFFECTIVE:
            for resident_id in visit.data["resident_ids"]:
                seen[resident_id].append(visit.at.date())
    off = []
    for one in told.town.residents:
        codes = list(one.categories)
        if care.is_high_risk(codes, one.birth_on, TODAY.isoformat()):
            codes.append(care.HIGH_RISK)
        interval, category = care.tightest(codes, care.DEFAULT_INTERVALS)
        if category == care.ORDINARY or interval > care.AMBER_DAYS:
            continue
        days = seen[one.id]
        off += [
            abs((after - before).days - interval) / interval for before, after in pairwise(days)
        ]

    assert median(off) <= 0.1
    assert sum(share > 0.35 for share in off) / len(off) <= 0.05


def test_door_and_telephone_share_the_weekly_visits(told: Told) -> None:
    methods = Counter(work.data["method"] for work in told.visits)
    results = Counter(work.data["result"] for work in told.visits)

    assert 0.6 <= methods["door"] / len(told.visits) <= 0.8
    assert methods["video"] > 0
    assert results["not_home"] > 200
    assert {"refused", "no_answer", "rescheduled", "hospital", "away", "institution"} <= set(
        results
    )
    assert sum(results[one] for one in EFFECTIVE) / len(told.visits) > 0.9


def test_nobody_knocks_at_odd_hours_but_six_times_after_half_past_eight(told: Told) -> None:
    odd = [
        work
        for work in told.visits
        if work.data["method"] == "door"
        and not ("09:00" <= work.clock <= "12:00" or "14:30" <= work.clock <= "20:30")
    ]

    assert len(odd) == 6
    assert all(work.clock > "20:30" for work in odd)


def test_no_door_is_knocked_at_more_than_twice_a_week(told: Told) -> None:
    knocks = Counter(
        (work.data["household_id"], work.at.isocalendar()[:2])
        for work in told.visits
        if work.data["method"] == "door"
    )

    assert max(knocks.values()) <= 2


def test_work_arrives_minutes_later_and_sometimes_hours(told: Told) -> None:
    minutes = sorted((work.entry.received_at - work.entry.at_ms) / 60_000 for work in told.visits)
    midnight = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=ZONE).timestamp() * 1000

    assert minutes[0] >= 0
    assert 8 <= median(minutes) <= 14
    assert 3.5 * 60 <= minutes[int(len(minutes) * 0.95)] <= 6.5 * 60
    assert all(work.entry.received_at < midnight for work in told.works)
    assert told.works == sorted(told.works, key=lambda work: work.entry.received_at)


def test_twelve_visits_wait_for_the_office(told: Told) -> None:
    asked = {
        work.entry.id
        for work in told.visits
        if work.data["result"] in ASKED_RESULTS
        or (work.data["method"] == "door" and work.clock > "20:30")
    }
    asked |= {work.data["id"] for work in told.of("visit.correct")}
    settled = {work.data["id"] for work in told.of("review.approve")}
    returned = {work.data["id"] for work in told.of("review.return")}
    answered = {work.data["id"] for work in told.of("visit.correct")}

    assert settled <= asked
    assert len(asked - settled - returned) == 12
    assert len(returned - answered) == 2


def test_fourteen_edits_met_an_edit_of_the_office(told: Told) -> None:
    edits: dict[str, list[Work]] = defaultdict(list)
    for work in told.of("contact.change") + told.of("resident.change"):
        edits[work.data["id"]].append(work)

    assert len(edits) == 14
    for office, visitor in edits.values():
        assert office.entry.person_id != visitor.entry.person_id
        assert office.entry.at_ms > visitor.entry.at_ms
        field = next(iter(visitor.data["changes"]))
        assert office.data["changes"][field] != visitor.data["changes"][field]
        for work in (office, visitor):
            assert msgspec.json.decode(work.entry.raw)["base"] == 1


def test_wishes_are_mostly_fulfilled(told: Told) -> None:
    wished = {work.entry.id for work in told.visits if "followup" in work.data}
    closed = {work.data["id"] for work in told.of("followup.close")}
    answered = {one for work in told.visits for one in work.data.get("task_ids", [])}
    tasks = {work.entry.id: work.data for work in told.of("task.add")}
    open_tasks = [data for one, data in tasks.items() if one not in answered]

    assert closed < wished
    assert len(wished - closed) == 3
    assert answered < set(tasks)
    assert [one["due_on"] for one in open_tasks] == [TODAY.isoformat()] * 2
    assert all(one["reason"].startswith("请今天看看") for one in open_tasks)


def test_notes_name_nobody_and_nothing_holds_an_id_number(told: Told) -> None:
    names = {one.name for one in told.town.residents} | {one.name for one in told.town.people}
    notes = {work.data["note"] for work in told.of("visit.record") if "note" in work.data}

    assert len(notes) > 50
    assert not [note for note in notes if any(name in note for name in names)]
    assert not any(re.search(rb"\d{15}", work.entry.raw) for work in told.works)


def test_the_same_seed_tells_the_same_history_to_the_byte() -> None:
    town = build(300, today=TODAY, seed=7)
    first = list(history(town))

    assert list(history(build(300, today=TODAY, seed=7))) == first
    assert list(history(build(300, today=TODAY, seed=8))) != first


@pytest.mark.parametrize("households", [20, 60, 300, 4500])
def test_a_smaller_or_larger_community_has_a_history_too(households: int) -> None:
    told = tell(households)
    due = list(doors_due(told))
    authors = usernames(told.town, (work.entry.person_id for work in told.visits))

    assert 2.5 <= len(told.visits) / len(due) <= 4.5
    assert sum(one.on < TODAY.isoformat() for _, one in due) / len(due) <= 0.15
    assert {f"worker{number}" for number in range(5, 10)} <= authors
    for kind in ("visit.correct", "visit.withdraw", "followup.close", "contact.change"):
        assert told.of(kind), kind


def usernames(town: Town, person_ids: Iterable[str]) -> set[str]:
    of = {one.id: one.username for one in town.people}
    return {of[one] for one in person_ids}
