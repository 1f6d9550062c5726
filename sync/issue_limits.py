"""The kinds of issues, and until when each is looked at and closed (DOMAIN §2.6).

A community may set its own limits. Instants are stored when an issue comes in, so that a change of
the table, or of the calendar, counts for what comes in from then on.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sync import worktime
from sync.refusals import Refusal
from sync.worktime import Calendar, Limit


class Limits(NamedTuple):
    """Until something is done about it at all, and until it is closed; as texts, such as "4wh"."""

    first: str
    close: str


USUAL: Mapping[str, Limits] = {
    "life_safety": Limits("now", "24h"),
    "fire_hazard": Limits("4h", "3d"),
    "utility_fault": Limits("2h", "24h"),
    "public_facility": Limits("1wd", "5wd"),
    "environment": Limits("4wh", "2wd"),
    "order": Limits("1wd", "7d"),
    "dispute": Limits("1wd", "15d"),
    "elder_need": Limits("3wd", "15d"),
    "relief": Limits("1wd", "7d"),
    "policy_service": Limits("1wd", "5wd"),
    "building_danger": Limits("2h", "3d"),
    "suggestion": Limits("3wd", "15d"),
    "other": Limits("1wd", "7d"),
}
CATEGORIES = tuple(USUAL)

# No limit is longer: a matter of months is suspended, or extended with a reason.
_LONGEST = {"now": 0, "h": 720, "wh": 160, "d": 90, "wd": 60}
# An ordinary Monday morning, on which two limits of different units are compared.
_MONDAY = "2030-03-04T01:00:00.000Z"


class Due(NamedTuple):
    first_at: str
    close_at: str


def of(category: str, own: Mapping[str, Sequence[str]]) -> Limits:
    return Limits(*own.get(category, USUAL[category]))


def due(category: str, since: str, own: Mapping[str, Sequence[str]], calendar: Calendar) -> Due:
    """Until when an issue that was reported at `since` is to be looked at, and closed."""
    first, close = (read(text) for text in of(category, own))
    return Due(worktime.due(since, first, calendar), worktime.due(since, close, calendar))


def read(text: str) -> Limit:
    """A limit as it was checked when somebody set it."""
    limit = worktime.limit_of(text)
    assert limit is not None, text
    return limit


def is_limit(text: str) -> bool:
    """Whether a text is a limit that anybody would set."""
    limit = worktime.limit_of(text)
    return limit is not None and limit.amount <= _LONGEST[limit.unit]


def checked(own: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a community sets for itself. Raises Refusal for what no limit can be."""
    for category, texts in own.items():
        if not _fits(category, texts):
            raise Refusal("issue.limit_misfit", value=f"{category} {' '.join(texts)}"[:60])
    return {
        category: list(texts)
        for category, texts in own.items()
        if Limits(*texts) != USUAL[category]
    }


def _fits(category: str, texts: Sequence[str]) -> bool:
    """Nothing is to be closed before anybody has looked at it, or at once."""
    if category not in USUAL or len(texts) != 2 or not all(is_limit(text) for text in texts):
        return False
    limits = [read(text) for text in texts]
    if limits[1].unit == "now":
        return False
    first_at, close_at = (worktime.due(_MONDAY, limit, Calendar()) for limit in limits)
    return first_at <= close_at
