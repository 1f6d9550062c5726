"""How an address is shown: the building and the room as their people write them."""

import re

from sync.address_texts import NAMED
from sync.addresses import Address
from sync.numerals import numbers, plain, unpadded


def building_name(code: str, written: str = "") -> str:
    """2座 stays 2座 where that is what they write; a bare 3 becomes 3栋 and a bare A1 A1座."""
    seen = unpadded(numbers(plain(written)))
    for mark in ("号楼", "栋", "幢", "座"):
        if re.search(rf"(?:^|[^A-Z0-9]){re.escape(code)}{mark}", seen):
            return code + mark
    if "巷" in code or re.fullmatch(NAMED, code):
        return code
    return code + ("座" if re.match("[A-Z]", code) else "栋")


def room_as_written(room: str, written: str) -> str:
    """0502 where the house writes its zero, else the plain room."""
    runs: list[str] = re.findall(r"[A-Z0-9]+", plain(written))
    return runs[-1] if runs and unpadded(runs[-1]) == room else room


def label(address: Address, building: str = "") -> str:
    """A door as people say it: 红棉苑 3栋 2单元 502."""
    building = building or building_name(address.building)
    stair = f"{address.unit}单元" if address.unit else ""
    return " ".join(part for part in (address.compound, building, stair, address.room) if part)
