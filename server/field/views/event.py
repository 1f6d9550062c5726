"""变故: what happened to somebody here, so that they are seen soon and again."""

from server.field.shelf import Fields, Shelf
from server.field.views import choices
from server.field.views.household import events_of
from server.field.views.scene import Scene, page_of, scene_of
from sync.plans import EVENTS


def event(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/event.html and field/_event.html; None when this door is not on the shelf.

    `params`: id; error and field: why the form comes back.
    """
    scene = scene_of(shelf, now_iso, settings)
    here = shelf.get("household", params["id"])
    if here is None or here["status"] != "active" or scene.is_leader:
        return None

    back = f"/households/{here['id']}"
    residents = choices.residents(scene, here, choices.likely_met(scene, here))
    return {
        **page_of(scene, "记变故", f"{back}/event", back=back),
        "household": {name: here[name] for name in ("id", "door_no", "label", "due_on")},
        "kinds": [{"code": code, "chosen": 0} for code in EVENTS],
        "residents": residents,
        "whole": int(not any(one["chosen"] for one in residents)),
        "events": events_of(scene, here, _living(scene, here)),
        "error": params.get("error", ""),
        "field": params.get("field", ""),
    }


def _living(scene: Scene, here: Fields) -> list[Fields]:
    return scene.shelf.of("resident", "household_id", here["id"])
