"""Who hears that time runs out, when, and that nobody hears the same twice."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from sync import days, issue_telling, worktime
from sync.issue_fold import RULE, with_entries
from sync.issue_telling import TOLD
from sync.operations import stamp
from sync.worktime import Calendar
from tests.sync.issuing import MONDAY, OFFICE, do, here, issue_of, raised

CALENDAR = Calendar()


def planned(issue):
    """(stage, which limit, when on the clock of Shanghai) of all that is to come."""
    return [
        (one.name, one.of, days.local(one.at, "Asia/Shanghai"))
        for one in issue_telling.coming(issue, CALENDAR)
    ]


def tell_all(issue, until):
    """The issue after the server looked at this instant, and what was said."""
    due = [one for one in issue_telling.coming(issue, CALENDAR) if one.at <= until]
    entries = [
        {"id": issue_telling.entry_id(issue.id, one), "at": until, "by": "", "by_name": ""}
        | {"role": RULE, "what": TOLD, "words": "", "inner": "", "to": []}
        | {"of": one.of, "limit_at": one.due_at, "stage": one.name}
        for one in due
    ]
    return with_entries(issue, entries, CALENDAR), [(one.of, one.name) for one in due]


def after(minutes):
    return stamp(MONDAY + timedelta(minutes=minutes))


def test_days_are_reminded_in_the_morning_and_climb_as_offices_close():
    """Raised on Monday at nine: seen to by Tuesday 18:00, closed by the Monday after."""
    issue = issue_of(raised(here()))

    assert planned(issue) == [
        ("holder", "first", "2026-09-15T09:00"),
        ("chief", "first", "2026-09-15T18:00"),
        ("office", "first", "2026-09-16T18:00"),
        ("secretary", "first", "2026-09-17T18:00"),
        ("holder", "close", "2026-09-18T09:00"),
        # A Sunday that is worked for Mid-Autumn is the last of its five days.
        ("chief", "close", "2026-09-20T18:00"),
        ("office", "close", "2026-09-21T18:00"),
        ("secretary", "close", "2026-09-22T18:00"),
    ]
    assert issue.tell_at == "2026-09-15T01:00:00.000Z"


def test_a_danger_to_life_climbs_within_minutes():
    issue = issue_of(raised(here(), category="life_safety"))

    first = [one for one in planned(issue) if one[1] == "first"]
    assert first == [
        ("chief", "first", "2026-09-14T09:10"),
        ("office", "first", "2026-09-14T09:15"),
        ("secretary", "first", "2026-09-14T09:20"),
    ]


def test_whoever_looks_twice_says_nothing_twice():
    issue = issue_of(raised(here()))
    noon = "2026-09-15T04:00:00.000Z"

    once, said = tell_all(issue, noon)
    twice, again = tell_all(once, "2026-09-15T05:00:00.000Z")

    assert (said, again, twice) == ([("first", "holder")], [], once)
    assert (once.climbed, once.state) == ("holder", "reported")
    assert once.entries[-1]["moved"] == 0


def test_a_server_that_was_away_takes_all_stages_at_once_and_each_once():
    issue = issue_of(raised(here()))

    late, said = tell_all(issue, "2026-09-17T11:00:00.000Z")

    assert [name for _, name in said] == ["holder", "chief", "office", "secretary"]
    assert (late.climbed, late.tell_at) == ("secretary", "2026-09-18T01:00:00.000Z")


def test_what_was_seen_to_climbs_no_more():
    place = raised(here())
    late, _ = tell_all(issue_of(place), "2026-09-16T11:00:00.000Z")
    place.keep([late])
    assert late.climbed == "office"

    seen = do(place, "start", OFFICE, minutes=4000)

    assert (seen.climbed, {one[1] for one in planned(seen)}) == ("", {"close"})


def test_nobody_is_told_while_it_rests_and_the_new_limit_has_stages_of_its_own():
    place = raised(here(), category="utility_fault")  # 24 hours
    do(place, "start", OFFICE, minutes=10)
    do(place, "suspend", OFFICE, minutes=60)
    assert (planned(issue_of(place)), issue_of(place).tell_at) == ([], "")

    now = do(place, "resume", OFFICE, minutes=60 + 600)

    # Twenty-three hours are left from 20:00 on Monday.
    assert planned(now)[:2] == [
        ("holder", "close", "2026-09-15T07:30"),
        ("chief", "close", "2026-09-15T19:00"),
    ]


def test_an_extended_one_climbs_by_days():
    place = raised(here(), category="utility_fault")
    do(place, "start", OFFICE, minutes=10)

    now = do(place, "extend", OFFICE, minutes=20, due_on="2026-09-30")

    assert planned(now) == [
        ("holder", "close", "2026-09-29T09:00"),
        ("chief", "close", "2026-09-30T18:00"),
        ("office", "close", "2026-10-08T18:00"),
        ("secretary", "close", "2026-10-09T18:00"),
    ]


def test_what_comes_in_late_climbs_no_faster_and_is_not_nearly_late():
    """Raised offline on Monday; the phone found its network on Friday at noon."""
    issue = issue_of(raised(here()))
    came = "2026-09-18T04:00:00.000Z"

    late = [one for one in planned(replace(issue, received_at=came)) if one[1] == "first"]

    assert late == [
        ("chief", "first", "2026-09-18T12:00"),
        ("office", "first", "2026-09-20T18:00"),
        ("secretary", "first", "2026-09-21T18:00"),
    ]


@pytest.mark.parametrize("step", ["cancel", "return"])
def test_what_ended_or_went_back_is_nobodys(step):
    now = do(raised(here()), step, OFFICE)
    assert (now.tell_at, now.climbed) == ("", "")


def test_stages_follow_each_other_for_any_hour_and_limit():
    start = datetime(2026, 2, 9, tzinfo=UTC)
    for hour in range(0, 24 * 12, 7):
        since = stamp(start + timedelta(hours=hour))
        for text in ("now", "2h", "24h", "4wh", "1wd", "5wd", "3d", "15d"):
            limit = worktime.limit_of(text)
            clock = issue_telling.Clock(
                "close", since, worktime.due(since, limit, CALENDAR), limit.unit
            )
            found = issue_telling.stages(clock, since, CALENDAR)
            times = [one.at for one in found]
            assert times == sorted(set(times)), (since, text)
            assert [one.name for one in found][-3:] == ["chief", "office", "secretary"]
