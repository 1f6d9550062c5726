"""Entries of the trail as sentences: who did what to whom.

`{about}` is what an entry is about, in words; the name of a resident only for those who may see it.
"""

from typing import Any

from server.office import listed
from server.office.labels import named
from server.reports.catalogue import REPORTS
from server.reports.personal_tables import WISH_ANSWERS
from server.retention import BY_CODE
from sync.scope import OFFICE

# What one looks for together.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "looks": ("看了谁", ("view", "identity.view", "reveal")),
    "taken": ("导出、打印", ("export", "export.person", "print", "report.made")),
    "imports": (
        "导入",
        (
            *("import", "import.read", "import.confirmed", "import.dropped", "import.undone"),
            *("correction.imported", "correction.skipped", "correction.dismissed"),
            *("outbox.read", "outbox.confirmed", "outbox.imported", "outbox.dropped"),
        ),
    ),
    "merges": (
        "合并、删除",
        (
            *("resident.merge", "resident.unmerge", "household.merge", "household.unmerge"),
            *("household.split", "resident.remove", "household.remove", "building.remove"),
            "contact.remove",
        ),
    ),
    "wishes": ("告知同意、本人要求", ("consent.record", "wish.add", "wish.answer")),
    "meetings": ("议事", ("meeting.add", "meeting.change", "meeting.decide", "meeting.close")),
    "roles": (
        "人员、分工",
        (
            *("person.add", "person.change", "building.assign", "building.unassign"),
            *("leave.set", "leave.end", "handover.set", "handover.told", "handover.undo"),
        ),
    ),
    "entry": (
        "登录、手机",
        (
            *("session.open", "session.end", "session.end_all", "password.change"),
            *("password.reset", "card.make", "card.use", "card.withdraw", "device.revoke"),
            "device.erased",
        ),
    ),
    "settings": (
        "设置、预警",
        (
            *(
                "settings.change",
                "holiday.set",
                *("report.columns", "report.schedule", "report.unschedule"),
                "retention.change",
                "retention.hold",
            ),
            *("retention.release", "review.rules", "review.assign", "issue.limits"),
            *("department.add", "department.change"),
            *("alert.dismiss", "alert.start", "alert.text", "alert.settings"),
            *("alert_feed.add", "alert_feed.change", "alert_feed.remove"),
            *("channel.add", "channel.change", "channel.remove", "channel.test"),
            *("server.restore", "server.restore_asked", "server.backup"),
            *("api_key.make", "api_key.withdraw"),
        ),
    ),
    "denied": ("没有权限", ("denied",)),
}

SENTENCES = {
    "view": "看了{about}",
    "identity.view": "看了{about}的身份证全号",
    "reveal": "在{about}里看了没有打码的电话",
    "export": "导出了{about}",
    "export.person": "给本人导出了{about}的全部资料",
    "print": "打印了{about}",
    "report.schedule": "定了自动做{about}",
    "report.unschedule": "停了自动做{about}",
    "report.made": "自动做{about}",
    "denied": "想打开 {about}，没有权限，没给看",
    "session.open": "登录，用{about}",
    "session.end": "退出登录，{about}",
    "session.end_all": "让{about}在所有手机上退出",
    "password.change": "改了自己的密码",
    "password.reset": "给了{about}一个临时密码",
    "card.make": "给{about}做了登录卡",
    "card.use": "用登录卡登录，{about}",
    "card.withdraw": "作废了{about}的登录卡",
    "device.revoke": "停用了{about}",
    "person.add": "加了{about}的账号",
    "person.change": "改了{about}的账号",
    "building.assign": "给{about}分了楼栋",
    "building.unassign": "收回了{about}的楼栋",
    "leave.set": "记了{about}请假",
    "leave.end": "给{about}销假",
    "settings.change": "改了社区设置",
    "retention.change": "改了资料保存多久",
    "retention.hold": "让{about}的资料先不清理",
    "retention.release": "让一户的资料到期就清理",
    "consent.record": "记了{about}的告知同意",
    "wish.add": "记了{about}本人的要求",
    "wish.answer": "答复了{about}本人的要求",
    "meeting.add": "记了一次议事会",
    "meeting.change": "改了会议记录",
    "meeting.decide": "记了会上定的一件事",
    "meeting.close": "散会，定了纪要",
    "resident.remove": "删了{about}",
    "household.remove": "删了{about}",
    "building.remove": "删了{about}",
    "contact.remove": "删了{about}",
    "resident.merge": "合并到{about}",
    "household.merge": "合并到{about}",
    "server.restore": "从备份恢复了全部资料",
    "api_key.make": "给城市热线接口做了一个密钥",
    "api_key.withdraw": "作废了城市热线接口的一个密钥",
}
# A refusal to a sign-in is about a person, not about a phone.
WRONG_PASSWORD = "{about}的账号登录，密码不对，没有登上"

