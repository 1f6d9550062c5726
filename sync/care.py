"""Categories of people and doors, and how often each is seen.

Intervals are the table of the national and local visiting rules (DOMAIN §2.3); the community may
change every number, so they arrive as an argument. All days are calendar days of the community's
timezone, written "YYYY-MM-DD"; "" means unknown or none.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from sync.records import Household, Resident

ORDINARY = "ordinary"
HIGH_RISK = "high_risk_elder"

DEFAULT_INTERVALS: Mapping[str, int] = {
    "high_risk_elder": 7,
    "dementia": 7,
    "new_resident": 7,
    "living_alone": 15,
    "childless_alone": 15,
    "empty_nest": 31,
    "oldest_old": 31,
    "functional_loss": 31,
    "severe_disability": 31,
    "special_family": 31,
    "destitute_support": 31,
    "subsistence_allowance": 31,
    "child_in_need": 31,
    "low_income_edge": 92,
    "hardship": 92,
    "disability": 92,
    "tenant": 92,
    "ordinary": 183,
    "vacant": 183,
}
"""Days between two contacts, by category; one that is missing here asks for no visit."""

# The register of older people in special difficulty counts these (ten-ministry opinion of 2022).
SPECIAL_ELDER = frozenset(
    {
        "high_risk_elder",
        "living_alone",
        "empty_nest",
        "functional_loss",
        "dementia",
        "severe_disability",
        "special_family",
        "destitute_support",
        "childless_alone",
    }
)

# Given or taken only by the office or an import, because money hangs on them (DOMAIN §7).
OFFICE_ONLY: Mapping[str, str] = {
    "subsistence_allowance": "低保",
    "low_income_edge": "低保边缘",
    "destitute_support": "特困供养",
    "severe_disability": "重度残疾",
    "disability": "残疾",
}

# What a building leader is told as "needs attention" without a word of why.
ATTENTION_DAYS = 31

GONE = frozenset({"moved_out", "deceased"})
PAUSED = frozenset({"hospital", "institution", "away"})
OLD_AGE = 80
RED_DAYS, AMBER_DAYS = 7, 31
EARLY_SHARE = 5  # one fifth of the interval: early enough to take a door on the way


def age_on(birth_on: str, today: str) -> int:
    """Whole years on `today`; -1 when the birth date is unknown."""
    if not birth_on:
        return -1
    born, now = date.fromisoformat(birth_on), date.fromisoformat(today)
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def is_high_risk(categories: Iterable[str], birth_on: str, today: str) -> bool:
    """80 and over living alone or as an old couple alone, or with dementia at any age."""
    held = set(categories)
    if "dementia" in held:
        return True
    known = age_on(birth_on, today)
    old = known >= OLD_AGE or (known < 0 and "oldest_old" in held)
    return old and bool(held & {"living_alone", "empty_nest"})


def categories_of(resident: Resident, today: str) -> list[str]:
    """A person's categories with the derived one, sorted."""
    return list(_categories(tuple(resident.categories), resident.birth_on, today))


@lru_cache(maxsize=8192)  # a door is settled with every visit, its people change rarely
def _categories(held: tuple[str, ...], birth_on: str, today: str) -> tuple[str, ...]:
    derived = {HIGH_RISK} if is_high_risk(held, birth_on, today) else set()
    return tuple(sorted({*held, *derived}))


def tightest(categories: Iterable[str], intervals: Mapping[str, int]) -> tuple[int, str]:
    """Smallest interval and the category that asks for it; ordinary when none asks for anything."""
    asked = [(intervals[code], code) for code in categories if code in intervals]
    return min(asked, default=(intervals[ORDINARY], ORDINARY))


def is_active(resident: Resident) -> bool:
    """Someone a visitor may expect to meet at this door, now or later."""
    return resident.status not in GONE


def household_categories(
    household: Household, residents: Iterable[Resident], today: str
) -> list[str]:
    """Everything that is true of this door: its own categories, its tenure, its people's."""
    held = set(household.own_categories)
    if household.tenure == "vacant":
        held.add("vacant")
    if household.tenure == "rent":
        held.add("tenant")
    for resident in residents:
        if resident.categories and is_active(resident):
            held.update(categories_of(resident, today))
    return sorted(held)


def sign(interval: int) -> str:
    """How often, as the sign shows it: red up to a week, amber up to a month, green beyond."""
    if interval <= RED_DAYS:
        return "red"
    return "amber" if interval <= AMBER_DAYS else "green"


def may_be_early(due_on: str, interval: int, today: str) -> bool:
    """True inside the last fifth of the interval, when a door next door may be taken along."""
    if not due_on or due_on <= today:
        return False
    opens = date.fromisoformat(due_on) - timedelta(days=interval // EARLY_SHARE)
    return opens.isoformat() <= today


def needs_attention(interval: int) -> bool:
    return 0 < interval <= ATTENTION_DAYS
