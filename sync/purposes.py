"""Why each field is kept, who sees it and how long: what a resident is told, and nothing without.

A record gets a new field only together with its line here. `kept` names a rule of
`server/retention.py`; "record" goes with the record, "count" holds nothing that names anybody.
"""

from typing import NamedTuple

from sync.records import KINDS

OFFICE = "社区办公室"
DOORS = "社区办公室、负责这栋楼的网格员和社工"
LEADERS = "社区办公室、负责这栋楼的网格员和社工；楼长只看姓名和门牌"
PAIRED = "社区办公室、负责这栋楼的网格员和社工、结对的人"
REPORTERS = "报这件事的人、社区办公室"
STAFF = "本人、社区办公室、管理员"


class Purpose(NamedTuple):
    what: str
    why: str
    who: str
    kept: str


# What no resident gave: numbers of our own that tie records together.
OURS = frozenset({"id", "version", "disputed"})

# Kinds that say nothing of any person.
OF_NOBODY = frozenset({"checklist", "community", "alert"})


def _rows(*rows: tuple[str, str, str, str, str]) -> dict[str, Purpose]:
    return {
        name: Purpose(what, why, who, kept)
        for names, what, why, who, kept in rows
        for name in names.split()
    }


_PLACE = "household_id building_id"
PURPOSES: dict[str, dict[str, Purpose]] = {
    "building": _rows(
        (
            "compound name label grid_id grid_name units floors doors order style",
            *("楼栋", "知道门牌在哪、归谁负责", LEADERS, "count"),
        ),
        (
            "leader_name leader_phone",
            *("楼长的姓名、电话", "预警和有事时找得到楼长", DOORS, "record"),
        ),
    ),
    "household": _rows(
        ("building_id unit floor door_no label", "门牌", "找到门", LEADERS, "record"),
        ("tenure", "自住、出租或空置", "知道该不该敲门、租户变动", DOORS, "record"),
        (
            "own_categories categories",
            *("户的类别", "定多久看望一次", DOORS, "record"),
        ),
        (
            "due_on due_category interval due_method due_for due_reasons rest_until",
            *("下次看望的日子和缘由", "不漏访，也不多打扰", DOORS, "record"),
        ),
        (
            "event event_on event_note",
            *("家里出的事", "出院、丧亲等变故后及时看望", DOORS, "people"),
        ),
        (
            "last_visit_at last_result door_contact_on door_method",
            *("上次看望", "算下次看望的日子", DOORS, "record"),
        ),
        ("status added_on", "在不在用、哪天登记", "名册准确", DOORS, "record"),
        ("merged_ids split_from", "与哪一户是同一户、从哪一户分出", "不重复登记", DOORS, "record"),
    ),
    "resident": _rows(
        (_PLACE, "住处", "找到人", LEADERS, "record"),
        ("name pinyin", "姓名和拼音", "称呼、查找、不认错人", LEADERS, "people"),
        ("birth_on", "出生日期", "认定高龄、不认错同名的人", DOORS, "people"),
        ("sex", "性别", "称呼和上门安排", DOORS, "people"),
        ("relation_to_head", "与户主关系", "知道家里谁能照应", DOORS, "people"),
        ("categories", "类别（独居、残疾、低保等）", "定多久看望一次、该问哪些", DOORS, "people"),
        (
            "status status_until status_at",
            "在住、住院、外出、迁出、去世",
            "不白跑、不打扰",
            DOORS,
            "record",
        ),
        (
            "last_contact_on last_method paired",
            *("上次联系、有没有人结对", "算下次看望的日子", DOORS, "record"),
        ),
        ("event event_on event_note", "本人出的事", "变故后及时看望", DOORS, "people"),
        ("consent consent_on", "告知同意", "本人同意才问健康和居家安全", DOORS, "record"),
        ("visit_wish", "希望怎么看望", "按本人的意思少上门或打电话", DOORS, "people"),
        ("added_on", "哪天登记", "名册准确", DOORS, "record"),
        ("merged_ids", "与哪一条是同一个人", "不重复登记", DOORS, "record"),
    ),
    "redirect": _rows(
        ("of into by by_name at decided set_by work", "谁合并了哪两条", "能撤销", OFFICE, "record"),
        ("dropped kept", "合并以前两条各是什么", "合并错了能恢复", OFFICE, "people"),
    ),
    "contact": _rows(
        (f"{_PLACE} resident_id", "是谁的电话", "打给对的人", DOORS, "record"),
        ("name relation", "联系人的姓名、关系", "出事时知道打给谁", DOORS, "people"),
        ("phone", "电话", "电话探访、出事时联系家里人", DOORS, "people"),
        ("verified_on", "哪天核对过", "号码打得通", DOORS, "record"),
    ),
    "visit": _rows(
        (f"{_PLACE} resident_ids", "看望了谁", "不重复、不遗漏", DOORS, "record"),
        (
            "by by_name at true_at received_at started_at ended_at",
            *("谁、什么时候看望的", "记录真实、责任清楚", DOORS, "record"),
        ),
        ("type method result away_until", "看望的方式和结果", "定下次看望", DOORS, "record"),
        ("note followup", "情况和要跟进的事", "下次接着问、把事办完", DOORS, "visits"),
        ("checkups", "健康和居家安全的回答", "发现危险、及时帮助", DOORS, "answers"),
        ("media", "现场照片", "隐患整改前后对照", DOORS, "pictures"),
        ("task_ids pairing_id", "办了哪件交办、哪一对结对", "事情有回音", DOORS, "record"),
        (
            "review questions returned_reason returned_field corrected withdrawn before_transfer",
            *("审核和更正", "记录准确", DOORS, "record"),
        ),
    ),
    "task": _rows(
        (f"{_PLACE} resident_ids", "为谁", "找到人", DOORS, "record"),
        ("reason", "交办的事", "按居民的需要上门", DOORS, "visits"),
        (
            "due_on by by_name for_person status done_visit_id",
            *("谁交办、谁去、办没办", "事情有回音", DOORS, "record"),
        ),
    ),
    "followup": _rows(
        (f"{_PLACE} resident_id visit_id", "为谁、哪次看望提出的", "找到人", DOORS, "record"),
        ("what result note", "要跟进的事和结果", "把事办完", DOORS, "visits"),
        (
            "item level kind due_at recheck_days entries",
            *("哪一项要跟进、多急", "先办急的", DOORS, "visits"),
        ),
        ("restricted", "是不是只给办公室看", "更敏感的少让人看见", OFFICE, "record"),
        ("aliases", "同一个人以前的编号", "合并以后接得上", DOORS, "record"),
        ("steps", "没人应门时找过谁", "确认人平安", DOORS, "visits"),
        (
            "status opened_at by by_name closed_by closed_at done_visit_id",
            *("谁提出、谁办结", "责任清楚", DOORS, "record"),
        ),
    ),
    "issue": _rows(
        (_PLACE, "事情在哪栋楼、哪一户", "找到地方", DOORS, "record"),
        ("category place text", "报的是什么事", "把事办完", DOORS, "visits"),
        (
            "state side duplicate_of first_limit close_limit first_due asked_due close_due"
            " extended suspended_at first_at ended_at tell_at climbed reopened hard level"
            " raised_level solved_on_spot",
            *("办到哪一步、什么时候该办完", "按时办完，不拖", DOORS, "record"),
        ),
        (
            "source source_number ordered_on visit_id item",
            "从哪里来的",
            "能回复来处",
            DOORS,
            "record",
        ),
        ("restricted", "是不是只给办公室看", "更敏感的少让人看见", OFFICE, "record"),
        (
            "by by_name reported_at received_at joined holder holder_name done_by done_by_name"
            " done_at checked_by checked_by_name",
            *("谁报的、谁办的、谁核查的", "责任清楚，事情有回音", DOORS, "record"),
        ),
        ("satisfied", "报的人满不满意", "没办好的再办", DOORS, "record"),
        ("media", "现场照片", "整改前后对照", DOORS, "pictures"),
        ("entries", "每一步做了什么、说了什么", "事情有回音", DOORS, "visits"),
        (
            "calls calls_open call_due",
            *("呼叫了哪些部门、到没到场", "该来的部门来没来看得见", DOORS, "record"),
        ),
    ),
    "report": _rows(
        ("category place text", "自己报的是什么事", "知道报的是哪一件", REPORTERS, "visits"),
        (
            "state is_mine reported_at close_due ended_at may_reopen_until",
            *("办到哪一步", "报的人随时看得到", REPORTERS, "record"),
        ),
        ("media", "自己拍的现场照片", "整改前后对照", REPORTERS, "pictures"),
        ("entries", "给报的人看的回音", "事情有回音", REPORTERS, "visits"),
    ),
    "pairing": _rows(
        (f"{_PLACE} resident_id label", "为谁结对", "找到人", PAIRED, "record"),
        (
            "resident_name resident_phone",
            "老人的姓名、电话",
            "结对的人打得到电话",
            PAIRED,
            "people",
        ),
        (
            "name phone leader_id",
            "志愿者的姓名、电话",
            "老人和家人找得到结对的人",
            PAIRED,
            "people",
        ),
        (
            "from_on until_on contacted_on status",
            "结对的起止和上次联系",
            "不断档",
            PAIRED,
            "record",
        ),
    ),
    "pair": _rows(
        ("name label phone", "结对老人的姓名、住处、电话", "打电话问候", PAIRED, "people"),
        ("contacted_on", "上次联系", "不断档", PAIRED, "record"),
    ),
    "answers": _rows(
        (_PLACE, "住处", "找到人", DOORS, "record"),
        ("items", "每一项最近的回答", "下次不重复问、发现变化", DOORS, "answers"),
    ),
    "contact_task": _rows(
        (
            f"incident_id {_PLACE} resident_ids",
            "预警时要问平安的人",
            "极端天气时先问",
            DOORS,
            "record",
        ),
        (
            "colour is_red is_new method checklist assigned_to asked_at again_at begin_at due_at"
            " half_at state is_past",
            *("谁去问、什么时候前", "不漏一个人", DOORS, "record"),
        ),
        (
            "outcome by by_name at is_late contacts",
            *("问到了没有、平安不平安", "需要帮助时马上有人去", DOORS, "visits"),
        ),
        ("note", "当时的情况", "需要帮助时马上有人去", DOORS, "visits"),
    ),
    "pair_task": _rows(
        (
            "incident_id household_id pairing_ids resident_ids name label phone",
            *("预警时要问平安的结对老人", "打电话问平安", PAIRED, "alerts"),
        ),
        (
            "title colour method begin_at due_at half_at state outcome by_name at",
            *("什么预警、什么时候前、问到没有", "不漏一个人", PAIRED, "alerts"),
        ),
    ),
    "person": _rows(
        ("name role", "工作人员的姓名、角色", "知道谁上门、谁能看什么", STAFF, "record"),
        (
            "community_name office_phone timezone grid_names building_ids elsewhere standing_in",
            *("负责哪些楼栋", "只看得到自己负责的", STAFF, "record"),
        ),
    ),
    "notice": _rows(
        (
            "operation_kind outcome code message state household_id visit_id field reason at",
            *("没有直接收下的记录", "让工作人员知道、改好再交", STAFF, "record"),
        ),
    ),
    "duty": _rows(
        (
            "incident_id person_id role why kind colour title area sent_at ends_at state is_drill"
            " edition message short guide source from_at asked_at repeated_at office_phone"
            " acknowledged_at buildings is_past",
            *("预警请谁转告哪些楼", "预警一栋不漏", STAFF, "alerts"),
        ),
    ),
}

# What is kept of people beside records.
BESIDE: dict[str, Purpose] = {
    "identity": Purpose(
        "身份证号（加密，只显示末四位）",
        "导入时不认错人、不重复登记",
        f"{OFFICE}，看全号要写原因",
        "people",
    ),
    "roster_said": Purpose("名册上写的", "名册更新时知道改了什么", OFFICE, "people"),
    "trail": Purpose(
        "谁看过、导出过、打印过、改过", "有人乱看查得出来", f"{OFFICE}、管理员", "trail"
    ),
    "wish": Purpose("本人的查阅、更正、删除要求", "按期答复", OFFICE, "trail"),
}


def of(kind: str, field: str) -> Purpose | None:
    """The line of a field; None for a number of our own, and for what says nothing of people."""
    if field in OURS or kind in OF_NOBODY:
        return None
    return PURPOSES[kind][field]


def missing() -> list[str]:
    """Fields of records that have no line, and lines without a field."""
    wrong = []
    for kind, struct in KINDS.items():
        told = set(PURPOSES.get(kind, {}))
        there = set() if kind in OF_NOBODY else set(struct.__struct_fields__) - OURS
        wrong += [f"{kind}.{name}" for name in sorted(told ^ there)]
    return wrong
