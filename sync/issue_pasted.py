"""What a message of a chat group, or an order of the 12345 hotline, says of an issue.

Who called and from which number stays in the order: neither is kept, nor are numbers of telephones
and papers inside a text.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from sync.issue_words import proposed

MAX_TEXT = 1000
_LABELS = {
    "number": "工单号 工单编号 工单编码 受理编号 受理号 单号 编号",
    "due_on": "要求办结时间 办结时限 办结期限 处理时限 办理时限 办理期限 回复时限 截止时间"
    " 到期时间",
    "place": "事发地址 事发地点 诉求地址 地址 地点 位置",
    "text": "诉求内容 反映内容 问题描述 事项内容 主要内容 工单内容 反映问题 具体内容 内容 诉求",
    "dropped": "来电人 反映人 诉求人 市民姓名 姓名 联系人 联系电话 联系方式 来电号码 来电电话"
    " 手机号 手机 电话 性别 身份证号 来电时间 受理时间 派单时间 受理渠道 工单类型 承办单位"
    " 紧急程度 诉求类型 标题",
}
_FIELDS = {word: field for field, words in _LABELS.items() for word in words.split()}
_KNOWN = "|".join(sorted(_FIELDS, key=len, reverse=True))
_LINE = re.compile(rf"[【\[]?({_KNOWN})[】\]]?[ \t]*[:：][ \t]*(.*)")
_INSIDE = re.compile(rf"(?<=\S)[ \t;；,，。]+[【\[]?({_KNOWN})[】\]]?[ \t]*[:：]")
_DATE = re.compile(r"(20[0-9]{2})[-/.年]([01]?[0-9])[-/.月]([0-3]?[0-9])")
_NUMBER = re.compile(r"[0-9A-Za-z-]{4,40}")
# A line of a chat that says who spoke, and when.
_SPEAKER = re.compile(
    r".{1,20}[:：]|(.{1,20}\s+)?([0-9年月日/-]{4,11}\s*)?([上下]午)?\d{1,2}:\d\d(:\d\d)?"
)
_SAID = re.compile(r"([^\s:：0-9]{1,12})[:：]\s*(?!//)(\S.*)")
_PHONE = re.compile(r"(?<![0-9])(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})(?![0-9])")
_PAPER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")


class Pasted(NamedTuple):
    """`source` is "hotline" or "wechat"; `hidden` says whether something was left out."""

    source: str
    number: str
    due_on: str
    place: str
    text: str
    category: str
    hidden: bool


def read(pasted: str) -> Pasted:
    text = _INSIDE.sub(lambda found: f"\n{found[1]}：", pasted.replace("\r\n", "\n"))
    lines = [line.strip() for line in text.split("\n")]
    fields, spoken = _parted(lines)
    is_order = bool(fields.get("number")) or len(fields) >= 3
    said = fields.get("text", "") or _chat(spoken)
    kept = without_numbers(said).strip()[:MAX_TEXT]
    number = _NUMBER.search(fields.get("number", ""))
    return Pasted(
        source="hotline" if is_order else "wechat",
        number=number[0] if number else "",
        due_on=_day(fields.get("due_on", "")),
        place=fields.get("place", "")[:100],
        text=kept,
        category=proposed(kept),
        hidden="dropped" in fields or kept != said.strip()[:MAX_TEXT],
    )


def without_numbers(text: str) -> str:
    """A text without numbers of telephones and papers."""
    return _PAPER.sub("［证件号］", _PHONE.sub("［电话］", text))


def building_in(text: str, buildings: Mapping[str, tuple[str, str]]) -> str:
    """The id of the one building that a text names by its compound and its own name; else ""."""
    tight = re.sub(r"\s|号楼|幢|座", lambda one: "栋" if one[0].strip() else "", text)
    found = [
        building_id
        for building_id, (compound, name) in buildings.items()
        if compound in tight and re.search(rf"(?<![0-9]){re.escape(name)}", tight)
    ]
    return found[0] if len(found) == 1 else ""


def _parted(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """What stands behind known words, and all else. What an order says may go over many lines."""
    fields: dict[str, str] = {}
    others: list[str] = []
    field = ""
    for line in lines:
        found = _LINE.fullmatch(line)
        if found:
            field = _FIELDS[found[1]]
            fields.setdefault(field, "")
            if field != "dropped":
                fields[field] = f"{fields[field]}\n{found[2]}".strip()
        elif field == "text" and line:
            fields["text"] += f"\n{line}"
        elif field != "dropped" or not line:
            field = "" if not line else field
            others.append(line)
    return fields, others


def _chat(lines: list[str]) -> str:
    """What was said, without who said it when, and whom it was said to."""
    said = []
    for line in lines:
        if not line or _SPEAKER.fullmatch(line):
            continue
        found = _SAID.fullmatch(line)
        said.append(re.sub(r"@\S+\s*", "", found[2] if found else line))
    return "\n".join(filter(None, said))


def _day(text: str) -> str:
    found = _DATE.search(text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""
