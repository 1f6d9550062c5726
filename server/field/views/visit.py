"""走访: the form at the door, filled in as far as can be known beforehand."""

from server.field.shelf import Fields, Shelf
from server.field.views import choices, doors, people
from server.field.views.advice import advice_for
from server.field.views.asking import current
from server.field.views.checkup import checkups
from server.field.views.household import pairings_of
from server.field.views.scene import Scene, page_of, scene_of
from sync.respect import is_resting

NOTHING: Fields = {
    "result": "",
    "method": "",
    "type": "",
    "note": "",
    "followup": "",
    "away_until": "",
    "resident_ids": [],
    "started_at": "",
    "checkups": [],
}


GIVEN_AGAIN = ("result", "method", "type", "note", "followup", "away_until", "resident_ids")


def visit(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/visit.html; None when this door is not on the shelf.

    `params`: id; care: 1 when somebody is to be seen and asked; list: one more checklist to ask;
    from: a withdrawn visit to fill in again; given: what a form held before (refused or
    incomplete), named like the data of `visit.record`; replaces: the refused operation that this
    one stands for; photos: those a phone keeps for this form, as {sha256, n}; error and field: why
    the form comes back; again: 1 when it was not saved because `left` questions have no answer or
    something cannot wait.
    """
    scene = scene_of(shelf, now_iso, settings)
    here = shelf.get("household", params["id"])
    if here is None or here["status"] != "active" or scene.is_leader:
        return None

    building = shelf.get("building", here["building_id"])
    residents = shelf.of("resident", "household_id", here["id"])
    before = shelf.get("visit", params.get("from", "")) or {}
    known = {name: before[name] for name in GIVEN_AGAIN if before}
    seen = {"result": "met"} if params.get("care") else {}
    given = {**NOTHING, **_preset(scene, here), **seen, **known, **params.get("given", {})}
    wanted = [params["list"]] if params.get("list") else []
    path = f"/households/{here['id']}"

    return {
        **page_of(scene, here["label"], f"{path}/visit", back=path),
        "household": {
            "id": here["id"],
            "door_no": here["door_no"],
            "unit": here["unit"],
            "label": building["label"] if building else here["label"],
            **people.heads(scene, here, residents),
        },
        "advice": advice_for(scene, here),
        "given": {name: given[name] for name in NOTHING if name != "checkups"},
        "results": choices.results(choices.MAIN_RESULTS, given["result"]),
        "others": choices.results(choices.OTHER_RESULTS, given["result"]),
        "is_other": int(given["result"] in choices.OTHER_RESULTS),
        "types": choices.results(choices.TYPES, given["type"]),
        "methods": choices.results(choices.METHODS, given["method"]),
        "residents": choices.residents(scene, here, given["resident_ids"]),
        "relatives": choices.relatives(scene, here),
        "phrases": list(choices.phrases_for(here)),
        "tasks": _tasks(scene, here),
        "pairings": pairings_of(scene, here),
        "started_at": given["started_at"] or now_iso,
        "checkups": checkups(scene, here, given, wanted),
        "more_lists": _more_lists(scene, wanted),
        "wanted": wanted,
        "again": params.get("again", 0),
        "left": params.get("left", 0),
        "photos": params.get("photos", []),
        "photo_error": "",
        "replaces": params.get("replaces", ""),
        "error": params.get("error", ""),
        "field": params.get("field", ""),
    }


def _preset(scene: Scene, here: Fields) -> Fields:
    calls = is_resting(here["rest_until"], scene.today) or here["due_method"] == "phone"
    return {
        "type": choices.type_for(here),
        "method": "phone" if calls else "door",
        "resident_ids": choices.likely_met(scene, here),
    }


def _more_lists(scene: Scene, wanted: list[str]) -> list[Fields]:
    """Lists that are not asked of themselves: for storms, heat, fire and what the office adds."""
    return [
        {"code": one["code"], "title": one["title"]}
        for one in current(scene)
        if one["purpose"] != "elder" and one["code"] not in wanted
    ]


def _tasks(scene: Scene, here: Fields) -> list[Fields]:
    """Requests that this visit may settle; those of a later day are not ticked."""
    found = doors.tasks_by_door(scene).get(here["id"], [])
    return [
        {
            "id": one["id"],
            "reason": one["reason"],
            "chosen": int((one["due_on"] or scene.today) <= scene.today),
        }
        for one in found
    ]
