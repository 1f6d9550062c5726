"""What visitors write down: short, plain, and without anybody's name."""

import random

_BY_RESULT = {
    "not_home": (
        "敲门没人，邻居说上班去了",
        "不在家，门上留了联系卡",
        "没人应，晚点再来",
        "下楼散步了，没碰上",
        "家里没人，改天再去",
    ),
    "rescheduled": ("正要出门，约了后天上午", "家里有客人，改约周末", "在带孩子上课，另约时间"),
    "refused": (
        "说家里都好，暂时不用上门",
        "隔着门说不方便，以后电话联系",
        "表示近期不接受入户",
        "不愿开门，已说明来意并留电话",
    ),
    "no_answer": (
        "敲门两次无人应，电话也没接",
        "屋里有电视声，敲门没回应",
        "平时这个点都在家，今天没人应",
    ),
    "wrong_info": ("电话已停机，需要核实", "登记的号码打过去不是本户"),
    "moved_out": ("同住的人说已搬去外区，待核实", "邻居说上周搬走了，请社区核实"),
    "away": ("去外地女儿家小住", "回老家探亲，说好回来后电话告知", "跟儿子去旅游了"),
    "hospital": ("住院观察，家属陪护", "做白内障手术，住院几天"),
    "institution": ("短期住护理院康复",),
    "vacant": ("门窗关好，无异常", "信箱有积信，已清理", "从外面看无漏水、无人住"),
}
_PHONE = (
    "电话里声音有精神，说一切都好",
    "电话确认平安，饭吃得香",
    "接电话及时，说昨天刚去过公园",
    "电话提醒按时吃药",
    "说这两天有点咳，会去社区医院看",
    "提醒天气转凉添衣服",
)
_ELDER = (
    "精神好，自己能做饭",
    "血压平稳，药按时吃",
    "家里干净，煤气软管去年换过",
    "腿脚比上月好一些",
    "聊了半小时，心情不错",
    "提醒了防诈骗，不接陌生电话",
    "走道杂物已请家属清理",
    "夜里起来次数多，睡得浅",
    "助餐送得准时，饭菜合口味",
    "呼叫器试过，能用",
    "说膝盖疼，下楼慢",
)
_FAMILY = ("家属在照顾，情况稳定", "照护人说胃口比上周好", "女儿在家陪着，说近来睡得好")
_ROUTINE = (
    "一切正常",
    "家里情况无变化",
    "问了楼道灯不亮的事，已报物业",
    "提醒电动车不要进楼充电",
    "宣传了加装电梯意见征求",
    "反映晚上楼下噪声",
    "孩子今年上小学，问了入学材料",
    "租约到年底，暂不搬",
    "已核对居住人数",
    "反映水压低，已记下",
)
# Shares of visits with a note: what went wrong is nearly always written down.
_SHARE_TROUBLE, _SHARE_ELDER, _SHARE_ROUTINE = 0.8, 0.45, 0.16


def note_for(rng: random.Random, visit_type: str, method: str, result: str) -> str:
    """A note that fits, or none."""
    if result in _BY_RESULT:
        share = 0.2 if result == "vacant" else _SHARE_TROUBLE
        return rng.choice(_BY_RESULT[result]) if rng.random() < share else ""
    cared_for = visit_type in ("elder_care", "phone", "weather", "recheck")
    if rng.random() > (_SHARE_ELDER if cared_for else _SHARE_ROUTINE):
        return ""
    if method != "door":
        return rng.choice(_PHONE)
    if result == "met_family":
        return rng.choice(_FAMILY if cared_for else _ROUTINE)
    return rng.choice(_ELDER if cared_for else _ROUTINE)


def trouble(rng: random.Random, result: str) -> str:
    return rng.choice(_BY_RESULT[result])


FOLLOWUPS = (
    ("换厨房灯管", "志愿者已换好"),
    ("申请高龄津贴，需带材料", "材料已收齐交街道"),
    ("卫生间想装扶手", "已登记适老化改造，本周安装"),
    ("代取慢病药", "药已送到"),
    ("煤气软管老化，联系更换", "燃气公司已更换"),
    ("想要助餐", "下周一起送餐"),
    ("预约上门理发", "已约每月二十日"),
    ("楼道堆物请物业清理", "物业已清走"),
    ("手机不会用医保码", "志愿者教会了"),
    ("漏水找楼上协调", "楼上已修好"),
)

TASKS = (
    "请看看：家属来电说老人这两天胃口差",
    "请看看：邻居反映半夜有敲墙声",
    "请看看：残疾证到期，问要不要代办",
    "请看看：物业说这户三天没倒垃圾",
    "请核对：同住人数和登记不一致",
)
TASKS_TODAY = (
    "请今天看看：家属来电说老人昨晚没睡好",
    "请今天看看：楼下反映厨房漏水，问问家里情况",
)
