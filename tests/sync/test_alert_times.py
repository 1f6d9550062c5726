"""Times of warnings in the spellings that come."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.alert_times import instant_of, is_standard

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-08-07T09:10:00+08:00", "2026-08-07T09:10:00+08:00"),
        ("2002-05-24T16:49:00-07:00", "2002-05-24T16:49:00-07:00"),
        ("2026-08-07T01:10:00Z", "2026-08-07T01:10:00+00:00"),
        ("2026-08-07T09:10:00", "2026-08-07T09:10:00+08:00"),
        ("2026-08-07T09:10+08:00", "2026-08-07T09:10:00+08:00"),
        ("2026-08-07 09:10", "2026-08-07T09:10:00+08:00"),
        ("2026/8/7 9:10:05", "2026-08-07T09:10:05+08:00"),
        ("2026-08-07T09:10:00.123+0800", "2026-08-07T09:10:00+08:00"),
        ("2569-08-07T09:10:00+07:00", "2026-08-07T09:10:00+07:00"),
    ],
)
def test_a_time_is_read(text, said):
    assert instant_of(text, CHINA).isoformat() == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-30T09:10:00+08:00",
        "2026-08-07T25:10:00+08:00",
        "0000-01-01T00:00",
        "2026-08-07T09:10:00+99:00",
        "2026-08-07",
    ],
)
def test_what_no_calendar_has_is_none(text):
    assert instant_of(text, CHINA) is None


@given(st.from_regex(r"[0-9TZ:+\-. /]{0,30}", fullmatch=True))
def test_any_text_is_answered(text):
    instant_of(text, CHINA)
    is_standard(text)


def test_the_standard_knows_no_letters():
    assert is_standard("2026-08-07T09:10:00+08:00")
    assert not is_standard("2026-08-07T09:10:00Z")
