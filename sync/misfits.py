"""What does not fit an operation, without the words that only a programmer reads."""

import re
from collections.abc import Callable
from functools import partial

# Fields that a person fills in; others have no name that anybody would recognise.
FIELDS = {
    "": "内容",
    "note": "备注",
    "followup": "要跟进",
    "reason": "原因",
    "text": "内容",
    "type": "类型",
    "method": "方式",
    "result": "结果",
    "resident_ids": "见到谁",
    "started_at": "时间",
    "ended_at": "时间",
    "away_until": "到哪天",
    "media": "照片",
    "name": "姓名",
    "relation": "关系",
    "phone": "电话",
    "verified_on": "核对日期",
    "categories": "类别",
    "tenure": "房屋",
    "status": "状态",
    "birth_on": "出生日期",
    "sex": "性别",
    "door_no": "门牌",
    "unit": "单元",
    "floor": "楼层",
}
UNSAID = "有一项的写法不对"

_AT = r"(?: - at `\$\.?(?P<field>[^`]*)`)?"
_MISFITS = [
    (re.compile(pattern + _AT), form)
    for pattern, form in (
        (r"Expected `str` of length <= (?P<n>\d+)", "“{field}”最多 {n} 个字"),
        (r"Expected `str` of length >= (?P<n>\d+)", "“{field}”不能空着"),
        (r"Expected `array` of length <= (?P<n>\d+)", "“{field}”最多 {n} 个"),
        (r"Invalid enum value '(?P<n>[^']*)'", "“{field}”没有“{n}”这一项"),
        (r"Object contains unknown field `(?P<n>[^`]*)`", "多了一项“{n}”"),
        (r"Object missing required field `(?P<n>[^`]*)`", "少了一项“{n}”"),
        (r"Expected `str` matching regex '[^']*'", "“{field}”的写法不对"),
        (r"Expected `int` (?P<n>[<>]= \d+)", "“{field}”的数不对（应 {n}）"),
        (r"Expected `[^`]*`, got `[^`]*`", "“{field}”的写法不对"),
    )
]


def plain(problem: str) -> str:
    """A decoder's complaint as people say it."""
    said = translated(problem, lambda field: FIELDS.get(field, field))
    return UNSAID if said == problem else said


def translated(sentence: str, name: Callable[[str], str]) -> str:
    """A sentence with every complaint of a decoder in it said plainly."""
    for pattern, form in _MISFITS:
        sentence = pattern.sub(partial(_fill, form, name), sentence)
    return sentence


def _fill(form: str, name: Callable[[str], str], found: re.Match[str]) -> str:
    parts = {group: value or "" for group, value in found.groupdict().items()}
    path = [one for one in re.findall(r"\w+", parts.get("field", "")) if one != "changes"]
    return form.format(**{**parts, "field": name(path[-1] if path else "")})
