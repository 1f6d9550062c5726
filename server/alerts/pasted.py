"""A warning that a person confirmed: read from a pasted text, or written into the plain form."""

import hashlib
import re
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct, json

from sync.alert_areas import significant
from sync.alert_signs import GRADES
from sync.alert_text import MAX_TEXT, understand
from sync.alert_times import instant_of
from sync.alert_words import COLOUR_WORDS
from sync.alerts import Area, Info, Message, MsgType, Scope, Status

# Kinds that have no colours, and what CAP calls such things.
PLAIN = {"火灾": "Fire", "停水": "Infra", "停电": "Infra", "停气": "Infra"}

ACTIONS = {
    "issue": ("发布", MsgType.ALERT),
    "continue": ("继续发布", MsgType.UPDATE),
    "change": ("变更发布", MsgType.UPDATE),
    "update": ("更新", MsgType.UPDATE),
    "lift": ("解除", MsgType.CANCEL),
}
FORWARDED, WRITTEN = "转发，未核实", "社区填写"

AHEAD = timedelta(hours=1)  # phones and chat groups are not exact
OLDEST = timedelta(days=7)
LONGEST = timedelta(days=15)
MOST_POINTS = 20
LENGTHS = {"kind": 24, "station": 60, "area": 200, "effect": 2000}
_WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_NARROW = re.compile("(?<=[\u4e00-\u9fff）)%℃])[,;:!?]")
_KIND = re.compile("[\u4e00-\u9fffA-Za-z（）()·、]+")


class Confirmed(Struct, frozen=True, kw_only=True):
    """The fields of the form. Times are the community's: 2026-08-07T09:10."""

    kind: str = ""
    colour: str = ""  # of `sync.alert_words.RANK`; "" for kinds without
    action: str = "issue"
    station: str = ""
    issued_at: str = ""
    ends_at: str = ""
    area: str = ""
    area_code: str = ""  # of a division, where it is known
    effect: str = ""
    guide: tuple[str, ...] = ()
    is_drill: bool = False


def read_text(text: str, now: str) -> Confirmed:
    """The form as a pasted text fills it in; a person looks over it before it counts."""
    found = understand(text, now)
    signal = found.signal
    return Confirmed(
        kind=signal.kind if signal else "",
        colour=signal.colour if signal else "",
        action=signal.action if signal else "issue",
        station=found.station,
        issued_at=found.issued_at,
        ends_at=found.ends_at,
        area=found.area,
        effect=_printed(found.effect),
        guide=tuple(map(_printed, found.guide)),
        is_drill=found.is_drill,
    )


def _printed(text: str) -> str:
    """People read this again: behind Chinese, commas and the like are full-width."""
    return _NARROW.sub(lambda found: _WIDE[found[0]], text)


def problems(form: Confirmed, now: str) -> dict[str, str]:
    """What has to be put right before it can go out: a sentence for each field."""
    found = {**_words(form), **_times(form, datetime.fromisoformat(now))}
    if form.action not in ACTIONS:
        found["action"] = "请选择是发布、继续、变更还是解除。"
    if form.colour and form.colour not in COLOUR_WORDS:
        found["colour"] = "请从白、蓝、黄、橙、红里选一个颜色。"
    elif not form.colour and form.kind and form.kind not in PLAIN:
        found["colour"] = "请选择预警颜色。"
    elif form.colour and form.kind in PLAIN:
        found["colour"] = f"{form.kind}不分颜色，请不要选。"
    if form.area_code and not significant(form.area_code):
        found["area_code"] = "区划代码应是 6、9 或 12 位数字。"
    if len(form.guide) > MOST_POINTS or any(len(one) > LENGTHS["area"] for one in form.guide):
        found["guide"] = f"防御指南最多 {MOST_POINTS} 条，每条不超过 {LENGTHS['area']} 个字。"
    return found


