"""Addresses: any spelling of a door becomes compound, building, unit and room, or nothing.

People write one door as 3-2-502, 三栋二单元502, 3#2-502 or ３栋２单元0502室. Import and search
read all of them here. What is not surely a door is None: a wrong door is worse than a rejected row.
Twin of web/phone/addresses.js; tests/vectors/addresses.json holds for both.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sync.address_texts import (
    CODE,
    LANE,
    LEAD,
    MAX_TEXT,
    NAMED,
    STAIR,
    ZONE,
    Read,
    compound_code,
    read_address,
    read_after_prefix,
    unit_code,
)
from sync.numerals import half_width, is_unfinished, numbers, plain, unpadded

_GLUED = re.compile(r"([A-Z]{1,2})([0-9]{3})")
_DISAGREED = "?"
_BUILDING = re.compile(rf"{ZONE}{CODE}|{LANE}号(?:之[0-9][0-9]?)?|{NAMED}")
_ROOM = re.compile(r"[A-Z]{0,2}[0-9]{1,4}[A-Z]?")


class Address(NamedTuple):
    """One door in its only spelling: ("红棉苑", "3", "2", "502"). Asked for, "" means any."""

    compound: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def key(self) -> str:
        return "|".join(self)


def parse(
    text: str,
    *,
    compounds: Sequence[str] = (),
    compound: str = "",
    building: str = "",
    unit: str = "",
    floor: str = "",
) -> Address | None:
    """The door that `text` names, helped by what the row's own columns say.

    None when it is no door: no building or room, a date, or a text and a column that disagree.
    """
    names = (compound, *compounds)
    if plain(building).endswith("巷"):
        building, text = "", building + text
    column = read_column(building, names)
    named = column.building if re.fullmatch(NAMED, column.building) else ""
    read = _read(plain(text).removeprefix(named), names)
    if read is None or _is_foreign_date(text) or is_unfinished(text):
        return None

    placed = _place(read, column.building)
    address = Address(
        _agreed(read.compound, compound_code(compound), column.compound),
        _agreed(placed.building, column.building),
        _agreed(unit_code(placed.unit), unit_code(unit) or column.unit),
        _with_floor(placed.room, floor or read.floor),
    )
    return address if is_door(address) else None


def is_door(address: Address) -> bool:
    """Whether all of it is plausible: a room of 5 digits or a building called 2026 is not."""
    return bool(
        address.compound != _DISAGREED
        and "0" not in address[1:]
        and _BUILDING.fullmatch(address.building)
        and re.fullmatch(f"(?:{STAIR})?", address.unit)
        and _ROOM.fullmatch(address.room)
    )


def asked(text: str, compounds: Sequence[str] = ()) -> list[Address]:
    """What a person searching may mean, likeliest first; an empty part stands for any."""
    spaced = re.sub(r"([A-Za-z0-9])\s+(?=[A-Za-z0-9])", r"\1-", half_width(text[:MAX_TEXT]).strip())
    read = read_address(spaced, compounds) or _with_half_a_compound(spaced, compounds)
    if read is None or len(read.parts) > 3 or (read.unit and len(read.parts) > 1):
        return []
    if len(read.parts) == 3:
        return [] if read.building else [Address(read.compound, *read.parts)]
    if len(read.parts) == 2 and not read.building:
        first, room = read.parts
        return [Address(read.compound, first, "", room), Address(read.compound, "", first, room)]

    unit, room = ("", "", *read.parts)[-2:]
    found = [Address(read.compound, read.building, unit or read.unit, room)]
    glued = _GLUED.fullmatch(room)
    if glued and not read.building:
        found.append(Address(read.compound, glued[1], unit or read.unit, glued[2]))
    if room and len(room) <= 2 and not (read.building or read.unit):
        found.append(Address(read.compound, room))
    return [one for one in found if any(one)]


def rank(wanted: Address, door: Address) -> int:
    """How well a door answers: 2 it is the one, 1 its room begins so, 0 not at all."""
    if wanted.compound not in door.compound:
        return 0
    if wanted.building not in ("", door.building) or wanted.unit not in ("", door.unit):
        return 0
    if wanted.room in ("", door.room):
        return 2
    return 1 if door.room.startswith(wanted.room) else 0


def known(compound: str, building: str, unit: str, door_no: str) -> Address:
    """The address of a stored door, from the names that its records show."""
    room = unpadded(plain(door_no))
    return Address(compound_code(compound), building_code(building), unit_code(unit), room)


def building_code(name: str) -> str:
    """三栋 and 3幢 are 3, 一巷3号 is 1巷3号; a name without a number stays itself."""
    read = read_address(name, ())
    return (read and (read.building or "".join(read.parts[:1]))) or plain(name)


def floor_of(room: str) -> int:
    """502 is on floor 5, 1203 on 12; a room of one or two digits is taken for the first floor."""
    digits = re.sub("[^0-9]", "", room)
    return int(digits[:-2]) if len(digits) > 2 else 1


def _read(text: str, compounds: Sequence[str]) -> Read | None:
    return read_address(text, compounds) or read_after_prefix(text)


@lru_cache(maxsize=1024)
def read_column(building: str, compounds: tuple[str, ...]) -> Read:
    """What a building column says; a house with a name (综合楼) is its own code."""
    read, words = _read(building, compounds), plain(building)
    if read is None:
        named = re.fullmatch(f"{NAMED}|.*巷", words)
        return Read(building=unpadded(numbers(words)) if named else _DISAGREED)
    first, second = (*read.parts, "", "")[:2]
    return read._replace(building=read.building or first, unit=read.unit or unit_code(second))


def _place(read: Read, home: str) -> Address:
    """Give the bare numbers their meaning; `home` is the building that the row's column names."""
    building, parts = read.building, read.parts
    if len(parts) == 3 and not building and not read.unit:
        return Address("", *parts)
    if len(parts) == 2 and not read.unit:
        return _place_two(*parts, building, home)
    if len(parts) != 1:
        return Address()

    if read.mark == "楼" and home not in ("", building):
        # 5楼502 beside a building column: the floor, provided that the room lies on it.
        building = "" if building == str(floor_of(parts[0])) else _DISAGREED
    glued = _GLUED.fullmatch(parts[0])
    if glued and not building and home in ("", glued[1]):
        return Address("", glued[1], read.unit, unpadded(glued[2]))
    return Address("", building, read.unit, parts[0])


