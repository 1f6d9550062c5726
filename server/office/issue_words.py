"""What the office calls the steps of an issue, what each asks for, and how long is left."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sync import issue_limits
from sync.issue_deadlines import left
from sync.issue_steps import ENDED, TABLE
from sync.operations import IssueStepName
from sync.scope import OFFICE

UNITS = {"now": "马上", "h": "小时", "wh": "工作小时", "d": "天", "wd": "个工作日"}
_UNITS = {"minutes": "分钟", "hours": "小时", "days": "天"}

_ASKED = "街道也看得到：写清什么事、请谁来，不写姓名门牌"


class Step(NamedTuple):
    """A step as a button: `asks` are fields of its form beside the words, `does` what it did."""

    code: IssueStepName
    word: str
    does: str
    asks: tuple[str, ...] = ()
    hint: str = ""


STEPS: dict[str, Step] = {
    one.code: one
    for one in (
        Step("accept", "受理", "已受理。"),
        Step("assign", "分派", "已分派，他的手机会看到。", ("holder_id",)),
        Step("start", "开始办理", "已开始办理。"),
        Step("negotiate", "协商", "已转为事项协商中。", hint="请各方坐下来谈"),
        Step("call", "请街道呼叫部门", "已请街道呼叫部门。", (), _ASKED),
        Step("done", "办好了", "已记办好，请另一位同事核查。", ("level",), "还要别人核查才办结"),
        Step("check", "核查通过，办结", "已办结。", ("level",)),
        Step("reject", "没办好，接着办", "已转回办理中。", hint="写清还差什么"),
        Step("return", "退回补充", "已退回，报的人会看到。", hint="写清要补充什么"),
        Step("resubmit", "补充好了", "已重新上报。"),
        Step("suspend", "挂起", "已挂起，期限停着不走。", hint="写清等什么"),
        Step("resume", "接着办", "接着办，剩下的时间从现在起算。"),
        Step("extend", "延期", "期限已改。", ("due_on",), "写清为什么；社区只能延一次"),
        Step("duplicate", "并入另一件", "已并入。", ("duplicate_of",)),
        Step("cancel", "作废", "已作废。", hint="写清为什么不办"),
        Step("reopen", "重开", "已重开，期限从现在起重新算。", hint="写清为什么"),
        Step("revisit", "到场看过", "已记到场看过。"),
        Step("note", "只说一句", "已记下。"),
    )
}
# What usually comes next, as buttons; all else that may be done is behind 更多.
_NEXT: dict[str, tuple[IssueStepName, ...]] = {
    "reported": ("accept", "assign"),
    "accepted": ("assign", "start"),
    "assigned": ("start", "done"),
    "in_progress": ("done", "negotiate"),
    "negotiating": ("done", "call"),
    "calling": ("done", "negotiate"),
    "done_pending_check": ("check", "reject"),
    "returned": ("resubmit",),
    "suspended": ("resume",),
    "closed": ("reopen",),
    "duplicate": ("reopen",),
    "cancelled": ("reopen",),
}
# Steps that are recorded in any state.
_ALWAYS: tuple[IssueStepName, ...] = ("revisit", "note")
# Many at once.
TOGETHER: tuple[IssueStepName, ...] = ("accept", "assign", "duplicate")


def offered(status: str, is_life: bool) -> tuple[list[Step], list[Step]]:
    """The next steps, and the others that move it or are noted."""
    first = [STEPS[code] for code in _NEXT[status]]
    others = [
        step
        for step in STEPS.values()
        if step not in first and (status in TABLE[step.code].moves or step.code in _ALWAYS)
    ]
    if not is_life or status in ENDED:
        others = [step for step in others if step.code != "revisit"]
    return first, [step for step in others if OFFICE & TABLE[step.code].who]


def worded(text: str) -> str:
    """A limit in words: 4 工作小时."""
    limit = issue_limits.read(text)
    return UNITS["now"] if limit.unit == "now" else f"{limit.amount} {UNITS[limit.unit]}"


def lasting(due_at: str, now: str) -> tuple[bool, str]:
    """Whether an instant has passed, and how long it is till then, or since."""
    found = left(due_at, now)
    return found.late, f"{found.n} {_UNITS[found.unit]}"


def timed(rows: Iterable[dict[str, Any]], now: str) -> list[dict[str, Any]]:
    """Rows with what is left of their time, in words."""
    return [{**row, **remaining(row, now)} for row in rows]


def remaining(row: dict[str, Any], now: str) -> dict[str, str]:
    """`left` in words, and its `tone`, till somebody sees to it, then till it is closed; what rests
    or ended has no clock."""
    if row["ended_at"]:
        return {"left": "", "tone": "ok"}
    if row["suspended_at"]:
        return {"left": "期限停着", "tone": "off"}
    what = "" if row["first_at"] else "处理"
    found = left(row["close_due"] if row["first_at"] else row["first_due"], now)
    said = f"{found.n} {_UNITS[found.unit]}"
    if found.late:
        return {"left": f"{what}超期 {said}", "tone": "bad"}
    return {"left": f"{what}还剩 {said}", "tone": "wait" if found.soon else "ok"}
