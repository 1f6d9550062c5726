"""Seven compounds, their buildings and every door behind them."""

import math
from dataclasses import dataclass

from server.demo.figures import FULL, Figures

GRID_NAMES = {"1": "第一网格", "2": "第二网格", "3": "第三网格", "4": "第四网格"}

_NUMERALS = "一二三四五六七八九十"
_LANE_HOUSES = 7


@dataclass(frozen=True, slots=True)
class Compound:
    """`old` and `let` weigh how many old people and tenants live here."""

    name: str
    grid_id: str
    buildings: int
    units: int
    floors: int
    doors: int
    style: str
    word: str
    old: float
    let: float

    @property
    def size(self) -> int:
        return self.units * self.floors * self.doors


@dataclass(frozen=True, slots=True)
class Place:
    """A building before it has an id."""

    compound: Compound
    name: str
    floors: int
    order: int


@dataclass(frozen=True, slots=True)
class Door:
    place: Place
    unit: str
    floor: int
    door_no: str


COMPOUNDS = (
    Compound("红棉苑", "1", 24, 2, 7, 2, "walkup", "{}栋", old=1.5, let=0.8),
    Compound("龙腾阁", "1", 8, 1, 7, 4, "walkup", "{}座", old=0.9, let=0.9),
    Compound("凤凰里", "2", 18, 1, 9, 4, "walkup", "A{}座", old=1.1, let=0.8),
    Compound("荔香园", "3", 20, 2, 7, 2, "walkup", "{}栋", old=1.4, let=0.9),
    Compound("金桂花园", "3", 12, 2, 9, 2, "lift", "{}栋", old=0.9, let=0.8),
    Compound("榕荫新村", "4", 26, 1, 6, 3, "lane", "", old=0.9, let=2.2),
    Compound("碧湖湾", "4", 5, 1, 24, 4, "tower", "{}座", old=0.5, let=1.0),
)
_FULL_DOORS = sum(one.buildings * one.size for one in COMPOUNDS)
assert FULL.households + FULL.vacant == _FULL_DOORS


def doors_of(figures: Figures) -> list[Door]:
    """Every door in walking order: compound, building, unit, then from the bottom up.

    A smaller community keeps all seven compounds and at least two buildings in each; it has fewer
    buildings with fewer floors, and only the top floor may lack doors.
    """
    doors: list[Door] = []
    order = 0
    for compound, count in zip(COMPOUNDS, _split(figures), strict=True):
        buildings = _buildings(compound, count)
        for index in range(buildings):
            order += 1
            share = count // buildings + (index < count % buildings)
            floors = math.ceil(share / (compound.units * compound.doors))
            place = Place(compound, _name(compound, index, buildings), floors, order)
            doors += _doors(place, share)
    return doors


def _split(figures: Figures) -> list[int]:
    """Doors per compound in the proportions of the full community (largest remainder)."""
    total = figures.households + figures.vacant
    exact = [one.buildings * one.size * total / _FULL_DOORS for one in COMPOUNDS]
    counts = [max(2, math.floor(share)) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda index: counts[index] - exact[index])
    for index in by_rest[: total - sum(counts)]:
        counts[index] += 1
    assert sum(counts) == total
    return counts


def _buildings(compound: Compound, doors: int) -> int:
    share = doors / (compound.buildings * compound.size)
    wished = round(compound.buildings * math.sqrt(share)) if share < 1 else 0
    return min(doors, max(2, wished, math.ceil(doors / compound.size)))


def _doors(place: Place, share: int) -> list[Door]:
    compound = place.compound
    lowest_first = [
        (floor, unit, number)
        for floor in range(1, place.floors + 1)
        for unit in range(1, compound.units + 1)
        for number in range(1, compound.doors + 1)
    ][:share]
    digits = 4 if compound.style == "tower" else 3
    return [
        Door(
            place,
            str(unit) if compound.units > 1 else "",
            floor,
            f"{floor * 100 + number:0{digits}d}",
        )
        for floor, unit, number in sorted(lowest_first, key=lambda at: (at[1], at[0], at[2]))
    ]


def _name(compound: Compound, index: int, buildings: int) -> str:
    if compound.style != "lane":
        return compound.word.format(index + 1)
    lanes = math.ceil(buildings / _LANE_HOUSES)
    longer = buildings % lanes or lanes
    houses = math.ceil(buildings / lanes)
    if index < longer * houses:
        lane, house = divmod(index, houses)
    else:
        lane, house = divmod(index - longer * houses, houses - 1)
        lane += longer
    return f"{_numeral(lane + 1)}巷{house + 1}号"


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _NUMERALS[ones - 1]
    return (_NUMERALS[tens - 1] if tens > 1 else "") + "十" + (_NUMERALS[ones - 1] if ones else "")
