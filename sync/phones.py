"""Telephone numbers as rosters hold them: several in a cell, with spaces, names and +86."""

import re
from typing import NamedTuple

from sync.labels import relation
from sync.numerals import half_width

MAX_IN_A_CELL = 4

_BETWEEN = re.compile(r"[/、,;|\n或和]+|(?<=[0-9])\s+(?=1[0-9]{10}(?![0-9]))")
_MOBILE = re.compile("1[0-9]{10}")
_LANDLINE = re.compile("0[0-9]{9,11}|[2-8][0-9]{6,7}|400[0-9]{7}")
_EXTENSION = re.compile(r"(?:转|分机|EXT\.?).*", re.IGNORECASE)
_NONE = frozenset({"", "无", "-", "--", "没有", "暂无", "不详", "86", "+86"})


class Phones(NamedTuple):
    """The numbers of a cell in digits, with the relation written beside one; `unreadable` parts."""

    numbers: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    unreadable: int = 0


def read_phones(text: str) -> Phones:
    """Two numbers are two contacts; 无 and - are none; anything else is counted as unreadable."""
    numbers: dict[str, str] = {}
    unreadable = 0
    for part in _BETWEEN.split(half_width(text).replace("—", "-")):
        if part.strip(" \t'\"") in _NONE:
            continue
        found = _digits(part)
        for number in found:
            numbers.setdefault(number, _whose(part))
        unreadable += not found
    kept = list(numbers)[:MAX_IN_A_CELL]
    return Phones(tuple(kept), tuple(numbers[one] for one in kept), unreadable)


def _digits(part: str) -> list[str]:
    part = re.sub(r"^([0-9]+)\.0+$", r"\1", part.strip(" \t'\""))
    digits = re.sub("[^0-9]", "", _EXTENSION.sub("", part))
    digits = re.sub("^(?:00)?86(?=1[0-9]{10})", "", digits)
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return [digits]
    if re.fullmatch("(?:1[0-9]{10}){2,3}", digits):
        return [digits[at : at + 11] for at in range(0, len(digits), 11)]
    return []


def _whose(part: str) -> str:
    """14000000001(儿子) is the son's; a name or nothing is the person's own."""
    said = relation("".join(re.findall("[\u4e00-\u9fff]+", part)))
    return said if said not in ("", "?", "head", "other") else "self"