def _place_two(first: str, room: str, building: str, home: str) -> Address:
    if len(first) > max(2, len(room)):
        return Address()  # 502-1 is a part of a flat, not room 1 of unit 502
    lettered = first == home and not home.isdigit()
    if building or (home and not lettered):
        return Address("", building, first, room)
    return Address("", first, "", room)


def _with_floor(room: str, floor: str) -> str:
    """Room 02 of floor 5 is 502: without it the doors of all floors would be one."""
    if not floor or len(re.sub("[^0-9]", "", room)) > 2:
        return room
    storey = re.fullmatch(r"([0-9]{1,2})[层楼]?", numbers(plain(floor)))
    if storey is None or "-" in floor:
        return _DISAGREED
    return unpadded(storey[1]) + (room.zfill(2) if room.isdigit() else room)


def _agreed(*said: str) -> str:
    """The one value that all who say something agree on."""
    values = {one for one in said if one}
    return _DISAGREED if len(values) > 1 else "".join(values)


def _with_half_a_compound(text: str, compounds: Sequence[str]) -> Read | None:
    """红棉3栋502 while somebody types; other leading words (清龙社区) say nothing."""
    whole = numbers(plain(text))
    lead = LEAD.match(whole)
    read = read_address(whole[lead.end() :], ()) if lead else None
    if lead is None or read is None or not any(read[1:]):
        return None
    half = any(lead.group() in compound_code(one) for one in compounds)
    return read._replace(compound=lead.group() if half else "")


def _is_foreign_date(text: str) -> bool:
    """2/5/2026: Excel wrote a door as a date and a csv kept it."""
    return bool(
        re.fullmatch(r"[0-9][0-9]?/[0-9][0-9]?/(19|20)[0-9][0-9]", half_width(text).strip())
    )
