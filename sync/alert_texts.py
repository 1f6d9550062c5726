"""What a warning says to people: the message for a group, a short form, what to do.

Only what holds for everybody in a building goes into it, never a person or a door.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from sync.alert_words import COLOUR_WORDS

MAX_MESSAGE = 120
MAX_SHORT = 67  # one SMS of Chinese characters less its signature
MAX_BYTES = 2048  # a text of a WeCom robot
POINTS = 3  # so many go into a message
DRILL = "【演练】"
MESSAGE = "【{名称}】{时间}起{范围}{影响}。请：{指南}。有困难请打社区{电话}。——{社区}"
SHORT = "【{名称}】{影响}。{首条}。困难请打{电话}。{社区}"
LIFTED = "【解除{名称}】{时间}起解除。有困难仍可打社区{电话}。——{社区}"
Spot = tuple[str, str]  # kind, colour
FIELD = re.compile(r"\{([^{}]*)\}")
FIELDS = ("名称", "类型", "颜色", "时间", "范围", "影响", "指南", "首条", "电话", "社区")
NEEDED = {"指南", "首条", "电话"}  # a sentence about one of these goes when there is none


class Guide(Struct, frozen=True, kw_only=True):
    """防御指南 of a kind ("": any) and a colour ("": any)."""

    kind: str = ""
    colour: str = ""
    points: tuple[str, ...] = ()


class Defaults(Struct, frozen=True, kw_only=True):
    source: str
    dated_on: str
    guides: tuple[Guide, ...]
    examples: dict[str, str]  # what a preview says of a kind


class Own(Struct, frozen=True, kw_only=True):
    """Words of the office for a kind ("": any) and a colour ("": any); what is empty is ours."""

    kind: str = ""
    colour: str = ""
    message: str = ""
    short: str = ""
    points: tuple[str, ...] = ()
    source: str = ""
    dated_on: str = ""


class Texts(Struct, frozen=True, kw_only=True):
    """What is said of a kind and a colour, not yet filled in, and who says so."""

    message: str
    short: str
    guide: tuple[str, ...]
    source: str  # of the guide
    dated_on: str
    is_own_guide: bool = False  # of the office, which wins over what the warning itself says


class Facts(Struct, frozen=True, kw_only=True):
    """What a message is filled in with; `at` is a clock of the community, e.g. 8月7日9时10分."""

    kind: str
    colour: str
    at: str = ""
    area: str = ""
    effect: str = ""
    guide: tuple[str, ...] = ()
    phone: str = ""
    community: str = ""
    is_drill: bool = False
    closes: bool = False


class Said(Struct, frozen=True, kw_only=True):
    message: str  # at most MAX_MESSAGE characters and MAX_BYTES bytes
    short: str  # at most MAX_SHORT characters
    guide: tuple[str, ...]


@cache
def defaults() -> Defaults:
    raw = resources.files("sync").joinpath("defaults/alert_texts.json").read_bytes()
    return msgspec.json.decode(raw, type=Defaults)


def guide_of(kind: str, colour: str, guides: tuple[Guide, ...] = ()) -> tuple[str, ...]:
    """The points for a kind and colour: the office's own first, the nearest kind, any kind last.

    A kind that nobody wrote for takes the points of one that its name ends with: 强雷雨大风.
    """
    own = tuple(Own(kind=one.kind, colour=one.colour, points=one.points) for one in guides)
    return texts_for(kind, colour, own).guide


def texts_for(kind: str, colour: str, own: Iterable[Own] = ()) -> Texts:
    """Message, short form and guide, each from the nearest words that have it.

    What the office wrote for any kind gives way to what we wrote for this one.
    """
    known = {(one.kind, one.colour): one for one in own}
    ours = {(one.kind, one.colour): _as_own(one) for one in defaults().guides}
    near = [
        by_spot[spot]
        for is_named in (True, False)
        for by_spot in (known, ours)
        for spot in _nearest(by_spot, kind, colour, is_named)
    ]
    guided = next(one for one in near if one.points)
    is_own_guide = any(one is guided for one in known.values())
    return Texts(
        message=next((one.message for one in near if one.message), MESSAGE),
        short=next((one.short for one in near if one.short), SHORT),
        guide=guided.points,
        source=guided.source,
        dated_on=guided.dated_on,
        is_own_guide=is_own_guide,
    )


def _as_own(guide: Guide) -> Own:
    said = defaults()
    return Own(points=guide.points, source=said.source, dated_on=said.dated_on)


def _nearest(known: Iterable[Spot], kind: str, colour: str, is_named: bool) -> Iterator[Spot]:
    """The spots that hold for a kind and a colour, the nearest first: of its own name, of the
    longest name in it, of this colour before any."""
    spots = set(known)
    names = sorted({name for name, _ in spots if name and name in kind}, key=len, reverse=True)
    for name in dict.fromkeys((kind, *names)) if is_named else ("",):
        yield from (spot for spot in dict.fromkeys(((name, colour), (name, ""))) if spot in spots)


def say(facts: Facts, message: str = "", short: str = "") -> Said:
    """Fill in the texts, in the words of the office where it has its own.

    What does not fit is left out from its least part: points of the guide, the area, then the
    effect is cut at a sentence.
    """
    long = LIFTED if facts.closes else message or MESSAGE
    brief = LIFTED if facts.closes else short or SHORT
    return Said(
        message=fitted(long, facts, MAX_MESSAGE),
        short=fitted(brief, facts, MAX_SHORT),
        guide=facts.guide,
    )


def fitted(template: str, facts: Facts, limit: int) -> str:
    """A template filled in, as much of it as fits."""
    mark = DRILL if facts.is_drill else ""
    points, area, effect = list(facts.guide[:POINTS]), facts.area, one_line(facts.effect)
    while True:
        text = mark + filled(template, facts, points, area, effect)
        if len(text) <= limit and len(text.encode()) <= MAX_BYTES:
            return text
        if len(points) > 1:
            points.pop()
        elif area:
            area = ""
        elif effect:
            effect = _shorter(effect)
        elif points:
            points.pop()
        else:
            return text[: limit - 1] + "…"


def filled(template: str, facts: Facts, points: list[str], area: str, effect: str) -> str:
    values = {
        "名称": name_of(facts.kind, facts.colour),
        "类型": facts.kind,
        "颜色": f"{COLOUR_WORDS[facts.colour]}色" if facts.colour else "",
        "时间": facts.at,
        "范围": area,
        "影响": effect or f"有{facts.kind}",
        "指南": "；".join(points),
        "首条": points[0] if points else "",
        "电话": facts.phone,
        "社区": facts.community,
    }
    kept = [
        FIELD.sub(lambda field: values.get(field[1], ""), sentence)
        for sentence in template.split("。")
        if all(values.get(name) for name in FIELD.findall(sentence) if name in NEEDED)
    ]
    return "。".join(kept)


def name_of(kind: str, colour: str) -> str:
    """雷雨大风黄色预警, 停水通知."""
    return f"{kind}{COLOUR_WORDS[colour]}色预警" if colour else f"{kind}通知"


def one_line(text: str) -> str:
    return re.sub(r"\s+", "", text).strip("，。；,;")


def _shorter(effect: str) -> str:
    """Without its last clause."""
    clauses = re.split("[，。；,;]", effect)
    return "，".join(clauses[:-1])
