"""What the text of an address says by itself, before its row or a searcher adds to it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sync.numerals import numbers, plain, unpadded

MAX_TEXT = 80

ZONE = r"(?:(?:[A-Z0-9]{1,2}|[东西南北中])[期区])?"
CODE = r"(?:[A-Z]{0,2}[0-9]{1,3}[A-Z]?|[A-Z]{1,2}|[甲乙丙丁戊己东西南北中])"
LANE = r"[东西南北中上下]?[0-9]{1,3}横?巷[0-9]{1,3}"
STAIR = r"(?:[A-Z]?[0-9]{1,2}[A-Z]?|[A-Z]|[甲乙丙丁东西南北中])"
_BARE = r"(?:[A-Z]{0,2}[0-9]{1,6}[A-Z]?|[A-Z]{1,2})"
_SHAPE = re.compile(
    rf"(?:({LANE}(?:号(?:之[0-9][0-9]?(?=-|$))?|(?=-)))-?"
    rf"|({ZONE}{CODE})(号楼|#楼|[栋幢座楼#])-?"
    rf"|({ZONE}{CODE})号-?(?=[A-Z0-9])"
    rf"|({CODE})-(?={STAIR}(?:单元|梯|门)))?"
    rf"(?:({STAIR})(?:单元|梯|门)-?)?"
    rf"(?:([0-9]{{1,2}})[层楼]-?)?"
    rf"(?:({_BARE}(?:-{_BARE})*)(?:号?[室房户]|号|房间)?)?"
)
NAMED = r"[\u4e00-\u9fff]{1,8}(?:楼|栋|幢|座|阁|轩|大厦|公寓)"
_ASIDE = re.compile("[(][^A-Z0-9()]*[)]")  # 502(租) is 502, but 502(2) is another flat
LEAD = re.compile(r"[^A-Z0-9]{2,40}")
_DISTRICT = re.compile("^(?:.{1,8}?(?:省|自治区|市|区|县|镇|乡|街道|街|社区|居委会|村委会))+")
_ESTATE = re.compile("[苑阁里园村湾城府庭居轩邸庄坊寓厦家郡堡汇峰台岸洲岛都廷墅院邨◇]$")
_MASK = "◇"  # 小区 is a compound, yet its last character ends a district too


class Read(NamedTuple):
    """What a text says by itself; `parts` are the numbers that carry no word (3-2-502)."""

    compound: str = ""
    building: str = ""
    mark: str = ""
    unit: str = ""
    floor: str = ""
    parts: tuple[str, ...] = ()


def read_address(text: str, compounds: Sequence[str]) -> Read | None:
    rest, found = _ASIDE.sub("", plain(text)), ""
    if len(rest) > MAX_TEXT:
        return None
    for name in sorted({compound_code(one) for one in compounds}, key=lambda one: (-len(one), one)):
        if len(name) > 1 and name in rest:
            rest, found = rest[rest.rindex(name) + len(name) :].removeprefix("小区"), name
            break
    shape = _SHAPE.fullmatch(numbers(rest.lstrip("-")))
    if shape is None:
        return None

    lane, marked, mark, numbered, before_unit, unit, floor, parts = shape.groups(default="")
    if lane and "号" not in lane:
        lane += "号"
    building = unpadded(lane or marked or numbered or before_unit)
    return Read(found, building, mark, unit_code(unit), floor, _bare(parts))


def _bare(parts: str) -> tuple[str, ...]:
    return tuple(unpadded(parts).split("-")) if parts else ()


def read_after_prefix(text: str) -> Read | None:
    """As `read_address`, after a community or an unknown compound: 清龙社区3栋502, 荔香园3栋502."""
    rest = numbers(_ASIDE.sub("", plain(text)))
    run = LEAD.match(rest)
    size = run.end() if run else 0
    for cut in (size, size - 1):
        name = estate(rest[: max(0, cut)].rstrip("-"))
        if name is None:
            continue
        read = read_address(rest[max(0, cut) :], ())
        if read is not None:
            return read._replace(compound=name)
    return None


def estate(prefix: str) -> str | None:
    """The compound at the end of a prefix, "" after a mere community, None for other words."""
    masked = prefix.replace("小区", _MASK)
    inner = _DISTRICT.sub("", masked)
    if prefix and not inner:
        return ""
    for name in (inner, masked):
        if len(name) > 1 and _ESTATE.search(name):
            return compound_code(name.replace(_MASK, "小区"))
    return None


@lru_cache(maxsize=1024)
def compound_code(name: str) -> str:
    """红棉苑小区 is 红棉苑."""
    return re.sub("(..)小区$", r"\1", plain(name))


@lru_cache(maxsize=1024)
def unit_code(text: str) -> str:
    """二单元, 2梯 and 02 are 2; 0 is no unit."""
    code = unpadded(re.sub("(?:单元|梯|门)$", "", numbers(f"{plain(text)}单元")[:-2]))
    return "" if code == "0" else numbers(code)
