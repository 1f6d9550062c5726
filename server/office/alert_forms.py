"""A warning as the forms of the office show it: understood, typed, and what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from server.alerts.pasted import PLAIN, Confirmed, problems
from server.alerts.pasted_parts import Found
from server.office import forms
from server.office.forms import FormData
from sync.alert_parts import MOST_PARTS
from sync.alert_words import COLOUR_WORDS

# What is offered; any other kind can be typed.
KINDS = (
    *("雷雨大风", "暴雨", "台风", "高温", "大风", "雷电", "强对流", "寒冷", "寒潮", "大雾", "灰霾"),
    *("冰雹", "道路结冰", "森林火险", "暴雪", "低温", "山洪灾害", "地质灾害"),
    *PLAIN,
)
COLOURS = tuple(COLOUR_WORDS)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MOST_TYPED = 20_000  # nobody types more; beyond it a word is cut and found too long


class Draft(NamedTuple):
    """One warning of a form. `text` is what was pasted, "" where it was written here."""

    number: int
    form: Confirmed
    text: str
    is_on: bool = True
    is_mention: bool = False
    wrong: Mapping[str, str] = MappingProxyType({})


def drafts_of(found: list[Found]) -> list[Draft]:
    """As understood. What a text only mentions is left out until somebody ticks it."""
    return [
        Draft(number, one.form, one.text, is_on=not one.is_mention, is_mention=one.is_mention)
        for number, one in enumerate(found)
    ]


def typed(form: FormData, code: str, now: str) -> list[Draft]:
    """As they came back. Whoever sends them says that they are for the community: `code`."""
    count = min(max(_number(form, "count"), 1), MOST_PARTS)
    return [_typed(form, number, code, now) for number in range(count)]


def for_everybody(draft: Draft, private: Callable[[str], list[str]]) -> Draft:
    """With what is wrong about words that would go out to groups, by field."""
    if not draft.is_on:
        return draft
    form = draft.form
    said = {"area": form.area, "effect": form.effect, "guide": "\n".join(form.guide)}
    found = {name: "".join(private(text)) for name, text in said.items()}
    return draft._replace(
        wrong={name: one for name, one in found.items() if one} | dict(draft.wrong)
    )


def _typed(form: FormData, number: int, code: str, now: str) -> Draft:
    confirmed = Confirmed(
        kind=_one(form, number, "kind"),
        colour=_one(form, number, "colour"),
        action=_one(form, number, "action") or "issue",
        station=_one(form, number, "station"),
        issued_at=_one(form, number, "issued_at"),
        ends_at=_one(form, number, "ends_at"),
        area=_one(form, number, "area"),
        area_code=code,
        effect=_one(form, number, "effect"),
        guide=_points(_one(form, number, "guide")),
        is_drill=bool(_one(form, number, "is_drill")),
    )
    is_on = bool(_one(form, number, "is_on"))
    return Draft(
        number,
        confirmed,
        _one(form, number, "text"),
        is_on=is_on,
        is_mention=bool(_one(form, number, "is_mention")),
        wrong=problems(confirmed, now) if is_on else {},
    )


def _one(form: FormData, number: int, name: str) -> str:
    given = forms.one(form, f"{name}_{number}").replace("\r\n", "\n")
    return _INVISIBLE.sub("", given).strip()[:MOST_TYPED]


def _points(text: str) -> tuple[str, ...]:
    lines = (re.sub(r"^\d{1,2}[.、．]\s*", "", line.strip()) for line in text.split("\n"))
    return tuple(line for line in lines if line)


def _number(form: FormData, name: str) -> int:
    value = forms.one(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0


def view(drafts: list[Draft], text: str, said: str = "") -> dict[str, Any]:
    """What _entry.html takes."""
    return {
        "drafts": drafts,
        "text": text,
        "said": said,
        "kinds": KINDS,
        "colours": COLOURS,
        "wrong": sum(len(one.wrong) for one in drafts),
    }
