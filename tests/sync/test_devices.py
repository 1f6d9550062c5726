"""What the office is told of a phone."""

from datetime import UTC, datetime, timedelta

import pytest

from sync.devices import Device, short_code, spans, standing

NOW = datetime(2026, 9, 15, 0, 42, tzinfo=UTC)
EVEN = Device(NOW, 0, {"recorded": 148}, 148, 148, 148, [], "7f3a91c2" + "0" * 56)


@pytest.mark.parametrize(
    ("device", "state", "lacking", "first"),
    [
        (EVEN, "even", 0, 0),
        (EVEN._replace(report={}), "even", 0, 0),
        (EVEN._replace(report={"recorded": 160}), "behind", 12, 149),
        (
            EVEN._replace(received=211, upto=207, highest=212, missing=[208]),
            "gap",
            1,
            208,
        ),
        (EVEN._replace(seen_at=NOW - timedelta(hours=25)), "even", 0, 0),
        (
            EVEN._replace(
                seen_at=NOW - timedelta(hours=25), report={"recorded": 148, "waiting": 2}
            ),
            "silent",
            0,
            0,
        ),
        (Device(None, 0, {}, 0, 0, 0, [], ""), "new", 0, 0),
        # An older report, or a strange one, never hides what arrived.
        (EVEN._replace(report={"recorded": 3}), "even", 0, 0),
        (EVEN._replace(report={"recorded": "many", "waiting": -4}), "even", 0, 0),
        (EVEN._replace(report={"recorded": True}), "even", 0, 0),
    ],
)
def test_a_phone_agrees_or_it_is_said_what_lacks(device, state, lacking, first):
    found = standing(device, NOW)

    assert (found.state, found.lacking, found.first_lacking) == (state, lacking, first)


def test_the_code_is_the_one_that_the_phone_shows():
    assert standing(EVEN, NOW).code == "7F3A-91C2"
    assert short_code("") == "0000-0000"


@pytest.mark.parametrize(
    ("change", "troubles"),
    [
        ({"offset_ms": 26 * 60_000}, ["clock"]),
        ({"offset_ms": -26 * 60_000}, ["clock"]),
        ({"offset_ms": 9 * 60_000}, []),
        ({"report": {"recorded": 148, "error": "quota"}}, ["error"]),
        ({"report": {"recorded": 148, "persisted": False}}, ["storage"]),
        ({"report": {"persisted": False}}, []),
    ],
)
def test_what_else_is_wrong_is_named(change, troubles):
    found = standing(EVEN._replace(**change), NOW)

    assert found.troubles == troubles
    assert found.needs_care == ("clock" in troubles)


def test_missing_numbers_are_said_as_stretches():
    assert spans([86, 87, 88, 90]) == [(86, 88), (90, 90)]
    assert spans([]) == []
