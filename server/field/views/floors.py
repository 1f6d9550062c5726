"""Where each door stands in a building: columns by unit and door, rows by floor, top first."""

from typing import Any

from server.field.shelf import Fields
from server.field.views.doors import door_order, natural

MAX_COLUMNS = 12


def floors_of(
    building: Fields, households: list[Fields], cells: list[dict[str, Any]], only_bright: bool
) -> tuple[list[Fields], list[dict[str, Any]]]:
    """The column heads and the floors of a map. A place without a household has an id of ""."""
    units = sorted({one["unit"] for one in households}, key=natural)
    by_place: dict[tuple[str, int], list[tuple[Fields, dict[str, Any]]]] = {}
    for household, cell in zip(households, cells, strict=True):
        by_place.setdefault((household["unit"], household["floor"]), []).append((household, cell))
    widths = {unit: _width(building, unit, by_place) for unit in units}

    numbers = [one["floor"] for one in households]
    top = max([building["floors"], *numbers])
    bottom = min([1, *numbers])
    floors: list[dict[str, Any]] = []
    for floor in range(top, bottom - 1, -1):
        row = [_row(by_place.get((unit, floor), []), widths[unit]) for unit in units]
        bright = any(cell["id"] and not cell["dim"] for unit in row for cell in unit)
        if bright or not only_bright:
            floors.append({"floor": floor, "units": row})
    return _heads(units, widths), floors


def _heads(units: list[str], widths: dict[str, int]) -> list[Fields]:
    """One head per unit; a building of one unit has one per door instead."""
    if len(units) != 1:
        return [{"unit": unit, "door": "", "span": widths[unit]} for unit in units]
    return [
        {"unit": units[0], "door": f"{door:02d}", "span": 1}
        for door in range(1, widths[units[0]] + 1)
    ]


def _width(
    building: Fields,
    unit: str,
    by_place: dict[tuple[str, int], list[tuple[Fields, dict[str, Any]]]],
) -> int:
    found = [placed for (of, _), placed in by_place.items() if of == unit]
    positions = [_position(household) for placed in found for household, _ in placed]
    fitting = [position for position in positions if position <= MAX_COLUMNS]
    doors: int = building["doors"]
    return max([doors, *fitting, *(len(placed) for placed in found)])


def _row(placed: list[tuple[Fields, dict[str, Any]]], width: int) -> list[dict[str, Any]]:
    """The cells of one unit on one floor: by the door's last two digits, else the next free."""
    row: list[dict[str, Any]] = [_nothing() for _ in range(width)]
    later = []
    for household, cell in sorted(placed, key=lambda one: door_order(one[0])):
        position = _position(household)
        if 1 <= position <= width and not row[position - 1]["id"]:
            row[position - 1] = cell
        else:
            later.append(cell)
    for cell in later:
        free = next(at for at, known in enumerate(row) if not known["id"])
        row[free] = cell
    return row


def _position(household: Fields) -> int:
    door_no: str = household["door_no"]
    digits = "".join(one for one in door_no if one in "0123456789")
    return int(digits[-2:]) if len(digits) > 2 else int(digits or 0)


def _nothing() -> dict[str, Any]:
    return {"id": "", "door_no": ""}