def _words(form: Confirmed) -> dict[str, str]:
    found = {}
    for name, most in LENGTHS.items():
        if len(getattr(form, name)) > most:
            found[name] = f"太长了，请不要超过 {most} 个字。"
    if not form.kind.strip():
        found["kind"] = "请写明是什么预警，例如“雷雨大风”。"
    elif not _KIND.fullmatch(form.kind):
        found["kind"] = "预警种类只写名称，例如“雷雨大风”。"
    if not form.station.strip():
        found["station"] = "请写明发布单位，例如“某某区气象台”。"
    if not form.effect.strip() and form.action != "lift":
        found["effect"] = "请写明预计会怎样。"
    return found


def _times(form: Confirmed, now: datetime) -> dict[str, str]:
    issued, ends = _moment(form.issued_at), _moment(form.ends_at)
    found = {}
    if issued is None:
        found["issued_at"] = "请填写发布时间。" if not form.issued_at else "发布时间读不懂。"
    elif issued > now + AHEAD:
        found["issued_at"] = "发布时间比现在还晚，请核对。"
    elif issued < now - OLDEST:
        found["issued_at"] = f"发布时间早于 {OLDEST.days} 天前，请核对。"
    if not form.ends_at:
        if form.action != "lift" and form.kind not in PLAIN:
            found["ends_at"] = "请填写到什么时候为止。"
    elif ends is None:
        found["ends_at"] = "结束时间读不懂。"
    elif issued and ends <= issued:
        found["ends_at"] = "结束时间要晚于发布时间。"
    elif issued and ends > issued + LONGEST:
        found["ends_at"] = f"结束时间超过发布后 {LONGEST.days} 天，请核对。"
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def message_of(form: Confirmed, text: str, zone: tzinfo) -> Message:
    """The message of a form without `problems`; `text` is what was pasted, "" for the plain form.

    It chains to earlier ones by its station and kind: a pasted text refers to none.
    """
    headline = _headline(form)
    info = Info(
        language="zh-CN",
        event=form.kind,
        categories=(PLAIN.get(form.kind, "Met"),),
        urgency="Unknown",
        severity=GRADES.get(form.colour, "Unknown"),
        certainty="Unknown",
        expires=_instant(form.ends_at, zone),
        sender_name=form.station,
        headline=headline,
        description=form.effect,
        instruction="\n".join(f"{n}. {one}" for n, one in enumerate(form.guide, 1)),
        parameters=_parameters(form, text),
        areas=_areas(form),
    )
    return Message(
        sender=form.station.strip(),
        identifier=_digest(form, text),
        sent=_instant(form.issued_at, zone),
        status=Status.EXERCISE if form.is_drill else Status.ACTUAL,
        msg_type=ACTIONS[form.action][1],
        scope=Scope.PUBLIC,
        infos=(info,),
    )


def _headline(form: Confirmed) -> str:
    what = f"{COLOUR_WORDS[form.colour]}色预警信号" if form.colour else "通知"
    drill = "【演练】" if form.is_drill else ""
    return f"{drill}{form.station}{ACTIONS[form.action][0]}{form.kind}{what}"


def _parameters(form: Confirmed, text: str) -> tuple[tuple[str, str], ...]:
    source = ("source", FORWARDED if text.strip() else WRITTEN)
    return (("colour", form.colour), source) if form.colour else (source,)


def _areas(form: Confirmed) -> tuple[Area, ...]:
    if not form.area and not form.area_code:
        return ()
    codes = (("division", form.area_code),) if form.area_code else ()
    return (Area(description=form.area, geocodes=codes),)


def _instant(text: str, zone: tzinfo) -> str:
    moment = instant_of(text, zone) if text else None
    return moment.isoformat(timespec="seconds") if moment else ""


def _digest(form: Confirmed, text: str) -> str:
    """The same text pasted by two people is one message; two warnings of one text are two."""
    kept = "".join(text[:MAX_TEXT].split())
    if kept:
        kept += f" {form.action} {form.kind} {form.colour}"
    whole = kept.encode("utf-8", "surrogatepass") if kept else json.encode(form)
    return hashlib.sha256(whole).hexdigest()[:32]
