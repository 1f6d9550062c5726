"""What is kept about one person as tables to read, or as data for another system."""

from typing import Any

import msgspec
from msgspec import to_builtins

from server.office.labels import CODED, named
from server.reports import workbooks
from server.reports.answers import in_words
from server.reports.definition import Cell
from server.reports.personal import Everything
from server.reports.workbooks import Table, tabled
from sync import days

APART = "只给办公室看"
# What a resident may ask of what is kept about them, how, and what came of it.
WISH_KINDS = {"see": "查阅、要一份", "correct": "更正", "delete": "删除", "stop": "不再使用"}
WISH_WAYS = {"oral": "当面", "phone": "电话", "written": "书面"}
WISH_ANSWERS = {"done": "办了", "partly": "办了一部分", "refused": "不能办"}
WORDS = {"yes": "愿意", "no": "不愿意", "oral": "口头", "written": "书面"}


def as_data(found: Everything, mark: str) -> bytes:
    """JSON in the words of the protocol, for another system."""
    told = {
        "about": mark,
        "identity_number": found.number,
        "records": found.records,
        "office_only": found.apart,
        "consents": found.consents,
        "history": found.history,
        "looked_at": found.looks,
        "said_by_rosters": found.rosters,
        "wishes": found.wishes,
        "edits": found.edits,
        "handovers": found.handovers,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2)


def as_workbook(found: Everything, mark: str) -> bytes:
    """One sheet for each part, also for one that is empty: it says that there is nothing."""
    return workbooks.of_tables(tables(found), mark)


def tables(found: Everything) -> list[Table]:
    parts = found.records
    about = {"身份证号": found.number, "住址": found.label}
    about |= _fields(to_builtins(found.person))
    about |= {f"名册：{name}": _said(name, value) for name, value in found.rosters.items()}
    visits = parts.get("visit", [])
    rest = [
        (kind, one)
        for kind, some in parts.items()
        if kind not in ("resident", "contact", "visit", "answers", "followup")
        for one in some
    ]
    return [
        tabled("基本资料", "项目 24,内容 60", [[name, said] for name, said in about.items()]),
        tabled(
            "电话",
            "姓名 12,关系 12,电话 16,核对日期 12",
            [
                [one["name"], named(one["relation"], "relation"), one["phone"], one["verified_on"]]
                for one in parts.get("contact", [])
            ],
        ),
        tabled(
            "走访",
            "时间 18,走访人 12,类型 12,方式 8,结果 14,备注 50,要跟进 30",
            [_visit(one, found.timezone) for one in visits],
        ),
        tabled("问答", "日期 12,问题 40,回答 40,走访人 12", _answers(found)),
        tabled(
            "跟进", "提出 18,提出人 12,事项 40,状态 10,结果 30,备注 24,办结 18", _followups(found)
        ),
        tabled("找人经过", "时间 18,做了什么 20,打给谁 24,谁做的 12,后来 30", _steps(found)),
        tabled(
            "本人要求",
            "哪天提出 14,要求 10,具体 50,哪天前答复 14,答复 10,怎么答复的 50",
            _wishes(found),
        ),
        tabled("告知同意", "时间 18,怎么说 10,方式 10,记录人 12", _consents(found)),
        tabled(
            "改动",
            "时间 18,谁 12,做了什么 16,内容 80",
            [
                [
                    _at(one["at"], found.timezone),
                    one["by_name"],
                    named(one["kind"], "operation"),
                    "；".join(f"{name}：{said}" for name, said in _fields(one["data"]).items()),
                ]
                for one in found.history
            ],
        ),
        tabled("改前改后", "时间 18,谁 12,哪一项 14,原来 40,改成 40", _edits(found)),
        tabled(
            "换人负责",
            "从哪天 12,原来负责 12,现在负责 12,哪一栋 24",
            [
                [one["from_on"], one["giver"], one["taker"], one["building"]]
                for one in found.handovers
            ],
        ),
        tabled(
            "谁看过",
            "时间 18,谁 12,做了什么 16,说明 50",
            [
                [
                    _at(one["at"], found.timezone),
                    one["by_name"],
                    named(one["action"], "audit"),
                    one["detail"],
                ]
                for one in found.looks
            ],
        ),
        tabled(
            "其他",
            "种类 14,内容 100",
            [
                [kind, "；".join(f"{name}：{said}" for name, said in _fields(one).items())]
                for kind, one in rest
            ],
        ),
        tabled(
            APART,
            "种类 14,内容 100",
            [
                [kind, "；".join(f"{name}：{said}" for name, said in _fields(one).items())]
                for kind, some in found.apart.items()
                for one in some
            ],
        ),
    ]


