"""天气叫应: whom a warning asks after, one by one, and what came of each.

A worker's rows are the contact tasks of the buildings they hold; a leader's are those about people
they look after, without a word of why.
"""

from typing import Any

from server.field.shelf import Fields, Shelf
from server.field.views import choices, doors, people
from server.field.views.checkup import checkups
from server.field.views.progress import progress
from server.field.views.redcard import reaches
from server.field.views.scene import Scene, page_of, scene_of
from server.field.views.warnings import warning
from sync.ladder import ITEM
from sync.weather_list import OUTCOMES

SHOWN = ("safe", "needs_help", "no_answer", "moved", "declined")
PHONES_SHOWN = 3
OVER = ("closed", "expired")
NOTHING: Fields = {"outcome": "", "method": "", "note": "", "started_at": "", "checkups": []}
assert set(SHOWN) == set(OUTCOMES)


def calls(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/calls.html. `params`: id of the warning; None where it asks after nobody."""
    scene = scene_of(shelf, now_iso, settings)
    rows = _ordered(scene, params["id"])
    alert = _alert(scene, params["id"])
    if alert is None:
        return None
    path = f"/alerts/{params['id']}/contacts"
    back = f"/alerts/{params['id']}" if warning(scene, params["id"]) else "/alerts"
    todo = [one for one in rows if one["state"] == "open"]
    done = [one for one in rows if one["state"] == "done"]
    return {
        **page_of(scene, "挨户问平安", path, back=back),
        "alert": alert,
        "todo": todo,
        "done": sorted(done, key=lambda one: (one["at"], one["id"]), reverse=True),
        "progress": progress(len(todo), done),
        "counts": {
            "late": sum(one["late"] for one in todo),
            "silent": sum(1 for one in todo if one["outcome"] == "no_answer"),
            "help": sum(1 for one in done if one["outcome"] == "needs_help"),
        },
    }


def call(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/call.html. `params`: id of the task, error and field; given: what was
    refused, named like the data of `alert.contact`; replaces: its id; again and left as in visit.
    """
    scene = scene_of(shelf, now_iso, settings)
    task = _task(scene, params["id"])
    alert = _alert(scene, task["incident_id"]) if task else None
    if task is None or alert is None:
        return None
    own = {"method": "phone", "started_at": now_iso}
    given = {**NOTHING, **own, **params.get("given", {})}
    here = shelf.get("household", task["household_id"])
    asked = {**given, "type": "weather"}
    wanted = [task["checklist"]] if here and not scene.is_leader and task["checklist"] else []
    lists = checkups(scene, here, asked, wanted) if here and wanted else []
    path, back = f"/contact-tasks/{task['id']}", f"/alerts/{task['incident_id']}/contacts"
    return {
        **page_of(scene, "问平安", path, back=back),
        "alert": alert,
        "task": line(scene, task),
        "household": {"id": task["household_id"], "door_no": here["door_no"] if here else ""},
        "phones": _phones(scene, task),
        "tried": [] if scene.is_leader else _tried(scene, task),
        "outcomes": choices.results(SHOWN, given["outcome"]),
        "methods": choices.results(choices.METHODS, given["method"]),
        "given": {name: given[name] for name in ("note", "started_at")},
        "checkups": [one for one in lists if one["code"] in wanted],
        "replaces": params.get("replaces", ""),
        "again": params.get("again", 0),
        "left": params.get("left", 0),
        "error": params.get("error", ""),
        "field": params.get("field", ""),
    }


def saved_call(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/_call.html, after a contact. `params`: id of the task."""
    scene = scene_of(shelf, now_iso, settings)
    task = _task(scene, params["id"])
    if task is None:
        return None
    back = f"/alerts/{task['incident_id']}/contacts"
    todo = [one for one in _ordered(scene, task["incident_id"]) if one["state"] == "open"]
    others = [one for one in todo if one["id"] != task["id"]]
    return {
        **page_of(scene, "问平安", back),
        "task": line(scene, task),
        "ladder": int(not scene.is_leader and _is_looked_for(scene, task)),
        "left": len(todo),
        "next": others[:1],
        "list": back,
    }


def asked_about(scene: Scene) -> list[Fields]:
    """Warnings that ask this person after somebody still, for a notice; those that hold first."""
    ids = {one["incident_id"] for one in _tasks(scene) if one["state"] == "open"}
    found = [one for incident_id in sorted(ids) for one in asked_of(scene, incident_id)]
    return sorted(found, key=lambda one: (one["over"], one["id"]))


def asked_of(scene: Scene, incident_id: str) -> list[Fields]:
    """How far the list of one warning is; a list of none where it asks after nobody."""
    found = [one for one in _tasks(scene) if one["incident_id"] == incident_id]
    tasks = [one for one in found if one["state"] != "cancelled"]
    alert = _alert(scene, incident_id)
    if not tasks or alert is None:
        return []
    left = [one for one in tasks if one["state"] == "open"]
    late = sum(_is_late(scene, one) for one in left)
    return [{**alert, "total": len(tasks), "left": len(left), "late": late}]


def asked_at(scene: Scene, household_id: str) -> list[Fields]:
    """What warnings still ask about one door."""
    found = [one for one in _tasks(scene) if one["household_id"] == household_id]
    return [
        {"id": one["id"], "title": (_alert(scene, one["incident_id"]) or {"title": ""})["title"]}
        for one in found
        if one["state"] == "open"
    ]


def line(scene: Scene, task: Fields) -> Fields:
    """A task as a row of the list."""
    here = scene.shelf.get("household", task["household_id"])
    phones = _phones(scene, task)
    tried = [one["id"] for one in task.get("contacts", [])]
    is_open = task["state"] == "open"
    begin_at = scene.local(task["begin_at"])
    return {
        **{name: task[name] for name in ("id", "household_id", "state", "outcome", "by_name")},
        **_who(scene, task, here),
        "is_red": task.get("is_red", 0),
        "method": task["method"],
        "due_at": scene.local(_overdue_at(task)),
        "late": _is_late(scene, task),
        "begin": int(is_open and not task["outcome"] and begin_at <= scene.now),
        "at": scene.local(task["at"]),
        "note": task.get("note", ""),
        "phone": phones[0]["phone"] if phones else "",
        "waiting": max(map(scene.is_waiting, tried), default=0),
    }


def _who(scene: Scene, task: Fields, here: Fields | None) -> Fields:
    """Names and door; a leader knows those of the pair only."""
    if scene.is_leader:
        return {"label": task["label"], "names": [task["name"]], "badges": [], "pair": ""}
    if here is None:
        return {"label": "", "names": [], "badges": [], "pair": ""}
    residents = scene.shelf.of("resident", "household_id", here["id"])
    asked = [one for one in people.present(residents) if one["id"] in task["resident_ids"]]
    pairings = scene.shelf.of("pairing", "household_id", here["id"])
    paired = [one["name"] for one in pairings if one["leader_id"] == task["assigned_to"]]
    return {
        "label": here["label"],
        "names": [one["name"] for one in asked],
        "badges": people.badges(scene, here, asked),
        "pair": paired[0] if task["assigned_to"] and paired else "",
    }


def _phones(scene: Scene, task: Fields) -> list[Fields]:
    """Whom to dial, those who are asked after first, then who reaches them."""
    if scene.is_leader:
        own = {"phone": task["phone"], "name": task["name"], "relation": "self"}
        return [own] if task["phone"] else []
    found = scene.shelf.of("contact", "household_id", task["household_id"])
    ranked = sorted(found, key=lambda one: (*_rank(task, one), one["id"]))
    names = ("phone", "name", "relation")
    return [{name: one[name] for name in names} for one in ranked[:PHONES_SHOWN]]


def _rank(task: Fields, contact: Fields) -> tuple[int, int]:
    is_theirs = contact["resident_id"] in task["resident_ids"]
    places = ("self", "contact", "neighbour")
    return places.index(reaches(contact["relation"] or "self")), int(not is_theirs)


def _tried(scene: Scene, task: Fields) -> list[Fields]:
    """What was done so far, the latest first."""
    names = ("outcome", "method", "by_name", "note")
    return [
        {
            **{name: one[name] for name in names},
            "at": scene.local(one["at"]),
            "waiting": scene.is_waiting(one["id"]),
        }
        for one in reversed(task["contacts"])
    ]


def _alert(scene: Scene, incident_id: str) -> Fields | None:
    """The warning in a few words; a leader's tasks say them themselves."""
    found = scene.shelf.get("alert", incident_id)
    of_task = next((one for one in _tasks(scene) if one["incident_id"] == incident_id), None)
    if found is None and of_task is None:
        return None
    said = found or {"state": "open", "title": "", "colour": "", **(of_task or {})}
    over = int(found is not None and found["state"] in OVER)
    return {"id": incident_id, "title": said["title"], "colour": said["colour"], "over": over}


def _tasks(scene: Scene) -> list[Fields]:
    return scene.shelf.all("pair_task" if scene.is_leader else "contact_task")


def _task(scene: Scene, task_id: str) -> Fields | None:
    return scene.shelf.get("pair_task" if scene.is_leader else "contact_task", task_id)


def _ordered(scene: Scene, incident_id: str) -> list[Fields]:
    """Red ones first, then those whom nobody has tried yet, then as one walks."""
    found = [one for one in _tasks(scene) if one["incident_id"] == incident_id]
    shown = [one for one in found if one["state"] != "cancelled"]
    return [line(scene, one) for one in sorted(shown, key=lambda one: _order(scene, one))]


def _order(scene: Scene, task: Fields) -> tuple[Any, ...]:
    here = scene.shelf.get("household", task["household_id"])
    building = scene.shelf.get("building", here["building_id"]) if here else None
    place = doors.door_order(here) if here else (0, *doors.natural(task.get("label", "")), "")
    unit = doors.natural(here["unit"]) if here else (0, "")
    order = building["order"] if building else 0
    return (-task.get("is_red", 0), int(bool(task["outcome"])), order, *unit, *place, task["id"])


def _overdue_at(task: Fields) -> str:
    return min((one for one in (task["due_at"], task["half_at"]) if one), default="")


def _is_late(scene: Scene, task: Fields) -> int:
    at = scene.local(_overdue_at(task))
    return int(task["state"] == "open" and bool(at) and at < scene.now)


def _is_looked_for(scene: Scene, task: Fields) -> bool:
    cases = scene.shelf.of("followup", "household_id", task["household_id"])
    is_open = any(one["item"] == ITEM and one["status"] == "open" for one in cases)
    return task["outcome"] == "no_answer" and is_open
