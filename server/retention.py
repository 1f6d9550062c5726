"""How long what is kept: the rules a community decides within, and what goes by itself anyway."""

from typing import NamedTuple

from server.store import retention as rows
from server.store.database import Tx


class Rule(NamedTuple):
    """`days` unless a community says otherwise, between `least` and `most`."""

    code: str
    what: str
    then: str
    why: str
    days: int
    least: int
    most: int


YEAR = 365
RULES = (
    Rule(
        "answers",
        "健康和居家安全的回答",
        "回答清空，走访本身还在",
        "两年前的身体情况对今天的看望没有用了；只有法律要求才能更久",
        *(730, 90, 730),
    ),
    Rule(
        "visits",
        "走访、跟进、交办、事件里写的话，待核、冲突和导入里留下的原文",
        "文字清空，谁哪天看望、办过什么还在",
        "五年内可能要查清一件事的经过",
        *(5 * YEAR, YEAR, 5 * YEAR),
    ),
    Rule(
        "pictures",
        "现场照片",
        "照片删除，走访和事件还在",
        "隐患改好以后不需要再看",
        *(2 * YEAR, 90, 5 * YEAR),
    ),
    Rule(
        "people",
        "已迁出、去世的人",
        "姓名只留姓，电话、生日、类别、身份证号删除",
        "不再看望，留着只有风险；一年内可能搬回来或家里人来问",
        *(YEAR, 90, 3 * YEAR),
    ),
    Rule(
        "alerts",
        "预警发给谁、发没发到",
        "发送记录删除，预警本身和结果还在",
        "三年内可能要查清预警到没到",
        *(3 * YEAR, YEAR, 5 * YEAR),
    ),
    Rule(
        "reports",
        "自动做好的报表",
        "文件删除，日志里还有谁下载过",
        "要的时候随时可以从记录里重新出，留着只是多一份名单",
        *(YEAR, 30, 3 * YEAR),
    ),
    Rule(
        "trail",
        "日志",
        "到期的删除，删之前签名，剩下的照样能核对",
        "规定至少保存三年",
        *(3 * YEAR, 3 * YEAR, 20 * YEAR),
    ),
)
BY_CODE = {one.code: one for one in RULES}
# Went before anybody could decide otherwise.
BY_ITSELF = (
    ("登录失败的记录", "十五分钟", "只用来挡住猜密码的人，不存账号原文"),
    ("名册预览（没有确认导入的）", "一天", "没有确认就是不要"),
    ("导入后撤回用的记录", "一天", "过了就不能撤回"),
    ("没有走访说到的照片", "三十天", "等文字先到"),
    ("当场导出的表格", "不保存", "当场生成，系统里不留"),
)


def days_of(tx: Tx, community_id: str) -> dict[str, int]:
    """How many days each rule keeps here."""
    own = rows.own(tx, community_id)
    return {one.code: own.get(one.code, one.days) for one in RULES}


def said(days: int) -> str:
    """A span as people say it."""
    if days % YEAR == 0:
        return f"{days // YEAR} 年"
    if days == 730:
        return "24 个月"
    return f"{days} 天"


def kept_for(code: str, days: dict[str, int]) -> str:
    """How long a field is kept, in words (`sync/purposes.py`)."""
    if code == "people":
        return f"在住期间；迁出或去世后 {said(days['people'])}"
    if code == "record":
        return "和这条记录一起；迁出或去世后只留不认得出人的部分"
    if code == "count":
        return "长期；不是个人信息"
    return said(days[code])
