"""The demo's warnings: nine in half a year, and a day of wind on a clock that can be set."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest

from server.demo.history import history
from server.demo.playing import Player
from server.demo.seed import seed
from server.demo.shapes import Town
from server.demo.storms import storms_of
from server.demo.story import storm_of
from server.demo.town import build
from server.intake import Intake
from server.jobs import take_due_steps
from server.office.alert_reading import read
from server.store import check
from server.store.database import Store
from sync import reach
from tests.server.telling import Told, tell

TODAY = date(2026, 5, 7)
MIDNIGHT = datetime(2026, 5, 6, 16, 0, tzinfo=UTC)


class Hands:
    """A clock that only the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return MIDNIGHT + timedelta(hours=hour, minutes=minute, seconds=second)


@pytest.fixture(scope="module")
def town() -> Town:
    return build(500, today=TODAY)


@pytest.fixture(scope="module")
def told() -> Told:
    return tell()


def play(intake: Intake, hands: Hands, player: Player, until: datetime) -> None:
    while hands.now < until:
        hands.now = min(until, hands.now + timedelta(seconds=15))
        player.play(intake)
        take_due_steps(intake)


@pytest.fixture(scope="module")
def morning(
    town: Town, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Intake, Hands, Player]]:
    store = Store(tmp_path_factory.mktemp("storm") / "jinlin.db")
    hands = Hands(at(9, 8))
    intake = Intake(store, hands)
    seed(intake, town, "", lambda done, total: None, hands.now)
    yield store, intake, hands, Player(town, history(town, with_today=True))
    intake.stop()
    store.close()


def board(store: Store, town: Town, incident_id: str, now: datetime) -> reach.Coverage:
    with store.read() as tx:
        facts = read(tx, town.community_id, incident_id, now).facts
    return reach.coverage(facts.roster, facts.reached(), facts.sent_at)


def test_nine_warnings_of_which_three_are_one_typhoon(told: Told) -> None:
    storms = storms_of(told.town)
    begun = [part for one in storms for part in one.parts if not part.bulletin.is_end]

    assert Counter((one.bulletin.kind, one.bulletin.colour) for one in begun) == {
        ("雷雨大风", "yellow"): 3,
        ("暴雨", "orange"): 1,
        ("台风", "blue"): 1,
        ("台风", "yellow"): 1,
        ("台风", "orange"): 1,
        ("高温", "yellow"): 1,
        ("寒冷", "yellow"): 1,
    }
    assert len(storms) == 7
    assert all(one.parts[-1].bulletin.is_end for one in storms)


def test_the_last_of_113_had_it_after_six_and_a_half_minutes_and_once_after_fourteen(
    told: Told,
) -> None:
    forwards = told.of("alert.forward")
    took = []
    for storm in storms_of(told.town):
        for edition, part in enumerate(storm.parts, start=1):
            if part.bulletin.is_end:
                continue
            here = [
                work
                for work in forwards
                if work.data["incident_id"] == storm.id and work.data["edition"] == edition
            ]
            assert len({work.data["building_id"] for work in here}) == 113
            last = max(work.entry.at_ms for work in here)
            took.append((last - part.bulletin.sent_ms) / 60_000)

    assert median(took) == pytest.approx(6.5, abs=0.01)
    assert max(took) == pytest.approx(14, abs=0.01)
    assert sum(minutes > 10 for minutes in took) == 1


def test_everybody_on_the_lists_of_the_past_was_asked(
    morning: tuple[Store, Intake, Hands, Player],
) -> None:
    store, *_ = morning
    with store.read() as tx:
        rows = tx.tuples("select state, outcome, count(*) from contact_task group by 1, 2")
        states = {state for (state,) in tx.tuples("select state from alert where is_past = 1")}
    found = {(state, outcome): count for state, outcome, count in rows}

    assert states == {"closed"}
    assert {state for state, _ in found} == {"done"}
    assert found["done", "safe"] > 0.8 * sum(found.values())


def test_the_day_of_wind_minute_by_minute(
    town: Town, morning: tuple[Store, Intake, Hands, Player]
) -> None:
    store, intake, hands, player = morning
    incident, total = storm_of(town).id, len(town.buildings)
    with store.read() as tx:
        assert tx.value("select count(*) from alert where id = :id", id=incident) == 0

    play(intake, hands, player, at(9, 17))
    missing = min(2, len(town.deputies))
    now = board(store, town, incident, hands.now)
    assert (now.buildings.sent, now.buildings.claimed) == (total, total - missing)

    play(intake, hands, player, at(9, 20))
    with store.read() as tx:
        asked = tx.tuples(
            "select to_id, at from alert_step where incident_id = :id and kind = 'deputy'"
            " order by to_id",
            id=incident,
        )
    deputies = sorted(one.id for one in list(town.deputies.values())[:missing])
    assert [to for to, _ in asked] == deputies
    assert board(store, town, incident, hands.now).buildings.claimed == total

    play(intake, hands, player, at(9, 41))
    called = (
        "select count(*) from visit where type = 'weather' and true_at like '2026-05-07T01:40%'"
    )
    with store.read() as tx:
        assert tx.value(called, minute="2026-05-07T01:40%") >= 1

    below = (
        "select count(*) from operation where received_at like '2026-05-07T03:05%'"
        " and at < '2026-05-07T03:00' and kind in ('visit.record', 'alert.contact')"
    )
    opened = "select count(*) from dispute where received_at like '2026-05-07%' and state = 'open'"
    play(intake, hands, player, at(11, 4))
    with store.read() as tx:
        assert tx.value(below) == 0
    play(intake, hands, player, at(11, 6))
    with store.read() as tx:
        assert tx.value(below) == 12
        opened = (
            "select count(*) from dispute where received_at like '2026-05-07%' and state = 'open'"
        )
        assert tx.value(opened) == 1

    play(intake, hands, player, at(14, 0))
    with store.read() as tx:
        assert tx.value(opened) == 0
        assert tx.value("select state from alert where id = :id", id=incident) == "closed"
        assert list(check.faults(tx, hands.now)) == []


def test_a_day_that_is_joined_late_is_the_same_and_told_twice_changes_nothing(
    town: Town, morning: tuple[Store, Intake, Hands, Player]
) -> None:
    store, intake, *_ = morning
    with store.read() as tx:
        before = tx.tuples("select id, outcome, received_at from operation order by id")

    Player(town, history(town, with_today=True)).play(intake)

    with store.read() as tx:
        assert tx.tuples("select id, outcome, received_at from operation order by id") == before
