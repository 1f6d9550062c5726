"""A warning on its way from the community to every building."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.cascade import (
    HOPS,
    Building,
    Event,
    Roster,
    Timers,
    asks_households_at,
    due,
    reached,
    steps,
)
from sync.reach import coverage, silent

START = datetime(2026, 8, 7, 1, 10, tzinfo=UTC)  # 09:10 in the community
CHINA = timezone(timedelta(hours=8))
QUIET = (time(22), time(7))


def minutes(count):
    return START + timedelta(minutes=count)


def roster(count=113, deputies=lambda n: n % 10 != 9):
    """`count` leaders with a building each, 29 or 30 households, in four grids."""
    return Roster(
        started_at=START,
        from_at=START,
        secretary_id="secretary",
        buildings=tuple(
            Building(
                id=f"b{n:03}",
                label=f"{n}栋",
                grid_id=f"g{n % 4}",
                leader_id=f"leader{n:03}",
                deputy_id=f"deputy{n:03}" if deputies(n) else "",
                chief_id=f"chief{n % 4}",
                households=29 + n % 2,
            )
            for n in range(count)
        ),
    )


def event(hop, building, at, received=None, **more):
    ident = more.pop("id", f"{hop} {building} {at}")
    return Event(
        id=ident,
        hop=hop,
        building_id=building,
        at=minutes(at),
        received_at=minutes(at if received is None else received),
        **more,
    )


def forwarded(town, at=4.0, but=()):
    return [event("forwarded", one.id, at) for one in town.buildings if one.id not in but]


def test_scenario_6_six_silent_two_without_a_deputy_and_a_late_confirmation_of_its_own_time():
    town = roster(deputies=lambda n: n not in {3, 50})
    quiet = {"b003", "b010", "b020", "b030", "b040", "b050"}
    sent = [event("sent", one.id, 0) for one in town.buildings]
    events = sent + forwarded(town, 2, quiet)

    until_ten = due(town, Timers(), events, minutes(10))
    late = event("forwarded", "b010", 4, 30)
    after = reached(town, [*events, late])

    told = [(one.at - START, one.kind, one.to, one.building_ids) for one in until_ten]
    at = {count: timedelta(minutes=count) for count in (3, 5, 8, 10)}
    assert [one[:3] for one in told if one[1] == "repeat"] == [
        (at[3], "repeat", f"leader0{n}") for n in ("03", "10", "20", "30", "40", "50")
    ]
    assert [one[:3] for one in told if one[0] == at[5]] == [
        (at[5], "chief", "chief2"),
        (at[5], "chief", "chief3"),
        *((at[5], "deputy", f"deputy0{n}") for n in ("10", "20", "30", "40")),
    ]
    assert [one for one in told if one[0] == at[8]] == [
        (at[8], "chief", "chief0", ("b020", "b040")),
        (at[8], "chief", "chief2", ("b010", "b030")),
    ]
    assert [one for one in told if one[0] == at[10]] == [
        (at[10], "secretary", "secretary", tuple(sorted(quiet)))
    ]

    before = coverage(town, reached(town, events), START)
    assert (before.buildings.all, before.buildings.sent, before.buildings.claimed) == (
        113,
        113,
        107,
    )
    assert before.households.all == 56 * 30 + 57 * 29 == 3333
    assert before.households.claimed == 3333 - (30 + 29 * 5)
    assert before.t100 is None

    building = next(one for one in after if one.building.id == "b010")
    assert building.at("forwarded") == minutes(4)
    assert building.is_late("forwarded")
    assert due(town, Timers(), [*events, late], minutes(40)) == until_ten


def test_who_has_forwarded_is_asked_no_more():
    town = roster(3)

    assert due(town, Timers(), forwarded(town, 2), minutes(60)) == []


def test_a_confirmation_between_two_steps_ends_them():
    town = roster(1, deputies=lambda n: True)

    found = due(town, Timers(), [event("acknowledged", "b000", 6)], minutes(60))
    assert [one.kind for one in found] == ["repeat", "deputy"]


def test_red_waits_half_as_long():
    town = roster(1, deputies=lambda n: True)

    found = steps(town, Timers().of("red"), "leader000")
    waits = [(one.kind, (one.at - START) / timedelta(minutes=1)) for one in found]
    assert waits == [("repeat", 1.5), ("deputy", 2.5), ("chief", 4), ("secretary", 5)]
    assert Timers().of("orange") == Timers()


def test_a_building_without_a_leader_is_the_chiefs_at_once():
    town = Roster(
        started_at=START,
        from_at=START,
        secretary_id="secretary",
        buildings=(Building(id="b", label="1栋", grid_id="g", chief_id="chief"),),
    )

    found = due(town, Timers(), [], minutes(0))
    assert [(one.kind, one.to, one.at) for one in found] == [("chief", "chief", START)]


def test_where_there_is_no_chief_either_the_secretary_is_asked_at_once():
    town = Roster(
        started_at=START,
        from_at=START,
        secretary_id="secretary",
        buildings=(Building(id="b", label="1栋", grid_id="g"),),
    )

    found = due(town, Timers(), [], minutes(60))
    assert [(one.kind, one.to, one.at) for one in found] == [("secretary", "secretary", START)]


def test_a_leader_of_two_buildings_is_asked_once_about_both():
    both = tuple(
        Building(id=name, label=name, grid_id="g", leader_id="l", deputy_id="d", chief_id="c")
        for name in "ab"
    )
    town = Roster(started_at=START, from_at=START, buildings=both)

    found = due(town, Timers(), [event("forwarded", "a", 4)], minutes(60))
    assert [(one.kind, one.building_ids) for one in found] == [
        ("repeat", ("a", "b")),
        ("deputy", ("b",)),
        ("chief", ("b",)),
    ]


@pytest.mark.parametrize(
    ("clock", "colour", "onset", "waits_until"),
    [
        ("12:00", "yellow", None, "12:00"),
        ("21:59", "yellow", None, "21:59"),
        ("22:00", "yellow", None, "07:00"),
        ("03:00", "blue", None, "07:00"),
        ("06:59", "white", None, "07:00"),
        ("07:00", "yellow", None, "07:00"),
        ("03:00", "orange", None, "03:00"),
        ("03:00", "red", None, "03:00"),
        ("03:00", "yellow", "05:00", "03:00"),
        ("03:00", "yellow", "05:01", "03:01"),
        ("01:00", "yellow", "08:59", "06:59"),
        ("01:00", "yellow", "09:01", "07:00"),
        ("03:00", "yellow", "02:00", "03:00"),
    ],
)
def test_households_sleep_unless_it_is_urgent(clock, colour, onset, waits_until):
    def at(text):
        return datetime.fromisoformat(f"2026-08-07T{text}:00").replace(tzinfo=CHINA)

    found = asks_households_at(at(clock), colour, at(onset) if onset else None, QUIET)
    assert found.strftime("%H:%M") == waits_until
    assert timedelta(0) <= found - at(clock) < timedelta(hours=24)


def test_an_evening_waits_for_the_next_morning():
    evening = datetime(2026, 8, 31, 23, 30, tzinfo=CHINA)

    assert asks_households_at(evening, "yellow", None, QUIET) == datetime(
        2026, 9, 1, 7, 0, tzinfo=CHINA
    )


def test_unreachable_is_beside_the_hops_and_is_cleared_by_any_later_sign():
    town = roster(1)
    lost = event("unreachable", "b000", 5)

    (before,) = reached(town, [event("sent", "b000", 0), lost])
    (after,) = reached(town, [event("sent", "b000", 0), lost, event("acknowledged", "b000", 6)])
    assert (before.is_unreachable, before.rank) == (True, 1)
    assert (after.is_unreachable, after.has("acknowledged")) == (False, True)


def test_one_event_of_several_buildings_counts_for_each_of_them():
    town = roster(3)
    told = [event("sent", one.id, 0, id="told everybody") for one in town.buildings]
    read = [event("acknowledged", one.id, 2, id="leads two") for one in town.buildings[:2]]

    assert [one.has("sent") for one in reached(town, told)] == [True] * 3
    assert [one.has("acknowledged") for one in reached(town, read)] == [True, True, False]


def test_a_replaced_text_that_was_forwarded_is_stale_until_the_new_one_is():
    town = roster(1)
    old, new = (event("forwarded", "b000", at, edition=at) for at in (1, 2))

    assert reached(town, [old], edition=2)[0].is_stale
    assert not reached(town, [old, new], edition=2)[0].is_stale
    assert not reached(town, [], edition=2)[0].is_stale


def test_shares_are_reached_when_so_many_buildings_have_forwarded():
    town = roster(10)
    events = [event("forwarded", one.id, n + 1) for n, one in enumerate(town.buildings)]

    found = coverage(town, reached(town, events), START)
    assert [share / timedelta(minutes=1) for share in (found.t50, found.t90, found.t100)] == [
        5,
        9,
        10,
    ]
    assert coverage(town, reached(town, events[:8]), START).t90 is None


def test_the_silent_come_longest_first():
    town = roster(3)
    events = [event("sent", "b001", 0), event("sent", "b000", 2), event("acknowledged", "b002", 1)]

    assert [one.building.id for one in silent(reached(town, events))] == ["b001", "b000"]


@st.composite
def happened(draw):
    return [
        event(
            draw(st.sampled_from([*HOPS, "unreachable"])),
            draw(st.sampled_from(["b000", "b001", "b002", "gone"])),
            draw(st.integers(0, 20)),
            draw(st.integers(20, 90)),
            edition=draw(st.integers(1, 3)),
            id=f"e{n}",
        )
        for n in range(draw(st.integers(0, 12)))
    ]


@settings(max_examples=200, deadline=None)
@given(happened(), st.randoms(use_true_random=False))
def test_events_in_any_order_and_twice_give_the_same_state(events, random):
    town = roster(3)
    again = events + events[:3]
    random.shuffle(again)

    assert reached(town, again, 2) == reached(town, events, 2)
    assert due(town, Timers(), again, minutes(60)) == due(town, Timers(), events, minutes(60))


@settings(max_examples=200, deadline=None)
@given(happened(), st.integers(0, 12))
def test_no_event_takes_anything_back(events, count):
    town = roster(3)
    before, after = reached(town, events[:count]), reached(town, events)

    for old, new in zip(before, after, strict=True):
        assert old.rank <= new.rank
        for hop in HOPS:
            assert not old.has(hop) or new.at(hop) <= old.at(hop)