NOUNS = {
    "resident": "居民",
    "household": "住户",
    "visit": "走访",
    "building": "楼栋",
    "contact": "电话",
    "issue": "事件",
    "contact-cards": "联系卡",
    "list": "名单",
    "meeting": "会议纪要",
}
PLACES = {
    "resident": "residents",
    "household": "households",
    "visit": "visits",
    "building": "buildings",
}
LISTS = {
    "audit": "日志",
    "rejects": "名册里没收的行",
    "consents": "告知同意一览",
    "personal-notice": "个人信息处理说明",
    "pairings": "结对",
    "search": "查找的结果",
    "contacts": "要核对的电话",
    "asked": "挨户问平安",
}
# What people typed as a reason may name a resident.
TYPED = ("identity.view", "export", "export.person", "print")
HIDDEN = "原因只给办公室看"
SETTINGS = {
    "intervals": "几天看望一次",
    "knocks_per_week": "每周最多敲门",
    "refused_rest_days": "拒访后歇几天",
    "contacts_per_day": "一人一天联系几户",
    "office_phone": "办公室电话",
    "gas_phone": "燃气抢修电话",
    "festivals": "节日",
    "division_code": "区划代码",
    "latitude": "纬度",
    "longitude": "经度",
    "name": "名称",
    "quiet": "敲门时间",
    "alert_minutes": "预警时限",
    "alert_quiet": "夜里不打扰",
    "role": "角色",
    "phone": "电话",
    "active": "停用或启用",
    "username": "账号",
    "review_rules": "待审规则",
    "subdistrict": "所属街道",
    "issue_limits": "事件时限",
    "working_hours": "办公时间",
    "pin_required": "手机要不要密码",
}


def told(row: dict[str, Any], names: dict[str, str], role: str) -> dict[str, str]:
    """`sentence`, `detail` and `link` of an entry, for somebody with this role."""
    may_see = role in OFFICE
    kind, _, record_id = str(row["target"]).partition(":")
    about = _about(row, names, may_see)
    is_wrong = row["action"] == "session.open" and row["outcome"] == "refused"
    pattern = WRONG_PASSWORD if is_wrong else SENTENCES.get(row["action"], "")
    sentence = (
        pattern.format(about=about) if pattern else f"{named(row['action'], 'audit')} {about}"
    )
    linked = may_see and kind in PLACES and row["target"] in names
    return {
        "sentence": sentence.strip(),
        "detail": _detail(row, may_see),
        "link": f"/office/{PLACES[kind]}/{record_id}" if linked else "",
    }


def _about(row: dict[str, Any], names: dict[str, str], may_see: bool) -> str:
    target = str(row["target"])
    if row["about_name"]:
        return str(row["about_name"])
    if target in REPORTS:
        return f"报表“{REPORTS[target].title}”"
    if target in LISTS:
        return LISTS[target]
    if target.removeprefix("list.") in listed.LISTS:
        return f"“{listed.LISTS[target.removeprefix('list.')].word}”"
    kind, _, record_id = target.partition(":")
    if kind not in NOUNS:
        return target
    name = names.get(target, "") if may_see else ""
    return f"{NOUNS[kind]} {name or LISTS.get(record_id, record_id[-8:])}"


def _detail(row: dict[str, Any], may_see: bool) -> str:
    detail = str(row["detail"])
    match row["action"]:
        case "settings.change" | "person.change" if detail:
            said = "改了：" + "、".join(SETTINGS.get(one, one) for one in detail.split())
        case "person.add":
            said = named(detail, "role")
        case "consent.record":
            said = {"yes": "愿意", "no": "不愿意或撤回"}.get(detail, detail)
        case "wish.add" if detail:
            said = f"{detail} 前答复"
        case "wish.answer":
            said = WISH_ANSWERS.get(detail, detail)
        case "retention.change" if detail:
            code, _, days = detail.partition(" ")
            said = f"{BY_CODE[code].what}：{days} 天" if code in BY_CODE else detail
        case "handover.set" if detail.count(" ") == 2:
            from_on, _, count = detail.split(" ")
            said = f"从 {from_on} 起，{count} 栋"
        case "leave.set":
            said = detail.replace(" ", " 至 ")
        case action if detail and action in TYPED and not may_see:
            said = HIDDEN
        case _:
            said = detail
    return said
