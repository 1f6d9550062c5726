"""搜索: a door in any spelling, a name, its pinyin or initials, the last digits of a phone."""

import re
from typing import Any

from server.field.shelf import Fields, Shelf
from server.field.views import doors, people
from server.field.views.scene import Scene, page_of, scene_of
from sync import addresses

FOUND_SHOWN = 30
RECENT_SHOWN = 6
LONGEST = 60

_DIGITS = re.compile(r"\d{4,12}")
_LETTERS = re.compile(r"[a-z' ]{1,40}")


def search(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/search.html. `params`: q."""
    scene = scene_of(shelf, now_iso, settings)
    asked = params.get("q", "").strip()[:LONGEST]
    found, wanted = find(scene, asked)
    shown = [_row(scene, household) for household in found[:FOUND_SHOWN]]

    return {
        **page_of(scene, "搜索", "/search", tab="search"),
        "q": asked,
        "rows": shown,
        "found": len(found),
        "hidden": max(len(found) - FOUND_SHOWN, 0),
        "door": _door(wanted),
        "compounds": len({one["compound"] for one in shown}),
        "total": sum(1 for one in shelf.all("household") if one["status"] == "active"),
        "recent": _recent(scene),
    }


def find(scene: Scene, asked: str) -> tuple[list[Fields], addresses.Address | None]:
    """Households that answer, best first, and the door that the words were read as."""
    if not asked:
        return [], None
    wanted, by_door = _by_door(scene, asked)
    by_person = [] if wanted and wanted.building else _by_person(scene, asked)
    points: dict[str, int] = {}
    for household_id, rank in [*by_door, *by_person]:
        points[household_id] = max(points.get(household_id, 0), rank)
    known = [scene.shelf.get("household", household_id) for household_id in points]
    here = [one for one in known if one and one["status"] == "active"]
    return sorted(here, key=lambda one: _best(scene, points[one["id"]], one)), wanted


def _best(scene: Scene, points: int, household: Fields) -> tuple[Any, ...]:
    building = scene.shelf.get("building", household["building_id"]) or {"order": 0}
    unit = doors.natural(household["unit"])
    return (-points, building["order"], household["building_id"], unit, doors.door_order(household))


def _by_door(scene: Scene, asked: str) -> tuple[addresses.Address | None, list[tuple[str, int]]]:
    buildings = scene.shelf.all("building")
    readings = addresses.asked(asked, [one["compound"] for one in buildings])
    if not readings:
        return None, []
    named = {one["id"]: (one["compound"], one["name"]) for one in buildings}
    found: list[tuple[str, int]] = []
    best: addresses.Address | None = None
    for household in scene.shelf.all("household"):
        compound, name = named.get(household["building_id"], ("", ""))
        door = addresses.known(compound, name, household["unit"], household["door_no"])
        ranks = [addresses.rank(wanted, door) for wanted in readings]
        if max(ranks):
            found.append((household["id"], 2 * max(ranks)))
            best = best or readings[ranks.index(max(ranks))]
    return best or (readings[0] if readings[0].building else None), found


def _by_person(scene: Scene, asked: str) -> list[tuple[str, int]]:
    """By name or its letters: 4 the whole name, 3 its beginning, 2 a part; by phone: 3."""
    folded = asked.lower()
    if _DIGITS.fullmatch(folded):
        contacts = scene.shelf.all("contact")
        return [(one["household_id"], 3) for one in contacts if one["phone"].endswith(folded)]
    match = _by_letters if _LETTERS.fullmatch(folded) else _by_name
    words = re.sub(r"[' ]", "", folded) if _LETTERS.fullmatch(folded) else folded
    found = [(one["household_id"], match(one, words)) for one in scene.shelf.all("resident")]
    if match is _by_name:
        found += [(one["household_id"], match(one, words)) for one in scene.shelf.all("contact")]
    return [(household_id, rank) for household_id, rank in found if rank]


def _by_name(person: Fields, words: str) -> int:
    name = person["name"].lower()
    if name == words:
        return 4
    return (3 if name.startswith(words) else 2) if words in name else 0


def _by_letters(person: Fields, letters: str) -> int:
    """`pinyin` holds the whole name and its initials: "huangxiuzhen hxz"."""
    spelled = person["pinyin"].split(" ")
    if letters in spelled:
        return 4
    return 3 if any(one.startswith(letters) for one in spelled) else 0


def _row(scene: Scene, household: Fields) -> Fields:
    tasks = doors.tasks_by_door(scene).get(household["id"], [])
    row = doors.row(scene, household, doors.stand(scene, household, tasks))
    building = scene.shelf.get("building", household["building_id"]) or {"compound": "", "name": ""}
    if scene.is_leader:
        row = {**row, "sign": "", "badges": []}
    return {**row, "compound": building["compound"], "building": building["name"], "plate": "shown"}


def _door(wanted: addresses.Address | None) -> Fields:
    """What the words were read as, for the line above the rows; `is` is 0 when as no door."""
    if wanted is None:
        return {"is": 0, "is_lane": 0, **addresses.Address()._asdict()}
    return {"is": 1, "is_lane": int("号" in wanted.building), **wanted._asdict()}


def _recent(scene: Scene) -> list[Fields]:
    """Doors looked at last, newest first; the phone remembers them, the server does not."""
    found = [scene.shelf.get("household", one) for one in scene.settings["recent"][:RECENT_SHOWN]]
    return [
        {
            "id": one["id"],
            "door_no": one["door_no"],
            **people.heads(scene, one, scene.shelf.of("resident", "household_id", one["id"])),
        }
        for one in found
        if one
    ]
