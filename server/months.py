"""Counting the months of the register: the one that runs as it is, those that are over once.

What a month that is over came to stays: who was on the register on its last day, and who was not
counted and why. Contacts that arrive late are still entered for a while.
"""

from server import spans
from server.intake import Intake
from server.intake.writing import Writing
from server.store import months as rows
from server.store.database import Tx
from sync import days
from sync.care import DEFAULT_INTERVALS
from sync.coverage import first_of_month
from sync.months import Standing, standing
from sync.operations import stamp
from sync.records import Community

# Phones that were out of reach bring visits for so long after a month.
LATE_DAYS = 35
# A nightly job may have been missed for so long without a word.
PROMPT_DAYS = 3
# As long as the numbers page looks back.
MONTHS = 24


def standings(tx: Tx, community: Community, month: str, until: str) -> list[Standing]:
    """How a month up to the day `until` stands, by today's register."""
    intervals = {**DEFAULT_INTERVALS, **community.intervals}
    since = days.after(f"{month}-01", -rows.LOOK_BACK_DAYS)
    span = spans.of_days(since, until, community.timezone)
    met = rows.meetings(tx, community.id, *span, community.timezone)
    found = [
        standing(
            one.resident,
            month,
            until,
            met.get(one.resident.id, []),
            intervals,
            refused_in_writing=one.refused_in_writing,
        )
        for one in rows.subjects(tx, community.id)
    ]
    return [one for one in found if one is not None]


def month_of(tx: Tx, community: Community, month: str, today: str) -> list[Standing]:
    """A month that runs as it stands, and one that is over as it was kept."""
    if month == today[:7]:
        return standings(tx, community, month, today)
    return rows.read(tx, community.id, month)


def keep(intake: Intake, community_id: str) -> int:
    """Keep the months that are over and were not, and enter what came late; how many."""
    count: int = intake.do(community_id, keep_as_of)
    return count


def keep_as_of(writing: Writing) -> int:
    """The same for the moment of a transaction."""
    community = writing.records.get("community", writing.community_id)
    assert isinstance(community, Community)
    today = days.day(stamp(writing.now), community.timezone)
    kept = rows.kept(writing.tx, community.id)
    begun = days.day(rows.first_visit_at(writing.tx, community.id), community.timezone)
    done = 0
    for month in _over(today):
        if month in kept and days.between(_last(month), today) > LATE_DAYS:
            continue
        if not begun or f"{month}-01" < begun:
            continue  # half a month of visits is no month
        _keep(writing, community, month, today, is_kept=month in kept)
        done += 1
    return done


def was_late(month: str, counted_on: str) -> bool:
    """Whether a month was counted so late that its register may have changed since."""
    return days.between(_last(month), counted_on) > PROMPT_DAYS


def _keep(writing: Writing, community: Community, month: str, today: str, *, is_kept: bool) -> None:
    found = standings(writing.tx, community, month, _last(month))
    if is_kept:
        members = {one.resident_id for one in rows.read(writing.tx, community.id, month)}
        found = [one for one in found if one.resident_id in members]
    rows.write(writing.tx, community.id, month, found, today)


def _over(today: str) -> list[str]:
    """The months before this one, oldest first."""
    found = []
    first = first_of_month(today)
    for _ in range(MONTHS):
        first = spans.month_before(first)
        found.append(first[:7])
    return found[::-1]


def _last(month: str) -> str:
    return spans.last_of_month(f"{month}-01")
