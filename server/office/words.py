"""Filters of office pages. Days and clocks are those of the community, told by the page's `desk`.

The office works in Chinese; labels of codes are the ones that phones show.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

import uuid_utils
from jinja2 import pass_context
from jinja2.runtime import Context

from server.field.words import CHINESE, words
from server.office import roster_forms
from server.office.labels import CODED, named
from server.office.misfits import plainly
from server.reports import personal_tables
from sync import days, masks, purposes
from sync.addresses import building_code
from sync.care import age_on
from sync.media import pictures
from sync.operations import Method, Result, VisitType
from sync.operations import instant as read_instant
from sync.plans import EVENTS, FESTIVALS

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_words = words(CHINESE)
OCCASIONS = [*EVENTS, *FESTIVALS]
# Below, hours say more; beyond, nobody counts days.
FEW_HOURS, MANY_DAYS = 48, 60


def filters() -> dict[str, Callable[..., Any]]:
    """For `environment.filters`."""
    return {
        "named": named,
        "action": action,
        "moment": moment,
        "moment_if": moment_if,
        "minute": minute,
        "short_moment": short_moment,
        "clock": clock,
        "date": date,
        "date_of": date_of,
        "ago": ago,
        "lapse": lapse,
        "dial": _words.phone,
        "masked": masks.phone,
        "count": _words.count,
        "weekday": _words.weekday,
        "aged": aged,
        "short_name": short_name,
        "said": said,
        "plainly": plainly,
        "parted": parted,
        "photos": photos,
        "month": month,
        "share": share,
        "minutes": minutes,
        "megabytes": megabytes,
    }


def month(of: str) -> str:
    """ "2026-09" as people say it."""
    year, number = of.split("-")
    return f"{year}年{int(number)}月"


def share(per_mille: int, with_sign: bool = True) -> str:
    """A share to a tenth of a percent, rounded down; a dash where there is nothing to share."""
    if per_mille < 0:
        return "—"
    return f"{per_mille // 10}.{per_mille % 10}{'%' if with_sign else ''}"


def minutes(n: int) -> str:
    """A stretch of minutes in words."""
    return f"{n} 分钟" if n < 120 else f"{n // 60} 小时"


def megabytes(size: int) -> str:
    """Bytes as megabytes or gigabytes to a tenth, rounded up: a file is never said to be less."""
    tenths, unit = -(-size // 100_000), "MB"
    if tenths >= 10_000:
        tenths, unit = -(-size // 100_000_000), "GB"
    return f"{tenths // 10}.{tenths % 10} {unit}"


def new_form_id() -> str:
    """What a form carries so that it applies once, however often it is sent."""
    return str(uuid_utils.uuid7())


def action(kind: str) -> str:
    """What was done; the code of a kind that this release does not know says nothing to people."""
    known = named(kind, "operation")
    return known if known != kind else "读不出来的记录" if not kind else "这里还不认识的记录"


@pass_context
def moment(context: Context, instant: str) -> str:
    """今天 09:52 for a stored instant."""
    desk = context["desk"]
    return _words.when(days.local(instant, desk["timezone"]), desk["now"])


@pass_context
def minute(context: Context, instant: str) -> str:
    """2026-09-15 09:52 for a stored instant: on paper there is no today."""
    return days.local(instant, context["desk"]["timezone"])[:16].replace("T", " ")


@pass_context
def moment_if(context: Context, text: str) -> str:
    """A moment if the text is one; what a broken phone sent instead stays as it is."""
    return moment(context, text) if read_instant(text) else text[:40]


@pass_context
def short_moment(context: Context, instant: str) -> str:
    """What a narrow column holds: 09:52 today, 昨天, 9月10日."""
    return moment(context, instant).removeprefix("今天 ").split(" ")[0]


@pass_context
def clock(context: Context, instant: str) -> str:
    return days.local(instant, context["desk"]["timezone"])[11:16]


@pass_context
def date(context: Context, on: str) -> str:
    """9月15日 for a day, with the year when it is not this one."""
    return _words.day(on, context["desk"]["today"])


@pass_context
def date_of(context: Context, instant: str) -> str:
    """9月15日 for a stored instant."""
    desk = context["desk"]
    return _words.day(days.day(instant, desk["timezone"]), desk["today"])


@pass_context
def ago(context: Context, on: str) -> str:
    """How many days lie between a day and today; "" when there is none."""
    return f"{days.between(on, context['desk']['today'])} 天" if on else ""


def lapse(hours: int) -> str:
    """A stretch of time as people count it: 47 小时, 2 天, from 60 days on 2 个月."""
    days_long = hours // 24
    if hours < FEW_HOURS:
        return f"{hours} 小时"
    return f"{days_long} 天" if days_long < MANY_DAYS else f"{days_long // 30} 个月"


@pass_context
def aged(context: Context, birth_on: str) -> str:
    age = age_on(birth_on, context["desk"]["today"])
    return f"{age} 岁" if age >= 0 else "年龄未填"


@pass_context
def said(context: Context, value: Any, field: str, names: Mapping[str, str] | None = None) -> str:
    """A field's value as people say it. `names` turns ids of people and doors into names."""
    if field == "media" and isinstance(value, list):
        return f"{len(value)} 张" if value else "没有"
    if isinstance(value, list):
        return "、".join(said(context, one, field, names) for one in value) or "空"
    if value in ("", None):
        return "空"
    text = str(value)
    if names and text in names:
        return names[text]
    if field in CODED:
        return named(text, CODED[field])
    return _words.phone(text) if field == "phone" else _dated(context, text, field)


def _dated(context: Context, text: str, field: str) -> str:
    if field.endswith(("_on", "_until")) and _DAY.fullmatch(text):
        return date(context, text)
    return moment(context, text) if field.endswith("_at") and read_instant(text) else text


def parted(text: str, other: str, field: str) -> tuple[str, str]:
    """A number as what it shares with the other one and what differs; other fields stay whole."""
    if field != "phone":
        return text, ""
    pairs = zip(text, other, strict=False)
    same = next((n for n, (one, two) in enumerate(pairs) if one != two), len(text))
    return text[:same], text[same:]


def photos(media: list[Any]) -> dict[str, Any]:
    """The pictures of a visit, how many are here and how many still on the phone."""
    found = pictures(media)
    arrived = sum(one["arrived"] for one in found)
    return {"all": found, "arrived": arrived, "left": len(found) - arrived}


def short_name(building: str) -> str:
    """What fits a cell: 3 for 3栋, A1 for A1座, 1-3 for 一巷3号."""
    code = building_code(building)
    return re.sub(r"^(\d+)巷(\d+)号$", r"\1-\2", code)


def globals_of_pages() -> dict[str, Any]:
    """For `environment.globals`."""
    return {
        "new_form_id": new_form_id,
        "purpose_of": purposes.of,
        "wish_kinds": personal_tables.WISH_KINDS,
        "wish_ways": personal_tables.WISH_WAYS,
        "results": get_args(Result),
        "types": get_args(VisitType),
        "methods": get_args(Method),
        "tenures": roster_forms.TENURES,
        "sexes": roster_forms.SEXES,
        "statuses": roster_forms.STATUSES,
        "of_doors": roster_forms.OF_DOORS,
        "of_people": roster_forms.OF_PEOPLE,
        "relations": roster_forms.RELATIONS,
        "contact_relations": roster_forms.CONTACT_RELATIONS,
        "events": [*EVENTS, "none"],
        "occasions": OCCASIONS,
    }
