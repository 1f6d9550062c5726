"""Words of a roster and what they mean: categories, kinship, sex, tenure, who is gone.

Registers that belong to other authorities (social correction, petitions, drugs, mental illness) are
dropped here before anything is kept: on a lost phone they would harm people.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from sync.numerals import half_width

_LABELS = {
    "living_alone": "独居老人 独居 独居长者",
    "empty_nest": "空巢老人 空巢 空巢长者 双老家庭",
    "oldest_old": "高龄老人 高龄 高龄长者 80岁以上",
    "functional_loss": "失能老人 失能 失能长者 半失能",
    "dementia": "失智老人 失智 失智长者 认知障碍",
    "severe_disability": "重度残疾 重残 残疾一级 一级残疾 残疾二级 二级残疾",
    "disability": "残疾人 持证残疾人 残疾三级 三级残疾 残疾四级 四级残疾",
    "special_family": "计生特殊家庭 失独家庭 失独",
    "subsistence_allowance": "低保户 低保 低保对象",
    "low_income_edge": "低保边缘 低边户",
    "destitute_support": "特困人员 特困 五保户",
    "childless_alone": "孤寡老人 孤寡 孤寡长者",
    "hardship": "困难户 困难家庭",
    "child_in_need": "困境儿童 留守儿童",
    "veteran": "退役军人 退伍军人 复员军人",
    "party_member": "党员 中共党员",
    "volunteer": "志愿者 义工",
}
LABEL_CODES = {word: code for code, words in _LABELS.items() for word in words.split()}

_RELATIONS = {
    "head": "户主|本人|户主本人|户主\\(本人\\)|本人\\(户主\\)|业主",
    "spouse": "配偶|妻子?|夫|丈夫|爱人|老伴|老婆|老公|太太",
    "son": "(?:长|次|大|二|三|四|五|小|幼|独生|养|继)?(?:儿子|子)|儿",
    "daughter": "(?:长|次|大|二|三|四|五|小|幼|独生|养|继)?(?:女儿|女)",
    "mother": "母亲?|妈妈?|养母|继母",
    "father": "父亲?|爸爸?|养父|继父",
    "grandson": "外?孙子?|长孙|次孙",
    "granddaughter": "外?孙女",
    "daughter_in_law": "(?:长|次|大|二|三|小)?儿?媳妇?",
    "son_in_law": "(?:大|二|三|小)?女婿",
    "sibling": "[兄弟姐姊妹]|哥哥?|弟弟|姐姐|妹妹|兄弟|姐妹|兄弟姐妹|兄妹|姐弟",
    "nephew": "侄|侄子|侄女|侄儿|外甥|外甥女",
    "relative": "亲戚|亲属|其他亲属|[外曾]?祖[父母]|爷爷|奶奶|外公|外婆|岳[父母]|公公|婆婆"
    "|孙媳妇?|孙女?婿|[伯叔姑舅姨].{0,2}",
    "carer": "保姆|护工|护理员|照护人|照顾人",
    "tenant": "租客|租户|合租|合租人|租住|租住人|承租|承租人|房客|租赁",
    "landlord": "房东",
    "neighbour": "邻居",
    "friend": "朋友",
    "other": "其他|其它|其他人|非亲属|无亲属关系|同住|同住人|同事|工友",
}
_RELATION_SHAPES = {code: re.compile(shape) for code, shape in _RELATIONS.items()}

_RESTRICTED_WORDS = (
    "精神障碍 精神障礙 精神疾病 精神疾患 精神病 精神残疾 精神殘疾 精神分裂 社区矫正 社區矯正"
    " 社矫 社矯 信访 信訪 上访 上訪 吸毒 戒毒 涉毒 刑满 刑滿 刑释 刑釋 安置帮教"
)
_GAP = "[\\s\u200b-\u200f\u2060\ufeff]*"
# With gaps, so that 社区矫正对象, 精 神 障 碍 and 吸毒 人员 are caught whole.
_RESTRICTED = re.compile(
    "(?:"
    + "|".join(_GAP.join(word) for word in _RESTRICTED_WORDS.split())
    + f")(?:{_GAP}(?:重点|人员|对象|患者|释放))*"
)
_MARK = "\x00"
_SEPARATORS = re.compile(r"[、,，/;；|+\s]+")
_CLAUSES = re.compile(r"[、,，/;；|+\s()\[\]{}（）【】。:：]+")
_NOTHING = frozenset({"", "无", "否", "-", "—", "--"})

_DECEASED = "已故|去世|死亡|病故|身故|过世|逝世|离世|亡故"
_MOVED_OUT = "搬走|迁出|搬离|迁走"
_GONE = re.compile(f"(.*?)(?:({_DECEASED})|({_MOVED_OUT}))")
_NOT_YET = re.compile("[未没]|不(?!幸)|拟|计划|准备|打算|可能|如果")
_KIN = re.compile(
    "老伴|丈夫|妻|配偶|爱人|父|母|儿|女|子女|孙|哥|弟|姐|妹|公公|婆婆|前夫|家人|家属|亲人|邻居|房东"
    "|原业主|原住户|原租|前租|上一?任"
)
_ABOUT_BOTH = re.compile("[随与跟和同被称说]|一起|全家|举家|告知|反映|通知")


class Labels(NamedTuple):
    """What a label cell said; of `dropped` words only their number is left."""

    codes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    dropped: int = 0


class Scrubbed(NamedTuple):
    text: str
    dropped: int = 0


class Departure(NamedTuple):
    """Why a person is no longer here: "deceased", "moved_out" or ""; `unclear` asks a human."""

    reason: str = ""
    unclear: bool = False


def read_labels(text: str) -> Labels:
    """Every label once, in the order written; restricted words are gone."""
    left = scrub(text)
    words = [one for one in _SEPARATORS.split(half_width(left.text)) if one not in _NOTHING]
    codes = [LABEL_CODES[one] for one in words if one in LABEL_CODES]
    unknown = [one for one in words if one not in LABEL_CODES]
    return Labels(tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(unknown)), left.dropped)


def is_restricted(text: str) -> bool:
    """Whether a word is in it that must be stored nowhere, in whatever width or spacing."""
    return not text.isascii() and bool(_RESTRICTED.search(half_width(text)))


def scrub(text: str) -> Scrubbed:
    """The text without the clauses that hold restricted words, and how many those were."""
    if not is_restricted(text):
        return Scrubbed(text)
    marked = _RESTRICTED.sub(_MARK, half_width(text))
    words = [one for one in _CLAUSES.split(marked) if one]
    return Scrubbed("、".join(one for one in words if _MARK not in one), marked.count(_MARK))


@lru_cache(maxsize=1024)
def relation(text: str) -> str:
    """The code of a kinship word, "" for an empty cell, "?" for a word nobody knows."""
    word = _tight(text).removeprefix("之").removeprefix("户主之").removeprefix("户主的")
    if word in _NOTHING:
        return ""
    for code, shape in _RELATION_SHAPES.items():
        if shape.fullmatch(word):
            return code
    return "?"


@lru_cache(maxsize=64)
def sex(text: str) -> str:
    """1 and 2 are the codes of the national standard."""
    word = _tight(text).upper()
    if word in ("男", "男性", "M", "MALE", "1"):
        return "m"
    return "f" if word in ("女", "女性", "F", "FEMALE", "2") else ""


@lru_cache(maxsize=1024)
def tenure(*texts: str) -> str:
    """The first of the texts that says whether the dwelling is let, owned or empty."""
    for text in map(_tight, texts):
        if is_vacant(text):
            return "vacant"
        if "租" in text:
            return "rent"
        if re.search("自住|自有|自购|自用|业主|产权", text):
            return "own"
    return ""


def is_vacant(name: str) -> bool:
    return bool(re.fullmatch(".{0,4}(?:空置|空房|未入住|无人居住|无人住).{0,4}", _tight(name)))


def departure(note: str, relation_to_head: str = "") -> Departure:
    """Whether a note says that this person is gone, and not a spouse, a tenant or a plan.

    丈夫去世 on a widow's row must not remove the widow.
    """
    unclear = False
    for clause in re.split("[,，;；。、]", half_width(note)):
        found = _GONE.match(_tight(clause))
        if found is None:
            continue
        before = found[1]
        of_kin = _KIN.search(before) or ("户主" in before and relation_to_head != "head")
        if _NOT_YET.search(before) or (of_kin and not _ABOUT_BOTH.search(before)):
            unclear = True
            continue
        return Departure("deceased" if found[2] else "moved_out")
    return Departure("", unclear)


def _tight(text: str) -> str:
    return re.sub("[\\s\u200b-\u200f\u2060\ufeff'\"]", "", half_width(text))