def _visit(one: dict[str, Any], timezone: str) -> list[Cell]:
    result = named(one["result"], "result") + ("（已撤回）" if one["withdrawn"] else "")
    return [
        _at(one["true_at"], timezone),
        one["by_name"],
        named(one["type"], "type"),
        named(one["method"], "method"),
        result,
        one["note"],
        one["followup"],
    ]


def _answers(found: Everything) -> list[list[Cell]]:
    """Every answer at every visit; and what is still known from visits that are forgotten."""
    visits = found.records.get("visit", [])
    lines: list[list[Cell]] = [
        [
            _at(one["true_at"], found.timezone)[:10],
            answer.get("asked") or name,
            said,
            one["by_name"],
        ]
        for one in visits
        for checkup in one["checkups"]
        for name, answer in checkup["answers"].items()
        if (said := in_words(answer))
    ]
    told = {one["id"] for one in visits}
    for kept in found.records.get("answers", []):
        for name, item in kept["items"].items():
            said = in_words(item)
            if "." in name and item["visit_id"] not in told and said:
                lines.append([item["on"], item.get("asked") or name, said, ""])
    return lines


def _followups(found: Everything) -> list[list[Cell]]:
    return [
        [
            _at(one["opened_at"], found.timezone),
            one["by_name"],
            one["what"],
            "已办结" if one["status"] == "closed" else "未办结",
            one["result"],
            one["note"],
            _at(one["closed_at"], found.timezone),
        ]
        for one in found.records.get("followup", [])
    ]


def _steps(found: Everything) -> list[list[Cell]]:
    """Each thing that was done to find them when nobody answered, with its time."""
    return [
        [
            _at(step["at"], found.timezone),
            named(step["step"], "ladder_step"),
            step["who"],
            step["by_name"],
            one["result"] or "还在找",
        ]
        for one in found.records.get("followup", [])
        for step in one["steps"]
    ]


def _wishes(found: Everything) -> list[list[Cell]]:
    return [
        [
            one["asked_on"],
            WISH_KINDS.get(one["kind"], one["kind"]),
            one["note"],
            one["due_on"],
            WISH_ANSWERS.get(one["answer"], "还没答复"),
            one["reply"],
        ]
        for one in found.wishes
    ]


def _edits(found: Everything) -> list[list[Cell]]:
    """Field by field; which door somebody moved to stands in what they did, not as an id."""
    return [
        [
            _at(one["at"], found.timezone),
            one["by_name"],
            named(one["field"], "field"),
            _said(one["field"], one["before"]),
            _said(one["field"], one["after"]),
        ]
        for one in found.edits
        if not one["field"].endswith("_id")
    ]


def _consents(found: Everything) -> list[list[Cell]]:
    return [
        [
            one["on"] or _at(one["at"], found.timezone),
            WORDS.get(one["consent"], one["consent"]),
            WORDS.get(one["method"], ""),
            one["by_name"],
        ]
        for one in found.consents
    ]


def _fields(record: dict[str, Any]) -> dict[str, str]:
    """Names and values in words, those that say something."""
    told = {named(name, "field"): _said(name, value) for name, value in record.items()}
    return {name: said for name, said in told.items() if said}


def _said(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{inner}：{said}" for inner, said in _fields(value).items())
    if isinstance(value, list):
        return "、".join(filter(None, (_said(name, one) for one in value)))
    if value in ("", None, 0):
        return ""
    return WORDS.get(str(value)) or named(str(value), CODED.get(name, ""))


def _at(instant: str, timezone: str) -> str:
    return days.local(instant, timezone).replace("T", " ")
