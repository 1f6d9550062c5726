"""What the office did of late besides review: it takes samples, and merged two who are one; two
more are on the register, and a door that was typed with another zero."""

import math
import random
from datetime import timedelta
from typing import Any

from server.demo.desk import ONLINE_MS
from server.demo.figures import FULL_HOUSEHOLDS
from server.demo.ids import Minter, instant_ms, weekday_from
from server.demo.shapes import Household, Resident, Town
from server.demo.stream import Acts
from sync.care import age_on
from sync.review_rules import SAMPLE, USUAL

_FROM_AGE, _UNTIL_AGE = 28, 58
# How many days ago, and minutes of the day: of the merged pair, of the other, and of the door.
_MERGED, _OPEN, _DOOR = (39, 566), (11, 634), (8, 905)
_MERGE = (32, 612)
# Before, nobody took any; of fewer visits more, so that some are there to be seen.
_SAMPLES = (5, 541)


def add(town: Town, acts: Acts) -> None:
    """As the office typed it. The past is the same without: all of it has ids of its own."""
    desk = _Desk(town, acts)
    percent = {SAMPLE: round(USUAL[SAMPLE] * math.sqrt(FULL_HOUSEHOLDS / len(town.households)))}
    desk.say(_SAMPLES, "community.change", {"changes": {"review_rules": percent}})
    rng = random.Random(f"{town.seed}:doubles")
    grown = [
        (home, one)
        for home in town.households
        for one in home.residents
        if one.relation_to_head in ("son", "daughter") and not one.categories
        if _FROM_AGE <= age_on(one.birth_on, town.today.isoformat()) <= _UNTIL_AGE
    ]
    flats = [one for one in town.households if one.tenure == "rent" and len(one.residents) == 1]
    if len(grown) < 2 or len(flats) < 3:
        return
    (_, first), (_, second) = rng.sample(grown, 2)
    home, other, door = rng.sample(flats, 3)
    again = desk.say(_MERGED, "resident.add", _said(first, home))
    desk.say(_MERGE, "resident.merge", {"keep": first.id, "drop": again, "drop_base": 1})
    desk.say(_OPEN, "resident.add", _said(second, other))
    desk.say(_DOOR, "household.add", _typed_anew(door))


class _Desk:
    def __init__(self, town: Town, acts: Acts) -> None:
        self._today, self._acts, self._by = town.today, acts, town.person["office1"]
        self._minter = Minter(f"{town.seed}:doubles")

    def say(self, when: tuple[int, int], kind: str, data: dict[str, Any]) -> str:
        days_ago, minute = when
        at_ms = instant_ms(weekday_from(self._today - timedelta(days=days_ago)), minute)
        author = self._by.id, self._by.device_id
        act_id, received_at = self._minter.mint(at_ms), at_ms + ONLINE_MS
        self._acts.add(author, at_ms, kind, data, act_id=act_id, received_at=received_at)
        return act_id


def _said(one: Resident, at: Household) -> dict[str, Any]:
    return {
        "household_id": at.id,
        "name": one.name,
        "pinyin": one.pinyin,
        "birth_on": one.birth_on,
        "sex": one.sex,
        "relation_to_head": "tenant",
    }


def _typed_anew(door: Household) -> dict[str, Any]:
    return {
        "building_id": door.building_id,
        "unit": door.unit,
        "floor": door.floor,
        "door_no": door.door_no[1:] if door.door_no.startswith("0") else f"0{door.door_no}",
        "tenure": "vacant",
    }
