"""Invented names of three characters, of the kind a generation gave, and phones nobody has."""

import random

_COMMON = "陈陈黄黄李梁林何罗谭"
_SURNAMES = _COMMON + "陈黄李梁林何罗谭邓冯曾谢卢麦邝区冼简霍岑莫欧关伍苏余黎钟廖温甄容招潘蔡叶杜邹"
_OLD_MEN = "炳锦沛桂兆润添焕钊柏汝耀铨棠渭灿佐庆镜祺", "泉坤祥标根松满桐培垣球堂铿钿淇"
_OLD_WOMEN = "惠杏彩瑞带笑翠琼葵顺洁凤金银秀月巧素妙淑", "婵娣妹好莲卿娥珍屏环枝萍仙桃菊媚贞颜"
_MEN = "绍颂展沛浩炜启倬敬佑铭卓韦允崇", "铿恒聪源钧灏朗棋焜霖楠翰濠锵"
_WOMEN = "婉嘉敏绮碧燕慧晓倩佩咏巧雁映韵", "仪霞雯媚莹筠岚棠妍蓓茵霏葶"
_BOYS = "梓睿沐昊宸语亦钰奕煜予书", "轩朗阳泽桐屹川尧"
_GIRLS = "芷柠语亦钰若奕予书沐妙", "桐涵萱妍悠芮禾玥彤"

_PHONE_PREFIX = "19900"


class Names:
    """Draws names; the surname may be given, for a family."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def surname(self) -> str:
        return self._rng.choice(_SURNAMES)

    def of(self, sex: str, age: int, surname: str = "") -> str:
        first, second = _pool(sex, age)
        given = self._rng.choice(first) + self._rng.choice(second)
        return (surname or self.surname()) + given

    def fresh(self, sex: str, age: int) -> str:
        """A name nobody else drawn this way has; for the people who sign in."""
        name = self.of(sex, age)
        while name in self._taken:
            name = self.of(sex, age)
        self._taken.add(name)
        return name


class Phones:
    """Numbers 1990000xxxx, each given once, in an order that looks unsorted."""

    def __init__(self, given: int = 0) -> None:
        self._next = given

    def next(self) -> str:
        block, number = divmod(self._next, 10_000)
        self._next += 1
        # 7919 shares no factor with 10,000, so a block is used up before a number comes again.
        return f"{_PHONE_PREFIX}{block:02d}{number * 7919 % 10_000:04d}"


def beside(name: str, sex: str, age: int) -> str:
    """The name that differs in its last sign alone, of the same generation."""
    _, second = _pool(sex, age)
    return name[:-1] + second[(second.find(name[-1]) + 1) % len(second)]


def _pool(sex: str, age: int) -> tuple[str, str]:
    if age >= 55:
        return _OLD_MEN if sex == "m" else _OLD_WOMEN
    if age >= 20:
        return _MEN if sex == "m" else _WOMEN
    return _BOYS if sex == "m" else _GIRLS
