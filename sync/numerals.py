"""Numbers and letters as people type them: full width, Chinese numerals, leading zeros."""

import re
import unicodedata
from functools import lru_cache

MAX_TEXT = 400

_UNSEEN = re.compile("[\\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2060\ufeff\"'“”‘’`]")
_DASH = re.compile(r"[-‐‑‒–—―−﹣_/\\ー~]+")
_WORDS = "[〇零一二三四五六七八九十百]+"
_NUMERAL = re.compile(f"{_WORDS}(?=[栋幢座楼号单梯门横巷期区层室房#])")
_LAST = re.compile(f"([栋幢座楼号元梯门层之#-])({_WORDS})(?=-|$)")
_ONE = "[一二三四五六七八九]"
_COUNT = re.compile(f"(?:({_ONE})百)?(?:零({_ONE})|({_ONE})?(十)({_ONE})?)?")
_VALUES = {"〇": 0, "零": 0, **{word: at for at, word in enumerate("一二三四五六七八九", start=1)}}


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Half width, upper case, without spaces and quotes; every dash and slash is a hyphen."""
    text = half_width(text[:MAX_TEXT]).upper()
    return _DASH.sub("-", _UNSEEN.sub("", text)).strip("-")


def is_unfinished(text: str) -> bool:
    """3-2- lacks what follows; `plain` would make a whole 3-2 of it."""
    return _DASH.sub("-", _UNSEEN.sub("", half_width(text))).endswith("-")


def numbers(text: str) -> str:
    """Chinese numerals beside a word of an address become digits: 第三栋五〇二 is 3栋502."""
    text = _NUMERAL.sub(lambda run: number(run.group()), text)
    text = _LAST.sub(lambda run: run[1] + number(run[2]), text)
    return re.sub(r"第(?=[0-9])", "", text)


def number(word: str) -> str:
    """十二 is 12, 一百零三 is 103, 二〇三 is 203; what is not well formed stays as it is."""
    if all(one in _VALUES for one in word):
        return "".join(str(_VALUES[one]) for one in word)
    parts = _COUNT.fullmatch(word)
    if parts is None:
        return word
    hundreds, odd, tens, ten, ones = (parts.group(at) or "" for at in range(1, 6))
    total = 100 * _VALUES.get(hundreds, 0) + _VALUES.get(odd, 0) + _VALUES.get(ones, 0)
    return str(total + (10 * _VALUES.get(tens, 1) if ten else 0))


def unpadded(text: str) -> str:
    """Without the zeros in front of its numbers: 0502 is 502, A01 is A1."""
    return re.sub(r"[0-9]+", lambda run: run.group().lstrip("0") or "0", text)
