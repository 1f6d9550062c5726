"""Why the office is asked to look at a visit, in sentences. Questions, never penalties."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from server.office.labels import named
from sync import days
from sync.operations import instant
from sync.review_rules import SAMPLE

NOON = "12:00"
# What the clock asks, behind what somebody said and before what only was put right.
ORDINARY = 9


class Question(NamedTuple):
    """`sign` and `tone` are names of the sprite and of `.state--…`."""

    sign: str
    tone: str
    sentence: str


# What is asked of an author most often, and where the form opens on the phone. Keys send them.
READY = {
    "1": ("请补一句：当时怎么联系的，下次什么时候再去", "note"),
    "2": ("请核对结果，和备注说的不一样", "result"),
    "3": ("请核对见到的是谁", "resident_ids"),
    "4": ("请核对是上门还是打电话", "method"),
    "5": ("请再核对问过的几项", "checkups"),
}
DECIDED = {
    "review.approve": "已通过",
    "review.return": "已退回",
    "visit.correct": "已更正并通过",
    "review.reopen": "收回重看",
}

# The filters of the list and the questions each one takes.
GROUPS = {
    "flagged": ("红黄标记", ("flag.now", "flag.red", "flag.amber")),
    "no_answer": ("无人应答", ("result.no_answer",)),
    "refused": ("拒访", ("result.refused",)),
    "moved": ("人变了", ("result.moved_out", "result.deceased", "result.wrong_info")),
    "time": (
        "时间",
        (
            *("time.ahead", "time.old", "time.early", "time.late", "time.file"),
            *("pace.doors", "pace.short"),
        ),
    ),
    "corrected": ("更正", ("corrected",)),
    SAMPLE: ("抽查", (SAMPLE,)),
}
_FIXED = {
    "flag.now": Question("red", "bad", "答出马上要办的，请看跟进"),
    "result.no_answer": Question("red", "bad", "无人应答，请确认找到人没有"),
    "flag.red": Question("red", "bad", "答出红色的，请看跟进"),
    "result.refused": Question("rest", "rest", "拒访，之后先打电话"),
    "result.moved_out": Question("amber", "wait", "迁出，等办公室确认"),
    "result.deceased": Question("amber", "wait", "去世，等办公室确认"),
    "result.wrong_info": Question("amber", "wait", "信息有误，请核对名册"),
    "time.old": Question("amber", "wait", "补记很久以前的走访"),
    "time.file": Question("amber", "wait", "从文件导入，手机时间没有核对过"),
    "pace.doors": Question("amber", "wait", "一小时里走的户数很多"),
    "flag.amber": Question("amber", "wait", "答出黄色的，请看跟进"),
    "pace.short": Question("amber", "wait", "接连几次看望很短"),
    "corrected": Question("amber", "wait", "走访人自己更正过"),
    SAMPLE: Question("none", "rest", "抽查，没有疑问"),
}


def asked(visit: Mapping[str, Any], timezone: str) -> list[Question]:
    """The questions of a visit, the gravest first."""
    order = list(_FIXED)
    codes = sorted(
        visit["questions"], key=lambda one: order.index(one) if one in order else len(order)
    )
    return [_question(code, visit, timezone) for code in codes]


def groups(waiting: Iterable[Iterable[str]]) -> list[dict[str, Any]]:
    """How many visits wait in each group; groups without any are left out."""
    counted = [set(one) for one in waiting]
    found = [
        {"show": show, "word": word, "n": sum(bool(one & set(codes)) for one in counted)}
        for show, (word, codes) in GROUPS.items()
    ]
    return [one for one in found if one["n"]]


def is_shown(questions: Iterable[str], show: str) -> bool:
    return show not in GROUPS or bool(set(questions) & set(GROUPS[show][1]))


def rank(questions: Iterable[str]) -> int:
    """How urgent a visit is: the place of its gravest question, 0 the first to look at."""
    order = list(_FIXED)
    return min((order.index(one) for one in questions if one in _FIXED), default=ORDINARY)


def is_red(questions: Iterable[str]) -> bool:
    """Whether one of its questions is red: then it is looked at alone."""
    return any(_FIXED[one].tone == "bad" for one in questions if one in _FIXED)


def _question(code: str, visit: Mapping[str, Any], timezone: str) -> Question:
    if code in _FIXED:
        return _FIXED[code]
    if code in ("time.early", "time.late"):
        clock = days.local(visit["true_at"], timezone)[11:16]
        side = "偏早" if clock < NOON else "偏晚"
        return Question("amber", "wait", f"{clock} 敲门，{side}")
    if code == "time.ahead":
        return Question("amber", "wait", f"走访时间晚于服务器{_ahead(visit)}")
    return Question("amber", "wait", named(code, "question"))


def _ahead(visit: Mapping[str, Any]) -> str:
    received = instant(visit["received_at"])
    times = [at for at in (instant(visit["at"]), instant(visit["true_at"])) if at]
    if not (received and times):
        return ""
    minutes = int((max(times) - received) / timedelta(minutes=1))
    return f" {minutes // 1440} 天" if minutes >= 2880 else f" {minutes} 分钟"
