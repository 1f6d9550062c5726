"""The demo history keeps the rhythm that the rules ask for, on any day."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest

from server.demo.shapes import Town
from sync import care
from sync.visits import EFFECTIVE
from tests.server.telling import TODAY, ZONE, Told, doors_due, tell


@pytest.fixture(scope="module")
def told() -> Told:
    return tell()


def test_half_a_year_holds_about_10500_visits(told: Told) -> None:
    first = min(work.at.date() for work in told.visits)

    assert 9_500 <= len(told.visits) <= 11_500
    assert timedelta(days=170) <= TODAY - first <= timedelta(days=200)
    assert max(work.at.date() for work in told.works) == TODAY - timedelta(days=1)


@pytest.mark.parametrize("today", [TODAY, date(2026, 3, 1), date(2026, 8, 31)])
def test_whole_months_reach_nearly_everybody(today: date) -> None:
    told = tell(today=today)
    elders = {one.id for one in told.town.residents if care.SPECIAL_ELDER & set(one.categories)}
    reached: dict[str, set[str]] = defaultdict(set)
    for visit in told.visits:
        if visit.data["result"] in EFFECTIVE:
            month = visit.at.date().replace(day=1).isoformat()
            reached[month].update(elders.intersection(visit.data["resident_ids"]))
    first, *whole, _ = sorted(reached)

    assert not reached[first]
    assert len(whole) >= 5
    # February is shorter than the month between two visits.
    assert all(0.945 <= len(reached[one]) / len(elders) < 1 for one in whole)
    assert median(len(reached[one]) / len(elders) for one in whole) > 0.97


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


@pytest.mark.parametrize("households", [20, 26, 60, 300, 4500])
def test_a_smaller_or_larger_community_has_a_history_too(households: int) -> None:
    told = tell(households)
    due = list(doors_due(told))
    authors = usernames(told.town, (work.entry.person_id for work in told.visits))

    assert 2.5 <= len(told.visits) / len(due) <= 4.5
    assert sum(one.on < TODAY.isoformat() for _, one in due) / len(due) <= 0.15
    assert {f"worker{number}" for number in range(5, 10)} <= authors
    for number in range(5, 10):
        mine = told.town.person[f"worker{number}"].building_ids
        assert any(one.on == TODAY.isoformat() for door, one in due if door.building_id in mine)
    for kind in ("visit.correct", "visit.withdraw", "followup.close", "contact.change"):
        assert told.of(kind), kind


def usernames(town: Town, person_ids: Iterable[str]) -> set[str]:
    of = {one.id: one.username for one in town.people}
    return {of[one] for one in person_ids}
