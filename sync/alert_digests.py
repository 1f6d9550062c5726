"""What a group, a mailbox or a lock screen is told of a warning: one text for all of them.

Only what holds for everybody goes into it: the warning's own texts and names of buildings, never a
person, a door or a category.
"""

from collections.abc import Sequence

from msgspec import Struct

from sync.alert_records import Alert

NAMED = 10  # so many buildings by name, the others as a number
MAX_SOURCE = 60
ASKED = {
    "repeat": "请这些楼的楼长打开近邻走访，看过点确认，把文字发到群里。",
    "deputy": "楼长没有回音的，请副楼长接手转发。",
    "chief": "请网格长逐栋打电话，没有人转的自己转。",
    "secretary": "已报社区书记，请办公室和网格长马上打电话。",
}
# Nobody leads these buildings.
UNLED = {
    "chief": "请网格长自己转发，逐栋确认。",
    "secretary": "也没有网格长，请办公室马上安排人转发，逐栋确认。",
}


class Told(Struct, frozen=True, kw_only=True):
    title: str
    text: str


def of_alert(alert: Alert) -> Told:
    """A warning that begins, changes or ends: its message, where it is from, what to go by."""
    lines = [alert.message]
    if alert.state == "open" and alert.edition > 1:
        lines.append("内容有更新，请以这一条为准。")
    lines.append(_origin(alert))
    return Told(title=alert.title, text="\n".join(line for line in lines if line))


def of_silence(alert: Alert, kind: str, minutes: int, buildings: Sequence[str]) -> Told:
    """Nobody has answered for these buildings so many minutes after they were asked; after none,
    because nobody leads them."""
    names = "、".join(buildings[:NAMED])
    named = f"{names}等 {len(buildings)} 栋" if len(buildings) > NAMED else names
    title = f"{alert.title}：{len(buildings)} 栋没有回音"
    head = alert.title if alert.title.startswith("【") else f"【{alert.title}】"
    if not minutes:
        title = f"{alert.title}：{len(buildings)} 栋没有楼长"
        return Told(title=title, text=f"{head}没有楼长的楼：{named}。{UNLED[kind]}")
    text = f"{head}发出 {minutes} 分钟，还没有回音：{named}。{ASKED[kind]}"
    return Told(title=title, text=text)


def of_duty(title: str, short: str, silent: int) -> Told:
    """For one person's lock screen: the short form, or for how many buildings they should phone."""
    if silent:
        text = f"{silent} 栋没有回音，请打开近邻走访，逐栋打电话。"
        return Told(title=title, text=text)
    return Told(title=title, text=short)


def _origin(alert: Alert) -> str:
    source = alert.source[:MAX_SOURCE]
    if alert.source_id and alert.source_id != alert.source:
        source += f"（{alert.source_id[:MAX_SOURCE]}）"
    said = [f"来源：{source}。" if source else ""]
    if not alert.is_verified:
        said.append("转发的消息，还没有核实。")
    if alert.colour:
        said.append("以气象部门发布为准。")
    return "".join(said)
