"""Columns of a roster: which row is the header, and what each column means."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from sync.labels import is_restricted
from sync.numerals import half_width

Cell = str | int | float | bool | date | datetime | time | timedelta | None

HEADER_WITHIN = 15
LONGEST_TITLE = 20
MANY = frozenset({"phone", "labels", "note"})  # fields that may have several columns

# In this order: the first shape found in a header's words gives its field. "" is no column of ours
# although a later shape would take it (户籍地址 is not where the person lives).
_FIELDS = (
    ("", "网格员|网格长|楼长|栋长|单元长|街长|填表|登记|采集|核查|责任|负责|支部|物业|是否"),
    ("emergency_relation", "联系人.*关系|与本人.*关系"),
    ("emergency_phone", "(?:紧急|应急|家属|亲属|子女|监护|联系人).*(?:电话|手机|号码|方式)"),
    (
        "",
        "(?:户主|业主|房东|紧急|家属|亲属|子女|监护|联系人).*(?:身份|证件|电话|手机|性别|出生|方式)",
    ),
    ("emergency_name", "紧急|应急|联系人|监护人|家属"),
    (
        "",
        "户籍|户口|籍贯|身份证.*(?:地址|住址)|工作|单位|原住|原地址|户编|户号|编码|残疾|低保|证件类|政治",
    ),
    ("id", "身份证|公民身份|证件号|身份号码"),
    ("relation", "与.{1,2}主|关系"),
    ("head", "户主|业主|房主|^户名$"),
    ("phone", "电话|手机|联系方式|联系号码|座机|固话"),
    (
        "tenure",
        "房屋(?:性质|类|用途|状态|使用)|住房(?:性质|类|情况)|产权|租住|居住(?:性质|类|方式)",
    ),
    ("status", "人户|居住(?:状态|情况)|人员状态|^状态$|在住"),
    ("labels", "标签|人群|群体|类别|人员(?:类型|分类|属性)|居民类型|关爱对象|重点(?:对象|人员)"),
    ("grid", "网格"),
    ("door", "门牌|房号|房间|室号|门号|房屋号|^室$|^房$|单元室"),
    ("unit", "单元|^梯|梯号|梯位"),
    ("floor", "楼层|层数|所在层|^层$|层号"),
    ("building", "栋|幢|座|楼号|楼宇|号楼|^楼$|^巷"),
    ("compound", "小区|楼盘|苑区|院落|自然村"),
    ("address", "住址|地址|住所|居住地|现居地|住处"),
    ("name", "姓名|名字"),
    ("sex", "性别"),
    ("birth", "出生|生日"),
    ("note", "备注|说明"),
    ("serial", "序号|编号|^NO\\.?$|^号$"),
)
_SHAPES = tuple((field, re.compile(shape)) for field, shape in _FIELDS)
_WHOSE = re.compile("紧急|应急|联系人|户主|监护|家属|亲属|子女|配偶")


class Sheet(NamedTuple):
    """A sheet as plain values. Merged values are spread; `spread` says which cells were empty."""

    name: str
    rows: Sequence[Sequence[Cell]]
    spread: frozenset[tuple[int, int]] = frozenset()
    hidden: bool = False


class Header(NamedTuple):
    """Fields and titles by column, and the `first` and `last` line that are the header."""

    fields: dict[int, str]
    titles: dict[int, str]
    first: int
    last: int


def field_of(title: str) -> str:
    """The meaning of a header cell, "" when it has none for us."""
    words = tidy(re.sub(r"\(.*?\)", "", half_width(title))) or tidy(title)
    if len(words) > LONGEST_TITLE:
        return ""
    for field, shape in _SHAPES:
        if shape.search(words):
            return field
    return ""


def find_header(sheet: Sheet) -> Header | None:
    """The first line, or pair of lines, that has a name and an ID number column."""
    for at in range(min(HEADER_WITHIN, len(sheet.rows))):
        below = at + 1 if _is_group_line(sheet, at) and _is_second_line(sheet, at + 1) else at
        above = at - 1 if at and _is_group_line(sheet, at - 1) else at
        for first, last in ((at, below), (above, at)):
            header = _header(sheet, first, last)
            if {"name", "id"} <= set(header.fields.values()):
                return header
    return None


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """A header without spaces and marks, so that 姓　名＊ is 姓名."""
    return re.sub(r"[\s*:\u200b-\u200f\ufeff]", "", half_width(text)).upper()


def text_of(cell: Cell) -> str:
    """A cell as people see it: a whole number without .0, a day without midnight."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = str(cell)
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def id_text_of(cell: Cell) -> str:
    """A number cell shows the 15 digits that Excel kept, as the power of ten that it is."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:.14E}"
    return text_of(cell)


def _header(sheet: Sheet, first: int, last: int) -> Header:
    fields: dict[int, str] = {}
    titles: dict[int, str] = {}
    width = max(len(sheet.rows[first]), len(sheet.rows[last]))
    for column in range(width):
        upper, lower = _text(sheet, first, column), _text(sheet, last, column)
        title = _title(upper, lower)
        if not title:
            continue
        titles[column] = "" if is_restricted(title) else title
        field = field_of(titles[column])
        if field in MANY or field not in fields.values():
            fields[column] = field
    return Header({at: field for at, field in fields.items() if field}, titles, first, last)


def _title(upper: str, lower: str) -> str:
    """紧急联系人 above 姓名 is another name than 基本信息 above 姓名."""
    if upper == lower or not lower:
        return upper
    return upper + lower if _WHOSE.search(upper) else lower


def _is_second_line(sheet: Sheet, at: int) -> bool:
    """A line of words below a header line: most are header words, none a value or said again.

    One word in every cell names no columns.
    """
    texts = _own(sheet, at)
    words = [one for one in texts.values() if field_of(one)]
    is_one_word = len(set(texts.values())) < 2
    if is_one_word or len(words) * 2 <= len(texts) or any(map(_is_value, texts.values())):
        return False
    return not any(_text(sheet, at - 1, column) == text for column, text in texts.items())


def _is_group_line(sheet: Sheet, at: int) -> bool:
    """A line that groups the columns below it; a title has one text only."""
    return len(set(_own(sheet, at).values())) > 1


def _is_value(text: str) -> bool:
    return bool(re.search("[0-9]", half_width(text)[:-1])) or text in ("男", "女")


def _own(sheet: Sheet, at: int) -> dict[int, str]:
    if at >= len(sheet.rows):
        return {}
    columns = (one for one in range(len(sheet.rows[at])) if (at, one) not in sheet.spread)
    texts = {column: _text(sheet, at, column) for column in columns}
    return {column: text for column, text in texts.items() if text}


def _text(sheet: Sheet, row: int, column: int) -> str:
    line = sheet.rows[row]
    return text_of(line[column]).strip() if column < len(line) else ""
