"""How a door stands today: due, late, done, resting, on the way, or quiet."""

from collections.abc import Iterable
from typing import Any

from server.field.shelf import Fields
from server.field.views import people
from server.field.views.scene import Scene
from sync import days
from sync.care import may_be_early, sign
from sync.plans import EVENTS, FESTIVALS, MAJOR_CHANGE
from sync.respect import is_resting, moment

TO_DO = ("late", "due")
PLATES = {"late": "todo", "due": "todo", "done": "done"}
LAST_DAY = "9999-12-31"
# Somebody was there, or called, and knows no more than before.
MISSED = ("no_answer", "not_home", "rescheduled", "wrong_info")
# Reasons that a row names instead of how often the door is seen.
OCCASIONS = (*EVENTS, *FESTIVALS)


def tasks_by_door(scene: Scene) -> dict[str, list[Fields]]:
    """Open requests of the office that are for everybody or for me, earliest first."""
    found: dict[str, list[Fields]] = {}
    mine = ("", scene.person["id"])
    for task in scene.shelf.all("task"):
        if task["status"] == "open" and task["for_person"] in mine:
            found.setdefault(task["household_id"], []).append(task)
    for tasks in found.values():
        tasks.sort(key=lambda one: (one["due_on"], one["id"]))
    return found


def visit_today(scene: Scene, household: Fields) -> Fields | None:
    """The last visit of this day at the door, whoever made it."""
    if days.day(household["last_visit_at"], scene.timezone) != scene.today:
        return None
    made = [
        one
        for one in scene.shelf.of("visit", "household_id", household["id"])
        if not one["withdrawn"] and days.day(moment(one), scene.timezone) == scene.today
    ]
    return max(made, key=lambda one: (moment(one), one["id"]), default=None)


def stand(scene: Scene, household: Fields, tasks: Iterable[Fields]) -> Fields:
    """State of a door and the numbers that words are made of. Every name is always there."""
    visit = visit_today(scene, household)
    asked = [task for task in tasks if (task["due_on"] or scene.today) <= scene.today]
    wanted = [task["due_on"] or scene.today for task in asked]
    due_on = min([household["due_on"] or LAST_DAY, *wanted])
    is_due = due_on <= scene.today
    resting = is_resting(household["rest_until"], scene.today)
    early = may_be_early(household["due_on"], household["interval"], scene.today)
    # A contact within a day is wanted from the hour of the news.
    is_due = is_due or (early and household["due_category"] == MAJOR_CHANGE)
    # Who declined is telephoned: that is work, a knock is not.
    rests = resting and not (is_due and (asked or household["due_method"] == "phone"))

    return {
        "state": _state(is_due, rests, early, due_on, visit, scene),
        "is_due": int(is_due),
        "late": max(days.between(due_on, scene.today), 0) if is_due else 0,
        "left": days.between(scene.today, household["due_on"]) if household["due_on"] else 0,
        "task": asked[0]["reason"] if asked else "",
        "method": "phone" if resting else household["due_method"],
        "reason": next((one for one in household["due_reasons"] if one in OCCASIONS), ""),
        "visit_id": visit["id"] if visit else "",
        "visit_at": scene.local(moment(visit)) if visit else "",
        "visit_result": visit["result"] if visit else "",
        "visit_method": visit["method"] if visit else "",
        "missed": int(visit is not None and visit["result"] in MISSED),
        "waiting": scene.is_waiting(visit["id"]) if visit else 0,
    }


def row(scene: Scene, household: Fields, standing: Fields) -> Fields:
    """A door as a row of a list. Takes what `stand` said."""
    residents = scene.shelf.of("resident", "household_id", household["id"])
    state = standing["state"]
    plate = PLATES.get(state, "way")
    return {
        **standing,
        **people.heads(scene, household, residents),
        "badges": people.badges(scene, household, residents) if state != "done" else [],
        "id": household["id"],
        "door_no": household["door_no"],
        "unit": household["unit"],
        "floor": household["floor"],
        "label": household["label"],
        "plate": plate,
        "sign": sign_of(household, standing),
        "interval": household["interval"],
        "care": household["due_category"],
        "rest_until": household["rest_until"],
        "refused_on": refused_on(scene, household),
    }


def sign_of(household: Fields, standing: Fields) -> str:
    """The sign of a door; the names of labels.json `sign`."""
    state = standing["state"]
    if state == "done":
        return "wait" if standing["waiting"] else "none" if standing["missed"] else "done"
    if state == "rest":
        return "rest"
    if state == "idle" and household["tenure"] == "vacant":
        return "vacant"
    return sign(household["interval"])


def door_order(household: Fields) -> tuple[Any, ...]:
    """Top floor first, then the doors of a floor from left to right."""
    return (-household["floor"], *natural(household["door_no"]), household["id"])


def natural(text: str) -> tuple[int, str]:
    """Order by the number a name starts with or ends in, then by the name."""
    digits = "".join(character for character in text if character in "0123456789")
    return (int(digits[:9]) if digits else 0, text)


def _state(
    is_due: bool, rests: bool, early: bool, due_on: str, visit: Fields | None, scene: Scene
) -> str:
    if visit and (rests or not is_due):
        return "done"
    if rests:
        return "rest"
    if is_due:
        return "late" if due_on < scene.today else "due"
    return "way" if early else "idle"


def refused_on(scene: Scene, household: Fields) -> str:
    refused = household["last_result"] == "refused"
    return days.day(household["last_visit_at"], scene.timezone) if refused else ""
