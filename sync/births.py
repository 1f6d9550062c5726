"""Dates of birth as rosters write them: 1945.3.8, 1945年3月8日, 19450308 or Excel's 29499."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from sync.numerals import half_width

EARLIEST = "1900-01-01"

_TIME = re.compile(r"[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_DAY = re.compile("([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?")
_DIGITS = re.compile("((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH = re.compile("((?:19|20)[0-9]{2})[-./年]?([0-9]{1,2})月?")
_SERIAL = re.compile(r"([0-9]{4,5})(?:\.[0-9]+)?")
_SERIAL_ZERO = date(1899, 12, 30)
_NOTHING = frozenset({"", "无", "-", "—", "不详"})


class Birth(NamedTuple):
    """A day; not `exact` when only the month was written and the first stands for it."""

    on: str = ""
    exact: bool = True


def read_birth(text: str, today: str) -> Birth | None:
    """The day in a cell, an empty Birth for an empty cell, None when it is no possible birth."""
    spaced = half_width(text).strip(" \t\n'\"")
    tight = re.sub(r"\s", "", _TIME.sub("", spaced))
    if tight in _NOTHING:
        return Birth()
    birth = _read(tight)
    return birth if birth is not None and EARLIEST <= birth.on <= today else None


def _read(text: str) -> Birth | None:
    found = _DAY.fullmatch(text) or _DIGITS.fullmatch(text)
    if found:
        return _birth(*map(int, found.groups()))
    serial = _SERIAL.fullmatch(text)
    if serial and not 1900 <= int(serial[1]) <= 2100:
        return Birth((_SERIAL_ZERO + timedelta(days=int(serial[1]))).isoformat())
    found = _MONTH.fullmatch(text)
    if found:
        return _birth(int(found[1]), int(found[2]), 1, exact=False)
    return None


def _birth(year: int, month: int, day: int, *, exact: bool = True) -> Birth | None:
    try:
        return Birth(date(year, month, day).isoformat(), exact)
    except ValueError:
        return None
