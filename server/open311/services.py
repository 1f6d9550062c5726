"""What can be filed: the kinds of issues, in the words in which people call."""

from typing import Any

from server.office.issue_labels import ISSUES
from sync.issue_limits import CATEGORIES

# By kind: what it is, words of callers, and what it belongs to.
_SAID = {
    "life_safety": ("有人可能出事：无人应答、摔倒、燃气味", "摔倒,燃气味,无人应答", "安全"),
    "fire_hazard": ("可能起火或堵住逃生的路", "飞线充电,通道堵,电动车进楼", "安全"),
    "utility_fault": ("水、电、气、排水出了故障", "水管爆裂,停电,井盖,污水倒灌", "设施"),
    "public_facility": ("公共的东西坏了", "路灯不亮,垃圾桶破,器材松,围墙坍塌", "设施"),
    "environment": ("脏、臭、积水、乱堆", "垃圾,乱堆物,积水,小广告", "环境秩序"),
    "order": ("乱停、乱搭、噪声", "乱停车,乱搭盖,噪声", "环境秩序"),
    "dispute": ("邻里、物业的矛盾", "漏水,物业费,邻里,加梯", "民生"),
    "elder_need": ("老人要人帮一把", "助餐,助医,适老改造", "民生"),
    "relief": ("生活有困难，要救助", "低保,临时救助", "民生"),
    "policy_service": ("办证、认证、代办", "认证,证件,代办", "民生"),
    "building_danger": ("房屋、树木有险情", "裂缝,掉落,危树", "安全"),
    "suggestion": ("对社区的意见和建议", "车位,绿化", "民生"),
    "other": ("别的事", "其他", "民生"),
}
assert _SAID.keys() == set(CATEGORIES), "every kind can be filed"

NAMES = ISSUES["issue_category"]
# What says nothing about anybody's life, purse or quarrel: everybody may see how far it is.
PUBLIC = frozenset(
    {
        *("fire_hazard", "utility_fault", "public_facility", "environment", "order"),
        *("building_danger", "suggestion"),
    }
)

ORDER, DUE = "order_number", "due_date"
_ATTRIBUTES = (
    (ORDER, "string", "工单编号。同一个编号再报，得到的是同一件。", "不超过 100 个字"),
    (DUE, "datetime", "工单要求在哪一天前办结。", "ISO 8601，例如 2026-03-02T17:00:00+08:00"),
)


def listed() -> list[dict[str, Any]]:
    return [
        {
            "service_code": code,
            "service_name": NAMES[code],
            "description": about,
            "metadata": True,
            "type": "realtime",
            "keywords": keywords,
            "group": group,
        }
        for code, (about, keywords, group) in _SAID.items()
    ]


def definition(code: str) -> dict[str, Any]:
    """What can be said besides the standard's own fields; nothing of it must be."""
    attributes = [
        {
            "variable": True,
            "code": name,
            "datatype": datatype,
            "required": False,
            "datatype_description": form,
            "order": order,
            "description": about,
            "values": [],
        }
        for order, (name, datatype, about, form) in enumerate(_ATTRIBUTES, 1)
    ]
    return {"service_code": code, "attributes": attributes}
