"""The warnings that one pasted text holds: chat groups often get several at once."""

import re

from sync.alert_text import CLOCK, STATION
from sync.alert_words import signals
from sync.numerals import half_width

MOST_PARTS = 10

_SENTENCE = re.compile(r"[^。\n]*[。\n]?")
_ISSUED = re.compile("发布|解除|取消|撤销|更新|变更|升级|降级|继续")


def parts(text: str) -> list[str]:
    """The text of each, with what follows it; a text that names no warning is one part.

    A new one begins where a station, or a moment, issues another signal than those before.
    """
    found: list[str] = []
    known: set[tuple[str, str]] = set()
    for sentence in _SENTENCE.findall(text):
        named = {(one.kind, one.colour) for one in signals(sentence)}
        if found and known and _begins(sentence, named, known) and len(found) < MOST_PARTS:
            found.append(sentence)
            known = named
        else:
            found[-1:] = ["".join(found[-1:]) + sentence]
            known |= named
    return [part.strip() for part in found if part.strip()]


def _begins(sentence: str, named: set[tuple[str, str]], known: set[tuple[str, str]]) -> bool:
    if not named or named & known or not _ISSUED.search(sentence):
        return False
    plain = half_width(sentence)
    return bool(STATION.search(plain) or CLOCK.search(plain))
