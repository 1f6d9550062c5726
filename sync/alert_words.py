"""Words of Chinese warnings: kind, colour, what is being done. Kinds are open: none is unknown.

Colours and their grades are those of the order on weather warning signals (中国气象局令第16号).
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from sync.numerals import half_width

COLOURS = {"白": "white", "蓝": "blue", "黄": "yellow", "橙": "orange", "红": "red"}
COLOUR_WORDS = {code: word for word, code in COLOURS.items()}
RANK = {"": 0, "white": 1, "blue": 2, "yellow": 3, "orange": 4, "red": 5}

# What a message does with the signal it names.
ACTIONS = {
    "继续发布": "continue",
    "继续维持": "continue",
    "变更发布": "change",
    "变更": "change",
    "升级发布": "change",
    "升级": "change",
    "降级": "change",
    "更新": "update",
    "解除": "lift",
    "取消": "lift",
    "撤销": "lift",
    "发布": "issue",
}
_VERBS = "|".join(sorted(ACTIONS, key=len, reverse=True))
_VERB = re.compile(_VERBS)
_HAN = "[\u4e00-\u9fff]"
_COLOUR = "(?P<colour>[白蓝黄橙红])"
_GRADE = r"(?:\s*[(\[【]?\s*(?:I{1,3}|IV)级[^)\]】]{0,8}[)\]】]?)?"
_LEVEL = "(?:(?:I{1,3}|IV)级)?"
_SHAPES = (
    re.compile(rf"(?P<kind>{_HAN}{{1,24}}){_LEVEL}{_COLOUR}色?{_GRADE}(?:预警|信号|警报)"),
    re.compile(rf"(?P<kind>{_HAN}{{1,24}})预警(?:信号)?\s*[(\[【]\s*{_COLOUR}色?"),
    re.compile(rf"{_COLOUR}色(?P<kind>{_HAN}{{1,10}}?)预警"),
)
# What stands between the station, the hour and the kind.
_BEFORE = re.compile(
    rf".*(?:{_VERBS}|气象[台局站]|指挥部|[分日时将了的为省市区县镇]|街道|预警|信号)"
)
_BECOMES = re.compile(
    rf"(?:变更|升级|降级|调整|改发|提升|降低?)(?:发布)?为(?P<kind>{_HAN}{{0,10}}?){_COLOUR}色?"
)
_LIFTED = re.compile("^信?号?(?:现|已|予以|现已|均已|同时)*(?:解除|取消|撤销)")


class Signal(Struct, frozen=True, kw_only=True):
    """A kind as it was written, a colour of `RANK` and an action of `ACTIONS`."""

    kind: str
    colour: str
    action: str


def signals(text: str) -> list[Signal]:
    """Every signal that a title or a text names, in order, each kind and colour once."""
    text = half_width(text)
    found: dict[tuple[str, str], Signal] = {}
    for start, end, kind, colour in sorted(_named(text)):
        action = _action(text[:start], text[end : end + 10])
        if becomes := _BECOMES.search(text[end : end + 14]):
            kind, colour, action = becomes["kind"] or kind, becomes["colour"], "change"
        one = Signal(kind=kind, colour=COLOURS[colour], action=action)
        found.setdefault((one.kind, one.colour), one)
    return list(found.values())


def _named(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Where it starts and ends, kind and colour; the first shape that fits a place has it."""
    taken: list[range] = []
    for shape in _SHAPES:
        for match in shape.finditer(text):
            kind = _BEFORE.sub("", match["kind"])
            start = match.end("kind") - len(kind)
            if not kind or any(start in one for one in taken):
                continue
            taken.append(range(match.start(), match.end()))
            yield start, match.end(), kind, match["colour"]


def _action(before: str, after: str) -> str:
    if _LIFTED.match(after):
        return "lift"
    sentence = re.split("[。;!\n]", before)[-1]
    verbs = _VERB.findall(sentence)
    return ACTIONS[verbs[-1]] if verbs else "issue"
