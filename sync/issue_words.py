"""Which kind of issue the words at a door speak of: a proposal that whoever raises it may change.

Rules are tried from the top: danger to people first, then danger, then need, then all else, so that
a sentence about two things is proposed as the graver one. A sentence of which nobody thought is
"other". Twin: web/phone/issue_words.js.
"""

import re
from typing import NamedTuple

OTHER = "other"

# What can be tapped instead of written. The words are then the text, and propose the kind.
QUICK = (
    *("路灯不亮", "垃圾桶坏了", "飞线充电", "楼道堆杂物", "楼上漏水", "水管爆裂", "乱停车"),
    *("噪声扰民", "垃圾没人清", "墙皮脱落", "井盖坏了", "代办证件"),
)


class Rule(NamedTuple):
    """Expressions that both languages read alike. Nothing of `no` may be in a text of `yes`."""

    category: str
    yes: str
    no: str = ""


RULES = (
    Rule(
        "life_safety",
        "没人[应开]|无人应|[没无]有?应答|没动静|敲.{0,6}没反应"
        "|[几两三][天日].{0,4}没(见|看到|出门)|[晕昏]倒|昏迷|喘不|胸口?[痛疼闷]|心脏|流血|触电"
        "|[溺落]水|中毒|120|被.{0,3}咬|(燃|煤|天然|液化)气.{0,6}[味漏泄臭]"
        "|闻到.{0,8}[燃煤然化]气|轻生|想不开|自杀|跳楼|不想活|活着没|[起着冒][火烟]|烧起来|被困"
        "|困在|家暴|打人|走[失丢]|(老人|婆|伯|爷|奶|孩).{0,8}(联系不上|不见了)",
        "油烟",
    ),
    Rule("life_safety", "摔|跌倒|滑倒", "怕.{0,8}[摔跌滑]|担心|容?易|以?免|小心|差点|东西"),
    Rule(
        "suggestion",
        "^我?们?(建议|提议|希望)|(想|能不能).{0,6}(装|多设)",
        "坏|破|漏|不亮|堵|裂|扶手|卫生间",
    ),
    Rule(
        "fire_hazard",
        "飞线|(电[动瓶单]|电池|楼[道梯]|[家屋室]里|阳台).{0,8}充电|充电.{0,6}楼[道梯]"
        "|(电[动瓶单]车?|电池).{0,8}([进上]楼|进电梯|楼[道梯]|家里)"
        "|(楼[道梯]|走廊|通道|出口|过道).{0,10}[堵占堆锁停放]"
        "|[堵占放].{0,6}(消防|楼道|通道|走廊|过道|出口)|消防|灭火器|明火|鞭炮|炭火|烧[纸香垃]"
        "|忘.{0,3}关火|电线.{0,6}[老乱裸露拖垂]|[私乱]拉|插座.{0,6}[烧焦烫]",
        "水管|漏水|停[电水]|没地方充",
    ),
    Rule(
        "public_facility",
        "围墙|护栏|栏杆|(楼梯|公共|小区).{0,4}扶手|(天台|屋顶|楼顶).{0,6}[漏渗]",
    ),
    Rule(
        "building_danger",
        "裂缝|开裂|裂[开了]|墙皮|(外墙|瓷砖).{0,8}[掉落脱松]|坠落|高空抛|掉[砖瓦块]|危[树房]"
        "|树.{0,8}[倒断歪枯掉压]|倾斜|塌|下沉|(雨棚|玻璃|外机|招牌|花盆).{0,8}[掉松碎落]",
    ),
    Rule("utility_fault", "爆管|管.{0,4}[爆炸裂]|[停断没][水电气]|跳闸|漏电"),
    Rule(
        "dispute",
        "(楼[上下]|邻居|隔壁|[0-9]房?).{0,14}[漏渗滴]|[漏渗滴].{0,10}(楼下|邻居|隔壁|天花)",
    ),
    Rule(
        "utility_fault",
        "井盖|污水|倒灌|[返反]水|下水道|化粪池|管道|[水电]表|电[箱闸]|总?阀门?|自来水|水龙头"
        "|暖气|燃气|煤气|(水管|管子).{0,6}[漏滴破坏冒]|(马桶|厕所|地漏|管).{0,4}堵",
    ),
    Rule(
        "relief",
        "低保|救助|断药|没[药钱米饭]|药.{0,6}(吃完|断)|吃不上|特困|看不起病|[大重]病|困难补助"
        "|交不起",
    ),
    Rule(
        "elder_need",
        "助[餐浴洗医]|饭堂|食堂|送[餐饭]|洗澡|陪诊|陪.{0,4}(看病|医院)|适老|扶手|护理床|轮椅"
        "|居家养老|助听器|(卫生间|浴室|厕所).{0,6}(改造|防滑)",
    ),
    Rule(
        "policy_service",
        "认证|优待证|老[年人][证卡]|医保|社保|津贴|残疾证|居住证|身份证|户口|证[明件]|代办"
        "|退休金|养老[金保]|补贴|年审|盖章",
    ),
    Rule(
        "dispute",
        "[漏渗]水|物业费|业委会|纠纷|矛盾|吵架|[吵打]起来|骂|加梯|加装电梯|赔|房[东租]|押金"
        "|公共收益|侵占",
    ),
    Rule("order", "噪|扰民|太吵|吵[得人醒]|广场舞|[狗鸡]叫|装修|麻将"),
    Rule(
        "public_facility",
        "路灯|灯.{0,6}(不亮|坏|灭|闪|黑)|没灯|[桶箱].{0,6}[破坏烂缺盖]|器材|门禁|对讲"
        "|[元子大]门.{0,6}[坏关开锁]|道闸|摄像头|电梯|[座长]椅|公厕|充电桩|路面|坑|地砖|台阶"
        "|坡道",
    ),
    Rule("suggestion", "(车位|绿化|树).{0,6}(少|不够|不足|太|修剪)|停车难"),
    Rule(
        "environment",
        "垃圾|堆|积水|小广告|脏|臭|味|[狗猫]屎|粪|蚊|老鼠|卫生|没人[扫清]|杂草|油烟|烟头"
        "|乱[扔丢贴]",
    ),
    Rule(
        "order",
        "停车|乱停|占[道用位]|占.{0,4}车位|车.{0,8}[堵挡]|僵尸车|搭[盖建]|违[建章]|遛狗|养鸡"
        "|种菜|摆?摊|群租|赌",
    ),
    Rule("suggestion", "建议|意见|希望|车位|绿化|加装|能不能|最好"),
)
_READ = [
    (one.category, re.compile(one.yes), re.compile(one.no) if one.no else None) for one in RULES
]


def proposed(text: str) -> str:
    """The kind of issue that a text speaks of; "other" when no word of it is known."""
    words = re.sub(r"\s", "", text)
    for category, yes, no in _READ:
        if yes.search(words) and not (no and no.search(words)):
            return category
    return OTHER
