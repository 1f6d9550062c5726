"""Names of people as rosters write them: 张  三 and 张三(户主) are 张三."""

import re
from typing import NamedTuple

from sync.numerals import half_width

LONGEST = 50

_ASIDE = re.compile(r"[(\[{【<](.*?)(?:[)\]}】>]|$)")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]")
_EDGES = " .,;:、，。;：*'\"“”‘’-_/\\|"


class Name(NamedTuple):
    """`aside` is what stood in brackets behind the name: 户主, or 已故."""

    name: str = ""
    aside: str = ""


def read_name(text: str) -> Name:
    """The name alone, "" when no letter is in it or it is too long for one."""
    plain = _UNSEEN.sub("", half_width(text))
    aside = "、".join(_ASIDE.findall(plain))
    name = re.sub("^(?:户主|姓名):", "", _ASIDE.sub("", plain).strip(_EDGES))
    # Spaces stretch a name of two characters to three; between Latin words they are part of it.
    name = re.sub(r"(?<![A-Za-z.])\s+|\s+(?![A-Za-z])", "", name).strip(_EDGES)
    is_name = any(map(str.isalpha, name)) and name not in ("无", "不详") and len(name) <= LONGEST
    return Name(name if is_name else "", aside)
