"""Who hands a warning on, as it is when it begins."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from server.intake.writing import Writing
from server.store import alert_people
from server.store import people as rows
from sync.cascade import Building


class Staff(NamedTuple):
    """People on duty: told of every warning, drills too."""

    chief_ids: list[str]
    secretary_id: str
    worker_ids: list[str]


def buildings(writing: Writing) -> tuple[Building, ...]:
    """Every building with who leads it today, who else could, and whose grid it is in."""
    tx, home = writing.tx, writing.community_id
    today = rows.today_of(tx, home, writing.now)
    held: dict[str, list[dict[str, Any]]] = {}
    for one in alert_people.holders(tx, home, today):
        held.setdefault(one["building_id"], []).append(one)
    return tuple(
        _building(one, held.get(one["id"], [])) for one in alert_people.buildings(tx, home)
    )


def staff(writing: Writing) -> Staff:
    """The grid chiefs, and the secretary; where there is none, somebody of the office."""
    found = alert_people.staff(writing.tx, writing.community_id)
    seniors = _ids(found, "secretary") or _ids(found, "office")
    workers = _ids(found, "worker") + _ids(found, "social")
    return Staff(_ids(found, "chief"), next(iter(seniors), ""), workers)


def _building(row: dict[str, Any], held: list[dict[str, Any]]) -> Building:
    leaders = _of(held, "leader")
    present = [one for one in leaders if not one["is_away"]]
    chiefs = _of(held, "chief")
    at_work = [one for one in chiefs if not one["is_away"]] or chiefs
    return Building(
        id=row["id"],
        label=row["label"],
        grid_id=row["grid_id"],
        leader_id=_nth(present, 0),
        deputy_id=_nth(present, 1),
        chief_id=_nth(at_work, 0),
        households=row["households"],
    )


def _of(held: Iterable[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    return [one for one in held if one["role"] == role]


def _nth(people: list[dict[str, Any]], place: int) -> str:
    ids = list(dict.fromkeys(one["person_id"] for one in people))
    return ids[place] if place < len(ids) else ""


def _ids(found: Iterable[dict[str, Any]], role: str) -> list[str]:
    return [one["id"] for one in found if one["role"] == role]
