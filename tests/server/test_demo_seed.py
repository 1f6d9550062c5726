"""The demo goes through the same door as everybody's work and leaves a clean installation."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest

from server import months
from server.demo.command import make
from server.demo.seed import seed
from server.demo.shapes import Town
from server.demo.town import build
from server.intake import Intake
from server.people import hash_password, is_password
from server.settings import Settings
from server.store import check, duplicates, feed, people, redirects
from server.store import months as months_kept
from server.store.database import Store, Tx
from sync.issue_limits import CATEGORIES
from sync.issue_steps import STATUSES
from sync.issue_telling import STAGES, TOLD

TODAY = date(2026, 5, 7)
MORNING = datetime(2026, 5, 7, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def town() -> Town:
    return build(150, today=TODAY)


@pytest.fixture(scope="module")
def seeded(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("demo") / "jinlin.db")
    intake = Intake(store, lambda: MORNING)
    steps: list[tuple[int, int]] = []
    outcomes = seed(intake, town, hash_password("together"), lambda *at: steps.append(at))
    intake.stop()
    assert steps[-1][0] == steps[-1][1] == sum(outcomes.values())
    assert steps == sorted(steps)
    yield store
    store.close()


@pytest.fixture
def tx(seeded: Store) -> Iterator[Tx]:
    with seeded.read() as tx:
        yield tx


def test_the_installation_has_no_faults(tx: Tx) -> None:
    assert list(check.faults(tx, MORNING)) == []


def test_every_operation_applied_but_the_four_that_are_kept(tx: Tx) -> None:
    rows = tx.tuples("select kind, outcome, code from operation where outcome <> 'accepted'")
    kept = sorted(code for _, outcome, code in rows if outcome == "quarantined")

    assert kept == ["data.misfit", "kind.unknown", "scope.outside", "scope.outside"]
    assert {outcome for _, outcome, _ in rows} == {"quarantined", "conflict"}


def test_everybody_can_sign_in_with_the_one_password(tx: Tx, town: Town) -> None:
    for username in ("worker1", "worker9", "social2", "leader1", "secretary", "street", "admin"):
        person = people.by_username(tx, username)
        assert person is not None
        assert person.name == town.person[username].name
    assert person is not None
    assert is_password(person.password_hash, "together")


def test_each_holds_the_buildings_of_the_plan(tx: Tx, town: Town) -> None:
    for person in town.people:
        held = people.buildings_now(tx, town.community_id, person.id, TODAY.isoformat())
        assert sorted(person.building_ids) == held
        (told,) = feed.shown(tx, town.community_id, f"person:{person.id}", "person")
        assert sorted(told["building_ids"]) == held


def test_a_building_says_who_its_leader_is(tx: Tx, town: Town) -> None:
    rows = tx.tuples("select id, leader_name from building")

    assert dict(rows) == {building: one.name for building, one in town.leaders.items()}


def test_doors_are_due_as_the_history_meant_and_the_office_has_work(tx: Tx) -> None:
    doors = tx.value("select count(*) from household")
    late = tx.value("select count(*) from household where due_on < '2026-05-07'")

    assert 0.04 <= late / doors <= 0.09
    assert tx.value("select count(*) from household where due_on = '2026-05-07'") > 0
    assert tx.value("select count(*) from visit where review = 'waiting'") >= 6
    assert tx.value("select count(*) from dispute where state = 'open'") > 0
    assert tx.value("select count(*) from followup where status = 'open'") > 0
    assert tx.value("select count(*) from task where status = 'open'") == 2


def test_phones_get_no_visit_older_than_their_window(tx: Tx, town: Town) -> None:
    for building in town.buildings:
        stream = f"building:{building.id}"
        visits = feed.shown(tx, town.community_id, stream, "visit")
        assert all(one["true_at"] >= "2025-11-08" for one in visits)


def test_notices_are_as_old_as_what_they_tell(tx: Tx, town: Town) -> None:
    notices = [
        one
        for person in town.people
        for one in feed.shown(tx, town.community_id, f"person:{person.id}", "notice")
    ]

    assert notices
    assert all(one["at"] < "2026-05-07" for one in notices)


def test_some_phones_have_a_story(tx: Tx, town: Town) -> None:
    from server.office import phones_view

    listed = phones_view.listed(tx, town.community_id, "office", MORNING, "")
    remedies = [row["remedy"] for row in listed if row["care"]]

    assert remedies[0] == "call"
    assert {"call", "wiped", "clock"} <= set(remedies)
    assert listed[0]["unsent"] == 12 and listed[0]["oldest_hours"] >= 24


def test_the_oldest_are_looked_after_somebody_is_away_and_something_happened(
    tx: Tx, town: Town
) -> None:
    pairs = tx.value("select count(*) from pairing where status = 'active'")
    paired = tx.value("select count(*) from resident where paired = 1")
    led = tx.tuples("select leader_id, id from pairing where leader_id <> ''")

    assert pairs == paired > 0
    for leader_id, pairing_id in led:
        told = feed.shown(tx, town.community_id, f"person:{leader_id}", "pair")
        assert pairing_id in [one["id"] for one in told]
    assert tx.value("select count(*) from resident where event <> ''") > 0
    assert tx.value("select count(*) from leave where from_on = '2026-05-07'") == 1


def test_three_red_ones_are_open_and_what_was_closed_was_mostly_in_time(tx: Tx) -> None:
    raised = tx.tuples(
        "select status, level, due_at, closed_at from followup where level in ('now', 'red')"
    )
    closed = [one for one in raised if one[0] == "closed"]
    late = [one for one in closed if one[3] > one[2]]

    assert sum(one[0] == "open" for one in raised) == 3
    assert len(closed) >= 8
    assert len(late) <= 1
    assert tx.value("select count(*) from followup where status = 'open' and level = 'amber'") == 5
    assert (
        tx.value("select count(*) from followup where level = 'amber' and closed_at > due_at") > 0
    )


def test_issues_are_in_every_state_and_each_step_moved_one(tx: Tx) -> None:
    rows = tx.tuples("select state, side, category, source, satisfied, entries from issue")
    entries = [one for row in rows for one in msgspec.json.decode(row[5])]

    assert {side or state for state, side, *_ in rows} == set(STATUSES)
    assert {row[2] for row in rows} == set(CATEGORIES)
    assert {"visit", "leader", "phone", "window", "wechat", "hotline", "checklist"} <= {
        row[3] for row in rows
    }
    assert {row[4] for row in rows} == {"", "yes", "partly", "no"}
    assert [one for one in entries if one["why"]] == []
    assert {one["what"] for one in entries} >= {"reopen", "extend", "resume", "reject", "joined"}
    told = [one for one in entries if one["what"] == TOLD]
    assert {one["stage"] for one in told} == set(STAGES)
    assert len({one["at"] for one in told}) > 10, "each at its own moment"


def test_departments_were_called_some_came_and_one_is_waited_for(tx: Tx) -> None:
    rows = tx.tuples("select calls from issue where calls_open > 0")
    running = [one for (told,) in rows for one in msgspec.json.decode(told) if not one["ended_at"]]
    ended = tx.tuples("select id from issue where calls <> '[]' and calls_open = 0")

    assert len(ended) > 1
    assert {bool(one["arrived_at"]) for one in running} == {True, False}


def test_the_months_that_are_over_were_kept_on_the_night_after_them(tx: Tx, town: Town) -> None:
    kept = months_kept.by_month(tx, town.community_id, "2025-01")

    assert [one["month"] for one in kept] == [
        "2025-12",
        "2026-01",
        "2026-02",
        "2026-03",
        "2026-04",
    ]
    assert not any(months.was_late(one["month"], one["counted_on"]) for one in kept)
    assert all(one["reached"] / one["counted"] > 0.9 for one in kept)


def test_somebody_and_a_door_are_on_the_register_twice_and_one_pair_was_merged(
    tx: Tx, town: Town
) -> None:
    pairs, doors = (find(tx, town.community_id) for find in (duplicates.people, duplicates.doors))

    assert list(pairs.values()) == [["birth"]]
    assert list(doors.values()) == [["spelling"]]
    assert len(redirects.merges(tx, town.community_id)) == 1


def test_ordinary_visits_of_the_last_days_wait_as_samples(tx: Tx) -> None:
    asked = [one for (one,) in tx.tuples("select questions from visit where review = 'waiting'")]

    assert '["sample"]' in asked


def test_the_demo_has_matters_beside_visits(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What `jinlin demo` adds for the pages of residents' rights, hand-overs and samples."""
    folder = tmp_path_factory.mktemp("matters")
    settings = Settings(data=folder)
    make(settings, "together", lambda: build(60, today=TODAY), MORNING)
    store = Store(settings.database)
    try:
        with store.read() as tx:
            assert list(check.faults(tx, MORNING)) == []
            answered = tx.tuples("select answer from wish order by asked_on")
            assert answered == [("done",), ("done",), ("",)]
            assert tx.value("select count(*) from retention_hold where ended_at = ''") == 1
            assert tx.value("select count(*) from handover where from_on > '2026-05-07'") == 1
            assert tx.value("select count(*) from meeting where closed_at <> ''") == 1
            assert tx.value("select count(*) from issue where hard = 1 and ended_at = ''") > 0
            assert tx.value("select count(*) from report_file where state = 'done'") >= 6
    finally:
        store.close()
