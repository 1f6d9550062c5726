"""The rules of review in words: when each asks, and why."""

from typing import NamedTuple

from sync import review_rules as rules


class Said(NamedTuple):
    """A rule in words: what it is called, when it asks and why, and the unit of its number."""

    word: str
    when: str
    why: str
    unit: str = ""


GROUPS: dict[str, dict[str, Said]] = {
    "问出来的": {
        "flag.now": Said(
            "马上要办的", "有一题答成“马上要办”", "人可能有危险，办公室要知道有人接手"
        ),
        "flag.red": Said("红色的", "有一题答成红色", "要在限期内跟进，先看派给谁"),
        "flag.amber": Said("黄色的", "有一题答成黄色", "还不急，但要有人记得"),
    },
    "结果": {
        "result.no_answer": Said("无人应答", "结果记成“无人应答”", "要确认后来找到人没有"),
        "result.refused": Said("拒访", "结果记成“拒访”", "之后先打电话，不再敲门"),
        "result.moved_out": Said("迁出", "结果记成“迁出”", "名册要办公室确认才改"),
        "result.deceased": Said("去世", "结果记成“去世”", "名册要办公室确认，慰问也要安排"),
        "result.wrong_info": Said("信息有误", "结果记成“信息有误”", "请办公室核对名册"),
        "corrected": Said(
            "走访人自己更正", "交上来以后又改过", "原来的和改后的都留着，看一眼改了什么"
        ),
    },
    "时间": {
        "time.early": Said(
            "敲门太早", "上门早于这个钟点", "怕打扰老人休息，也可能是手机时间不准", "clock"
        ),
        "time.late": Said(
            "敲门太晚", "上门晚于这个钟点", "怕打扰老人休息，也可能是手机时间不准", "clock"
        ),
        "time.ahead": Said(
            "手机时间快了", "走访时间比服务器晚这么多", "时间不对，月数会算错", "分钟"
        ),
        "time.old": Said("补记很久以前", "收到时已过了这么多天", "隔得久了容易记混，请核对", "天"),
        "time.file": Said("从文件导入", "手机发不出，存成文件带来的", "它的手机时间没有核对过"),
    },
    "快慢": {
        "pace.doors": Said(
            "一小时里户数很多", "同一人一小时超过这么多户", "多半是补记，问问走访时间准不准", "户"
        ),
        "pace.short": Said(
            "看望很短", "接连几次看望老人短于这么多秒", "可能点早了“结束”，也可能没见到人", "秒"
        ),
        "pace.series": Said(
            "接连几次算很短", "上一条连着出现这么多次才问", "偶尔一次很短很平常", "次"
        ),
    },
    "抽查": {
        rules.SAMPLE: Said(
            "平常的走访也看几条",
            "每一百条没有疑问的里看这么多条",
            "知道平常记得怎样；抽到谁只由编号定，不算谁的错",
            "%",
        ),
    },
}
SAID = {code: said for group in GROUPS.values() for code, said in group.items()}
assert SAID.keys() == rules.BY_CODE.keys(), "every rule says why it asks"


def shown(code: str, value: int) -> str:
    """A number of a rule in words."""
    unit = SAID[code].unit
    if not value:
        return "不问"
    if unit == "clock":
        return f"{value // 60:02}:{value % 60:02}"
    return f"{value} {unit}".replace(" %", "%") if unit else "问"
