"""Codes in which Chinese services say kind and colour. Two of them count colours the other way.

A title is always believed before a code: services mislabel them.
"""

import re

from sync.alert_signs import TYPES

# weather.com.cn and those who took its codes over: two digits of kind, two of colour.
SITE = {
    **{"01": "台风", "02": "暴雨", "03": "暴雪", "04": "寒潮", "05": "大风", "06": "沙尘暴"},
    **{"07": "高温", "08": "干旱", "09": "雷电", "10": "冰雹", "11": "霜冻", "12": "大雾"},
    **{"13": "霾", "14": "道路结冰", "91": "寒冷", "92": "灰霾", "93": "雷雨大风"},
    **{"94": "森林火险", "95": "降温", "96": "道路冰雪", "97": "干热风", "98": "空气重污染"},
    **{"51": "海上大雾", "52": "雷暴大风", "53": "持续低温", "56": "低温冻害", "57": "海上大风"},
    **{"59": "强对流", "61": "大雪", "62": "强降雨", "63": "强降温", "64": "雪灾"},
    **{"66": "雷暴", "67": "严寒", "68": "沙尘", "99": "低温"},
}
RISING = {"01": "blue", "02": "yellow", "03": "orange", "04": "red", "05": "white", "91": "white"}
FALLING = {"1": "red", "2": "orange", "3": "yellow", "4": "blue"}  # weather.cma.cn only

_SITE = re.compile(r"(?P<kind>\d\d)(?P<colour>\d\d)")
_MAP = re.compile(r"p(?P<kind>\d{4})\d\d(?P<colour>[1-4])")
_COMPACT = re.compile(r"11B(?P<kind>\d\d)_?(?P<colour>\w*)", re.IGNORECASE)
MAP_KINDS = {"0015": "雷雨大风"}  # the only one that could be confirmed; titles say the others

WORDS = {
    **{"白": "white", "蓝": "blue", "黄": "yellow", "橙": "orange", "红": "red"},
    **{word: word for word in ("white", "blue", "yellow", "orange", "red")},
}
_WORD = re.compile("|".join(WORDS))


def meaning(scheme: str, code: str) -> tuple[str, str]:
    """Kind and colour of a code of `site`, `map` or `compact`; "" for what it does not say."""
    if scheme == "site" and (found := _SITE.fullmatch(code)):
        return SITE.get(found["kind"], ""), RISING.get(found["colour"], "")
    if scheme == "map" and (found := _MAP.fullmatch(code)):
        return MAP_KINDS.get(found["kind"], ""), FALLING[found["colour"]]
    if scheme == "compact" and (found := _COMPACT.fullmatch(code)):
        said = found["colour"].lower()
        return TYPES.get(found["kind"], ""), RISING.get(said, WORDS.get(said, ""))
    return "", ""


def colour(*said: str) -> str:
    """The first colour that one of these texts names."""
    for text in said:
        if found := _WORD.search(text.lower()):
            return WORDS[found[0]]
    return ""
