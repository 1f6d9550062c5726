"""How old people of the demo are: what they answer as a rule, and what visitors found once."""

import random
from typing import Any, NamedTuple

from server.demo.shapes import Resident
from sync.care import OLD_AGE, age_on


class Finding(NamedTuple):
    """An answer that asks for something, and what came of it."""

    question: str
    value: Any
    result: str


# Found when everything was asked for the first time, or at any visit.
RED = (
    Finding("E16", ["ebike"], "电瓶搬到楼下充电棚了，和家属说清了道理"),
    Finding("E05", "stopped", "药取回来送到家，家属以后按月取"),
    Finding("E03", 1, "复查过，没有大碍，扶手已装"),
    Finding("E19", "blocked", "和家属一起清开了，阳台门能打开"),
    Finding("E06", "hardly", "从当天起送餐，胃口好些了"),
    Finding("E18", ["flue"], "直排式热水器停用了，家属换了新的"),
    Finding("E03", 2, "转街道做能力评估，轮椅已借到"),
    Finding("E21", ["cracks"], "住建办来看过，掉的是粉刷层，已铲掉"),
    Finding("E10", "cheated", "陪着报了警，银行止付了一部分"),
    Finding("E16", ["wire"], "物业电工换了线"),
    Finding("E09", "often", "约了评估，办了防走失卡"),
    Finding("E13", "suspected", "社区和派出所一起谈过，子女写了保证"),
)
NOW = (
    Finding("E17", ["smell"], "燃气公司当天来换了胶管，测过不漏"),
    Finding("E04", ["chest"], "120 送医院，住了五天，已经出院"),
)
AMBER = (
    Finding("E17", ["hose"], "燃气公司换了软管"),
    Finding("E04", ["dizzy"], "又去看过，血压平稳，没再头晕"),
    Finding("E25", ["meals"], "下周一起送餐"),
    Finding("E15", ["certification"], "用手机帮着认证好了"),
    Finding("E19", "clutter", "志愿者帮着清理了"),
    Finding("E16", ["overload"], "换了带开关的插排，分开插"),
    Finding("E11", "rarely", "给儿子打了电话，答应每周来一次"),
    Finding("E04", ["pain"], "陪着去了社区医院，开了膏药"),
    Finding("E24", "no", "装了呼叫器，和对门约好了"),
    Finding("E17", ["no_alarm"], "报警器装好了"),
    Finding("E07", "sleepless", "去看了医生，睡得好些了"),
    Finding("E14", "unpaid", "到窗口问清，补发到账"),
    Finding("E25", ["haircut"], "每月二十日上门理发"),
    Finding("E21", ["leak"], "物业补了防水"),
    Finding("E15", ["allowance"], "材料收齐，交到街道了"),
    Finding("E12", "none", "找了对门邻居当联系人"),
)
# Found in the last weeks and done. Days ago, and what.
LATELY_RED = (
    (3, Finding("E06", "hardly", "助餐送上了，女儿这周住过来")),
    (6, Finding("E03", 1, "又去看过，走路没问题，卫生间铺了防滑垫")),
    (9, Finding("E06", "hardly", "看了牙医，能吃东西了")),
    (13, Finding("E03", 1, "复查过，膝盖擦伤已经好了")),
    (17, Finding("E06", "hardly", "志愿者每天送一餐")),
    (21, Finding("E03", 1, "装了夜灯和扶手")),
)
# Nobody has said yet what came of these; the first has passed its limit.
STILL_RED = ((4, RED[2]), (1, RED[0]), (1, RED[6]))
STILL_AMBER = ((9, AMBER[0]), (4, AMBER[5]), (3, AMBER[8]), (2, AMBER[15]), (1, AMBER[1]))


def usual(rng: random.Random, one: Resident, today: str) -> dict[str, Any]:
    """What somebody answers when all is as always: nothing that asks for anything."""
    held = set(one.categories)
    old = age_on(one.birth_on, today) >= OLD_AGE
    walks = "cane" if old and rng.random() < 0.6 else "free"
    if "functional_loss" in held:
        walks = "helped" if rng.random() < 0.75 else "bed"
    family = "weekly" if rng.random() < 0.65 else "monthly"
    return {
        "E01": "clear",
        "E02": walks,
        "E03": 0,
        "E04": ["none"],
        "E05": rng.choice(("regular", "regular", "regular", "missed") if old else ("none",)),
        "E06": "less" if rng.random() < 0.06 else "normal",
        "E07": "poor" if rng.random() < 0.25 else "good",
        "E08": "low" if rng.random() < 0.05 else "calm",
        "E09": "sometimes" if "dementia" in held or rng.random() < 0.08 else "clear",
        "E10": "none",
        "E11": "nobody" if "childless_alone" in held else family,
        "E12": "valid",
        "E13": "none",
        "E14": "paid",
        "E15": ["none"],
        "E16": ["good"],
        "E17": ["good"],
        "E18": ["good"],
        "E19": "clear",
        "E20": "have",
        "E21": ["good"],
        "E22": "stable",
        "E23": "fair" if rng.random() < 0.2 else "good",
        "E24": "yes",
        "E25": ["none"],
        "E26": "phone" if rng.random() < 0.004 else "yes",
    }
