"""Words that field pages show: translations, labels of codes, days, clocks, phone numbers.

Chinese is the source language and the key; web/locale/en.json maps it. Labels of codes stand in
web/locale/labels.json. Twin: web/phone/words.js, held equal by tests/vectors/words.json.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sync import days

LOCALE = Path(__file__).resolve().parents[2] / "web" / "locale"
CHINESE = "zh-CN"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_PLACE = re.compile(r"\{(\w+)\}")
_MOBILE = re.compile(r"(1\d{2})(\d{4})(\d{4})")
# Beijing, Guangzhou and eight more have three-digit area codes; all others four.
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{4})(\d{3,4})")
_LOCAL = re.compile(r"(\d{3,4})(\d{4})")


class Words:
    """The words of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else CHINESE
        self.labels: dict[str, dict[str, str]] = _read("labels.json")
        self.english: dict[str, str | dict[str, str]] = _read("en.json")

    def filters(self) -> dict[str, Callable[..., str]]:
        days = (self.day, self.short_day, self.weekday, self.clock, self.when)
        numbers = (self.phone, self.count, self.size)
        return {spoken.__name__: spoken for spoken in (self.t, self.label, *days, *numbers)}

    def globals(self) -> dict[str, Callable[..., Any]]:
        return {"say": self.say, "parts": self.parts}

    def t(self, text: str) -> str:
        """The text in this language; what has no translation stays Chinese."""
        return self._sentence(text, {})

    def say(self, text: str, values: Mapping[str, Any]) -> str:
        """A sentence with its {places} filled. `n` decides between one and many in English."""
        return _fill(self._sentence(text, values), values)

    def parts(self, text: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A sentence in pieces, those between *stars* marked strong; values are never marks."""
        pieces = self._sentence(text, values).split("*")
        filled = [
            {"text": _fill(piece, values), "strong": at % 2} for at, piece in enumerate(pieces)
        ]
        return [piece for piece in filled if piece["text"]]

    def label(self, code: str, kind: str) -> str:
        """What people call a code; a code nobody has named is shown as it is."""
        return self.t(self.labels[kind].get(code, code))

    def day(self, on: str, today: str) -> str:
        """9月15日, with the year when it is not the year of `today`."""
        if not on:
            return ""
        year, month, date = on[:4], int(on[5:7]), int(on[8:10])
        if self.lang == ENGLISH:
            return f"{date} {MONTHS[month - 1]}" + ("" if year == today[:4] else f" {year}")
        return ("" if year == today[:4] else f"{int(year)}年") + f"{month}月{date}日"

    def short_day(self, on: str) -> str:
        """10/2, for a cell of the building map."""
        month, date = int(on[5:7]), int(on[8:10])
        return f"{date} {MONTHS[month - 1]}" if self.lang == ENGLISH else f"{month}/{date}"

    def weekday(self, on: str) -> str:
        return self.t(WEEKDAYS[days.weekday(on[:10])])

    def clock(self, at: str) -> str:
        """09:52 of a local moment."""
        return at[11:16]

    def when(self, at: str, now: str) -> str:
        """今天 09:52, 昨天 16:40, 9月10日 16:40; last year's without the clock."""
        if not at:
            return ""
        on, today, clock = at[:10], now[:10], at[11:16]
        if on == today:
            return f"{self.t('今天')} {clock}"
        if on == days.after(today, -1):
            return f"{self.t('昨天')} {clock}"
        return self.day(on, today) + (f" {clock}" if on[:4] == today[:4] else "")

    def phone(self, digits: str) -> str:
        """199 0000 0702 and 020-0000 0000, as people read them out."""
        for pattern, form in ((_MOBILE, r"\1 \2 \3"), (_LANDLINE, r"\1-\2 \3"), (_LOCAL, r"\1 \2")):
            if pattern.fullmatch(digits):
                return pattern.sub(form, digits)
        return digits

    def count(self, number: int) -> str:
        return f"{number:,}"

    def size(self, megabytes: int) -> str:
        """38 MB, 2.1 GB."""
        tenths = (megabytes * 10 + 512) // 1024
        return f"{tenths // 10}.{tenths % 10} GB" if megabytes >= 1000 else f"{megabytes} MB"

    def _sentence(self, text: str, values: Mapping[str, Any]) -> str:
        if self.lang != ENGLISH:
            return text
        found = self.english.get(text, text)
        if isinstance(found, str):
            return found
        return found["one"] if values.get("n") == 1 else found["other"]


@cache
def words(lang: str) -> Words:
    return Words(lang)


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return _PLACE.sub(lambda place: str(values[place[1]]), text)


@cache
def _read(name: str) -> Any:
    return json.loads((LOCALE / name).read_text(encoding="utf-8"))
