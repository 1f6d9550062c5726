"""楼栋图: units by floors, each door with its state; a tap picks and the bar below acts."""

from typing import Any

from server.field.shelf import Fields, Shelf
from server.field.views import doors, people
from server.field.views.calls import asked_about
from server.field.views.floors import floors_of
from server.field.views.scene import Scene, page_of, scene_of
from sync import days

SHOWN = ("all", "today", "late")
# From here on a tower: floors are jumped to, and only one line of a cell is spent on words.
TOWER_FLOORS = 12
JUMP = 6


def building(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/building.html; None when this building is not on the shelf.

    `params`: id, door (the picked household), show (all, today, late; for a leader attention).
    """
    scene = scene_of(shelf, now_iso, settings)
    here = shelf.get("building", params["id"])
    if here is None:
        return None

    households = [
        one for one in shelf.of("household", "building_id", here["id"]) if one["status"] == "active"
    ]
    tasks = doors.tasks_by_door(scene)
    standing = {one["id"]: doors.stand(scene, one, tasks.get(one["id"], [])) for one in households}
    show = _show(scene, params)
    picked = next((one for one in households if one["id"] == params.get("door", "")), None)
    cells = [_cell(scene, one, standing[one["id"]], picked, show) for one in households]
    columns, floors = floors_of(here, households, cells, only_bright=show != "all")
    back = "" if scene.is_leader else "/buildings"

    return {
        **page_of(scene, here["label"], f"/buildings/{here['id']}", tab="buildings", back=back),
        "building": {name: here[name] for name in ("id", "label", "leader_name")},
        "calls": asked_about(scene) if scene.is_leader else [],
        "doors": len(households),
        "floor_count": here["floors"],
        "is_tower": int(len(floors) > TOWER_FLOORS),
        "show": show,
        "filters": _filters(scene, households, standing),
        "columns": columns,
        "floors": floors,
        "jumps": _jumps(floors),
        "picked": _picked(scene, picked, standing),
    }


def _show(scene: Scene, params: Fields) -> str:
    allowed = ("all", "attention") if scene.is_leader else SHOWN
    asked = params.get("show", "")
    return asked if asked in allowed else "all"


def _filters(
    scene: Scene, households: list[Fields], standing: dict[str, Fields]
) -> list[dict[str, Any]]:
    if scene.is_leader:
        attention = sum(one["attention"] for one in households)
        return [{"show": "all", "n": 0}, {"show": "attention", "n": attention}]
    states = [at["state"] for at in standing.values()]
    late = states.count("late")
    return [
        {"show": "all", "n": 0},
        {"show": "today", "n": late + states.count("due")},
        {"show": "late", "n": late},
    ]


def _cell(
    scene: Scene, household: Fields, at: Fields, picked: Fields | None, show: str
) -> dict[str, Any]:
    if scene.is_leader:
        return _leaders_cell(scene, household, picked, show)
    residents = scene.shelf.of("resident", "household_id", household["id"])
    badges = people.badges(scene, household, residents)
    badge = badges[0] if badges else {"code": "", "age": 0}
    state, sign = at["state"], doors.sign_of(household, at)
    bright = show == "all" or state == "late" or (show == "today" and state == "due")
    return {
        "id": household["id"],
        "door_no": household["door_no"],
        "sign": sign,
        "look": "vacant" if sign == "vacant" else state,
        "tag": badge["code"],
        "age": badge["age"],
        "picked": int(household is picked),
        "dim": int(not bright),
        "name": "",
        **_since(scene, household, at),
    }


def _leaders_cell(
    scene: Scene, household: Fields, picked: Fields | None, show: str
) -> dict[str, Any]:
    """Doors, names and "needs attention", nothing else: a leader knows no reasons."""
    residents = scene.shelf.of("resident", "household_id", household["id"])
    names = people.heads(scene, household, residents)["names"]
    vacant = household["tenure"] == "vacant"
    sign = "attention" if household["attention"] else ""
    return {
        "id": household["id"],
        "door_no": household["door_no"],
        "sign": sign or ("vacant" if vacant else ""),
        "look": "vacant" if vacant and not sign else "idle",
        "tag": "vacant" if vacant else "",
        "age": 0,
        "picked": int(household is picked),
        "dim": int(show == "attention" and not sign),
        "name": names[0] if names else "",
        "since": "",
        "n": 0,
        "at": "",
    }


def _since(scene: Scene, household: Fields, at: Fields) -> Fields:
    """The last line of a cell as a word and its number or moment."""
    state = at["state"]
    if state == "done":
        return {"since": "done", "n": 0, "at": at["visit_at"]}
    if state == "rest":
        return {"since": "rest", "n": 0, "at": household["rest_until"]}
    if state in ("late", "due", "way"):
        return {"since": state, "n": at["late"], "at": ""}
    if not household["last_visit_at"] or household["tenure"] == "vacant":
        return {"since": "", "n": 0, "at": ""}
    last = days.day(household["last_visit_at"], scene.timezone)
    return {"since": "ago", "n": days.between(last, scene.today), "at": ""}


def _jumps(floors: list[dict[str, Any]]) -> list[Fields]:
    """Groups of floors to jump to in a tower, top first."""
    numbers = [floor["floor"] for floor in floors]
    if len(numbers) <= TOWER_FLOORS:
        return []
    groups = [numbers[at : at + JUMP] for at in range(0, len(numbers), JUMP)]
    return [{"top": group[0], "bottom": group[-1]} for group in groups]


def _picked(scene: Scene, picked: Fields | None, standing: dict[str, Fields]) -> list[Fields]:
    """The row of the picked door, as a list of none or one."""
    if picked is None:
        return []
    row = doors.row(scene, picked, standing[picked["id"]])
    if not scene.is_leader:
        return [row]
    residents = people.present(scene.shelf.of("resident", "household_id", picked["id"]))
    names = [one["name"] for one in residents]
    plain = {"names": names, "family": 0, "badges": [], "plate": "shown"}
    return [{**row, **plain, "attention": picked["attention"]}]
