"""What somebody forwarded is confirmed by a source that says the same."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from sync.alert_matches import confirms
from sync.alert_signs import Sign
from sync.alerts import Area

AT = datetime(2026, 8, 7, 1, 10, tzinfo=UTC)
HERE, DISTRICT, ELSEWHERE = "440304012005", "440304000000", "440305000000"


def area(name="", *codes):
    return (Area(description=name, geocodes=tuple(("division", code) for code in codes)),)


FORWARDED = Sign(
    key=("清龙区气象台", "1"),
    sent=AT,
    kind="雷雨大风",
    colour="yellow",
    areas=area("清龙区", HERE),
)
OFFICIAL = Sign(
    key=("44030441600000", "2"),
    sent=AT.replace(second=41),
    kind="雷雨大风",
    colour="yellow",
    areas=area("清龙区", DISTRICT),
)


def test_the_same_signal_of_the_same_minute_and_place_confirms():
    assert confirms(OFFICIAL, FORWARDED)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "暴雨"},
        {"colour": "orange"},
        {"closes": True},
        {"is_drill": True},
        {"sent": AT + timedelta(minutes=1)},
        {"areas": area("清龙区", ELSEWHERE)},
        {"kind": ""},
    ],
)
def test_anything_else_does_not(changes):
    assert not confirms(structs.replace(OFFICIAL, **changes), FORWARDED)


def test_another_place_by_name_does_not():
    forwarded = structs.replace(FORWARDED, areas=area("白石区"))

    assert not confirms(OFFICIAL, forwarded)


@pytest.mark.parametrize(
    ("official", "forwarded"),
    [
        (area("广东省清龙市清龙区"), area("清龙区")),
        (area("清龙区"), area("清龙区向阳街道")),
        ((), area("清龙区")),
        (area("清龙区", DISTRICT), ()),
        (area("清龙区", HERE), area("", DISTRICT)),
    ],
)
def test_an_area_may_be_said_more_or_less_closely(official, forwarded):
    assert confirms(
        structs.replace(OFFICIAL, areas=official), structs.replace(FORWARDED, areas=forwarded)
    )
