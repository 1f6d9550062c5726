"""今日: what is due at my doors, merged by door, in the order one walks."""

from collections.abc import Iterable
from typing import Any

from server.field.shelf import Fields, Shelf
from server.field.views import doors
from server.field.views.calls import asked_about
from server.field.views.followups import counts
from server.field.views.matters import counts as issue_counts
from server.field.views.progress import progress
from server.field.views.scene import Scene, page_of, scene_of
from sync import days
from sync.care import RED_DAYS
from sync.ladder import ITEM

# Doors that may be taken along are an offer: three a stairwell, the earliest due.
WAY_PER_UNIT = 3
# More than a person walks in a week; what is behind the limit is reached by its building.
ROWS_SHOWN = 120
# Lines of the office and of the clock: what they tell of, and for how many days they are shown.
TOLD, TOLD_DAYS = ("handover", "reminder"), 7


def today(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/today.html. `params` is not used."""
    scene = scene_of(shelf, now_iso, settings)
    standing = _standing(scene)
    units = _units(scene, standing)
    listed, further = _cut(units)
    for one in further:
        building = shelf.get("building", one["building_id"])
        one["label"] = building["label"] if building else ""
    sections = [_section(scene, unit) for unit in listed]
    sections = [{**one, "first": int(at == 0)} for at, one in enumerate(sections)]
    _unfold_latest(sections)
    todo = sum(unit["todo"] for unit in units)
    done = [at for _, at in standing if at["state"] == "done"]

    return {
        **page_of(scene, "今日", "/today", tab="today"),
        "person": {"grid_names": scene.person["grid_names"]},
        "progress": progress(todo, done),
        "sections": sections,
        "further": further,
        "way_count": sum(1 for _, at in standing if at["state"] == "way"),
        "is_empty": int(not units),
        "followups": counts(scene),
        "issues": issue_counts(scene),
        "calls": asked_about(scene),
        "unanswered": _unanswered(scene),
        "returned": _returned(scene),
        "told": _told(scene),
    }


def _told(scene: Scene) -> list[Fields]:
    """Issues whose time runs out, and what was handed over of late, with what comes first."""
    since = days.after(scene.today, -TOLD_DAYS)
    found = [
        {
            "at": scene.local(one["at"]),
            "what": one["outcome"],
            "said": one["message"],
            "lines": one["reason"].split("\n"),
        }
        for one in scene.shelf.all("notice")
        if one["outcome"] in TOLD and one["state"] == "told" and scene.local(one["at"])[:10] > since
    ]
    return sorted(found, key=lambda one: (one["at"], one["said"]), reverse=True)


def _returned(scene: Scene) -> list[Fields]:
    """Own visits that the office sent back and that were not put right yet, the longest first."""
    found = []
    for one in scene.shelf.all("notice"):
        visit = scene.shelf.get("visit", one["visit_id"])
        here = scene.shelf.get("household", visit["household_id"]) if visit else None
        if one["state"] == "returned" and visit and here and visit["review"] == "returned":
            line = {"id": visit["id"], "label": here["label"], "reason": one["reason"]}
            found.append((one["at"], {**line, "field": one["field"]}))
    return [line for _, line in sorted(found, key=lambda one: (one[0], one[1]["id"]))]


def _unanswered(scene: Scene) -> list[Fields]:
    """Doors where somebody is looked for, the longest first."""
    found = [
        one
        for one in scene.shelf.all("followup")
        if one["item"] == ITEM and one["status"] == "open"
    ]
    rows = [(one, scene.shelf.get("household", one["household_id"])) for one in found]
    shown = [
        {"id": here["id"], "label": here["label"], "at": scene.local(one["opened_at"])}
        for one, here in rows
        if here
    ]
    return sorted(shown, key=lambda one: (one["at"], one["id"]))


def _standing(scene: Scene) -> list[tuple[Fields, Fields]]:
    tasks = doors.tasks_by_door(scene)
    return [
        (household, doors.stand(scene, household, tasks.get(household["id"], [])))
        for household in scene.shelf.all("household")
        if household["status"] == "active"
    ]


def _units(scene: Scene, standing: Iterable[tuple[Fields, Fields]]) -> list[dict[str, Any]]:
    """Stairwells with something on today's list, the most urgent building first."""
    units: dict[tuple[str, str], dict[str, Any]] = {}
    for household, at in standing:
        key = (household["building_id"], household["unit"])
        unit = units.setdefault(key, {"building_id": key[0], "unit": key[1], "doors": []})
        unit["doors"].append((household, at))
    urgencies: dict[str, int] = {}
    for unit in units.values():
        unit["todo"] = sum(1 for _, at in unit["doors"] if at["state"] in doors.TO_DO)
        unit["urgency"] = min(_urgency(*door) for door in unit["doors"])
        unit["rows"] = _picked(unit["doors"])
        known = urgencies.get(unit["building_id"], 9)
        urgencies[unit["building_id"]] = min(known, unit["urgency"])

    def order(unit: dict[str, Any]) -> tuple[Any, ...]:
        building_id = unit["building_id"]
        building = scene.shelf.get("building", building_id) or {"order": 0}
        first = (urgencies[building_id], building["order"], building_id, unit["urgency"])
        return (*first, *doors.natural(unit["unit"]))

    busy = [unit for unit in units.values() if urgencies[unit["building_id"]] < 8 and unit["rows"]]
    return sorted(busy, key=order)


def _urgency(household: Fields, at: Fields) -> int:
    """0 is a weekly door that is late; 8 and more is nothing for today."""
    if at["state"] in doors.TO_DO:
        weekly = 0 < household["interval"] <= RED_DAYS
        return (0 if at["state"] == "late" else 2) + (0 if weekly else 1)
    if at["state"] == "done":
        return 6
    return 7 if at["state"] == "rest" and at["is_due"] else 9


def _picked(of_unit: list[tuple[Fields, Fields]]) -> list[tuple[Fields, Fields]]:
    """Doors of a stairwell that are shown: all of today's and the nearest few on the way."""
    sure = [door for door in of_unit if _urgency(*door) < 8]
    way = [door for door in of_unit if door[1]["state"] == "way"]
    way.sort(key=lambda door: (door[1]["left"], doors.door_order(door[0])))
    return sorted(sure + way[:WAY_PER_UNIT], key=lambda door: doors.door_order(door[0]))


def _cut(units: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[Fields]]:
    """Stairwells that are listed, and how much waits in each building behind the limit."""
    listed: list[dict[str, Any]] = []
    further: dict[str, int] = {}
    rows = 0
    for unit in units:
        rows += len(unit["rows"])
        if rows <= ROWS_SHOWN or not listed:
            listed.append(unit)
        else:
            building_id = unit["building_id"]
            further[building_id] = further.get(building_id, 0) + unit["todo"]
    return listed, [
        {"building_id": building_id, "todo": todo} for building_id, todo in further.items()
    ]


def _section(scene: Scene, unit: dict[str, Any]) -> Fields:
    building = scene.shelf.get("building", unit["building_id"])
    rows = [doors.row(scene, household, at) for household, at in unit["rows"]]
    return {
        "building_id": unit["building_id"],
        "label": building["label"] if building else "",
        "unit": unit["unit"],
        "instead_of": _instead_of(scene, unit["building_id"]),
        "todo": unit["todo"],
        "rows": [one for one in rows if one["state"] != "done"],
        "done": [one for one in rows if one["state"] == "done"],
    }


def _instead_of(scene: Scene, building_id: str) -> str:
    """Who is away, where somebody stands in for them."""
    away = [name for name, _, held in scene.person["standing_in"] if building_id in held]
    return "、".join(away)


def _unfold_latest(sections: list[Fields]) -> None:
    """The door done last stays in its place, so that a worker sees it ticked; others fold."""
    done = [one for section in sections for one in section["done"]]
    latest = max(done, key=lambda one: (one["visit_at"], one["id"]), default=None)
    for section in sections:
        if latest in section["done"]:
            section["done"].remove(latest)
            section["rows"].append(latest)
            section["rows"].sort(key=doors.door_order)
