"""How names sound: pinyin and initials, so that a worker finds 黄秀珍 by typing hxz."""

import os
import re
from functools import cache

# Names are sounded character by character: the phrases would be 50 MB that nobody asks.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin

# As long as the field in a record.
LONGEST = 100

# Sounds that these characters have in a surname only.
_SURNAMES = {
    "曾": "zeng",
    "区": "ou",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "任": "ren",
    "盖": "ge",
    "查": "zha",
    "朴": "piao",
    "尉": "wei",
    "缪": "miao",
    "冼": "xian",
    "覃": "qin",
    "盛": "sheng",
    "乐": "yue",
    "种": "chong",
    "翟": "zhai",
}
_PIECE = re.compile(r"[a-z0-9]+|[^\W\d_]")


def spelled(name: str) -> str:
    """Pinyin and initials, for search: "huangxiuzhen hxz". "" when nothing in it has a sound."""
    pieces = _PIECE.findall(name.lower())
    sounds = [_surname(piece) if at == 0 else _sound(piece) for at, piece in enumerate(pieces)]
    heard = [sound for sound in sounds if sound]
    if not heard:
        return ""
    return f"{''.join(heard)} {''.join(sound[0] for sound in heard)}"[:LONGEST]


def _surname(piece: str) -> str:
    return _SURNAMES.get(piece) or _sound(piece)


@cache
def _sound(piece: str) -> str:
    if piece.isascii():
        return piece
    sound = lazy_pinyin(piece)[0]
    return sound if sound.isascii() else ""
