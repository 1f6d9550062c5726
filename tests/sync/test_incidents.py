"""Messages chain into incidents, in whatever order they come."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.alert_signs import Sign
from sync.alerts import Area
from sync.incidents import Incident, incidents, wakes

NINE = datetime(2026, 8, 7, 1, 10, tzinfo=UTC)
SENDER = "清龙市气象台"


def sign(name, minutes=0, refers=(), **more):
    return Sign(
        key=(more.pop("sender", SENDER), name),
        sent=NINE + timedelta(minutes=minutes),
        references=tuple((SENDER, one) for one in refers),
        **{"kind": "雷雨大风", "colour": "yellow", **more},
    )


ALERT = sign("a")
UPDATE = sign("u", 30, ["a"], colour="orange", action="change")
CANCEL = sign("c", 60, ["a"], kind="", colour="", closes=True)


@pytest.mark.parametrize("order", list(permutations([ALERT, UPDATE, CANCEL])))
def test_every_order_of_alert_update_and_cancel_ends_equal(order):
    (found,) = incidents(order)

    assert found.is_closed
    assert (found.kind, found.colour) == ("雷雨大风", "orange")
    assert [one.key[1] for one in found.signs] == ["a", "u", "c"]


def test_a_cancel_alone_is_an_incident_that_is_over_and_its_alert_comes_dead():
    (before,) = incidents([CANCEL])
    (after,) = incidents([CANCEL, ALERT])

    assert before.is_closed and after.is_closed
    assert not wakes(None, before)
    assert not wakes(before, after)


def test_a_cancel_whose_clock_is_behind_still_ends_its_alert():
    (found,) = incidents([ALERT, sign("c", -5, ["a"], closes=True)])

    assert found.is_closed


def test_an_update_after_a_cancel_opens_it_again():
    (found,) = incidents([ALERT, CANCEL, sign("v", 90, ["c"])])

    assert not found.is_closed


def test_messages_that_refer_to_one_that_never_came_are_one_incident():
    found = incidents([sign("u", 30, ["a"]), sign("v", 40, ["a"])])

    assert len(found) == 1


def test_one_that_arrives_late_joins_two_that_were_apart():
    one, other = sign("a"), sign("b", 600, kind="暴雨")
    bridge = sign("m", 700, ["a", "b"])

    assert len(incidents([one, other])) == 2
    assert len(incidents([one, other, bridge])) == 1


def test_the_same_identifier_of_another_sender_is_another_message():
    found = incidents([ALERT, sign("a", sender="山前市气象台")])

    assert len(found) == 2


def test_a_service_that_gives_each_renewal_a_new_name_goes_on_with_one_incident():
    renewed = sign("b", 180, action="continue")
    lifted = sign("l", 300, action="lift", closes=True)

    (found,) = incidents([ALERT, renewed, lifted])
    assert found.is_closed and len(found.signs) == 3


def test_after_the_end_the_same_signal_is_another_incident():
    lifted = sign("l", 60, action="lift", closes=True)

    found = incidents([ALERT, lifted, sign("b", 90)])
    assert [one.is_closed for one in found] == [False, True]


def test_the_same_signal_two_days_later_is_another_incident():
    assert len(incidents([ALERT, sign("b", 60 * 48)])) == 2


def test_two_kinds_at_once_are_two_incidents():
    assert len(incidents([ALERT, sign("r", 5, kind="暴雨")])) == 2


def test_a_drill_never_joins_the_real_thing():
    found = incidents([ALERT, sign("d", 5, is_drill=True)])

    assert sorted(one.is_drill for one in found) == [False, True]


@pytest.mark.parametrize(
    ("minutes", "state"), [(0, "open"), (359, "open"), (360, "expired"), (10_000, "expired")]
)
def test_a_warning_ends_quietly_at_its_own_time(minutes, state):
    (found,) = incidents([sign("a", expires=NINE + timedelta(hours=6))])

    assert found.state(NINE + timedelta(minutes=minutes)) == state


@pytest.mark.parametrize(
    ("colour", "hours"), [("yellow", 24), ("", 24), ("orange", 12), ("red", 12)]
)
def test_a_warning_without_an_end_holds_so_long(colour, hours):
    (found,) = incidents([sign("a", colour=colour)])

    assert found.ends_at == NINE + timedelta(hours=hours)


def test_an_end_before_its_beginning_is_none():
    (found,) = incidents([sign("a", expires=NINE - timedelta(hours=1))])

    assert found.ends_at == NINE + timedelta(hours=24)


def test_an_end_that_nobody_lives_to_see_is_none():
    (found,) = incidents([sign("a", colour="red", expires=NINE.replace(year=2199))])

    assert found.ends_at == NINE + timedelta(hours=12)


def after(**more):
    """The incident with an update, and without."""
    place = Area(geocodes=(("GB/T 2260", "440304"),))
    first = sign("a", areas=(place,), onset=NINE + timedelta(hours=2))
    told = {"areas": (place,), "onset": NINE + timedelta(hours=2), **more}
    (before,) = incidents([first])
    (now,) = incidents([first, sign("u", 30, ["a"], **told)])
    return before, now


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        ({}, False),
        ({"action": "continue", "expires": NINE + timedelta(hours=12)}, False),
        ({"colour": "blue"}, False),
        ({"colour": "orange"}, True),
        ({"kind": "暴雨"}, True),
        ({"onset": NINE + timedelta(hours=1)}, True),
        ({"onset": NINE + timedelta(hours=3)}, False),
        ({"areas": (Area(geocodes=(("GB/T 2260", "440300"),)),)}, True),
        ({"areas": (Area(geocodes=(("GB/T 2260", "440304012"),)),)}, False),
        ({"closes": True}, True),
    ],
)
def test_people_are_woken_again_by_a_material_change_alone(more, is_told):
    assert wakes(*after(**more)) is is_told


def test_a_first_message_wakes_and_the_same_again_does_not():
    (found,) = incidents([ALERT])

    assert wakes(None, found)
    assert not wakes(found, incidents([ALERT, ALERT])[0])


NAMES = "abcdef"


@st.composite
def heard(draw):
    """Messages that refer to each other, to themselves and to strangers, with clocks that jump."""
    return [
        sign(
            name,
            draw(st.integers(-300, 3000)),
            draw(st.lists(st.sampled_from([*NAMES, "x"]), max_size=3)),
            kind=draw(st.sampled_from(["", "暴雨", "雷雨大风"])),
            colour=draw(st.sampled_from(["", "yellow", "red"])),
            closes=draw(st.booleans()),
        )
        for name in draw(st.sets(st.sampled_from(NAMES), min_size=1))
    ]


@settings(max_examples=300, deadline=None)
@given(heard(), st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_anything(signs, random):
    first = incidents(signs)
    shuffled = list(signs)
    random.shuffle(shuffled)

    assert incidents(shuffled + signs[:2]) == first
    kept = [key for one in first for key in one.keys]
    assert sorted(kept) == sorted(one.key for one in signs)
    assert all(isinstance(one, Incident) for one in first)


def named(place):
    return (Area(description=place),)


@pytest.mark.parametrize("minutes", [0, 20])
def test_what_was_pasted_here_is_one_with_what_its_source_says_of_the_same_place(minutes):
    pasted = sign("p", sender="群里", is_local=True, areas=named("清龙区"))
    official = sign("o", minutes, areas=named("清龙市清龙区"))

    (found,) = incidents([pasted, official])

    assert found.head == official


@pytest.mark.parametrize("minutes", [0, 20])
def test_a_source_that_speaks_of_another_place_is_not_one_with_what_was_pasted(minutes):
    pasted = sign("p", sender="群里", is_local=True, areas=named("清龙区"))
    official = sign("o", minutes, areas=named("白石区"))

    assert len(incidents([pasted, official])) == 2
