"""When a door is better left alone (DOMAIN §2.4). Every rule here warns; none forbids.

Records come as the dictionaries that travel over the wire, because a phone and a page ask these
questions of the same JSON. Twin: web/phone/respect.js, held equal by tests/vectors/respect.json.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync import days

# Someone just home from hospital is seen whatever the week already held.
UNCOUNTED_TYPE = "event_triggered"


def is_knock(visit: Mapping[str, Any]) -> bool:
    """True for a visit at the door that counts towards the week."""
    return visit["method"] == "door" and visit["type"] != UNCOUNTED_TYPE and not visit["withdrawn"]


def knocks_in_week(visits: Iterable[Mapping[str, Any]], today: str, timezone: str) -> int:
    """How often this door was knocked at in the calendar week of `today`, Monday to Sunday."""
    monday = days.week_of(today)
    week = [days.week_of(days.day(moment(one), timezone)) for one in visits if is_knock(one)]
    return week.count(monday)


def may_knock_at(clock: str, hours: Sequence[Sequence[str]]) -> bool:
    """True inside the hours when people expect a knock. `clock` is "HH:MM"."""
    return any(start <= clock <= end for start, end in hours)


def is_resting(rest_until: str, today: str) -> bool:
    """True while a household that declined is not to be knocked at; that day it may be again."""
    return bool(rest_until) and today < rest_until


def advice(
    rest_until: str, visits: Iterable[Mapping[str, Any]], now: str, community: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What to think of before knocking, most important first. `now` is on the local clock."""
    today = now[:10]
    said: list[dict[str, Any]] = []
    if is_resting(rest_until, today):
        said.append({"code": "rest", "n": 0, "until": rest_until})
    knocks = knocks_in_week(visits, today, community["timezone"])
    if knocks >= community["knocks_per_week"]:
        said.append({"code": "knocks", "n": knocks, "until": ""})
    if not may_knock_at(now[11:16], community["quiet"]):
        said.append({"code": "quiet", "n": 0, "until": ""})
    return said


def moment(visit: Mapping[str, Any]) -> str:
    """When a visit was made: corrected for the phone's clock once the server has done so."""
    return str(visit["true_at"] or visit["at"])
