"""变故: what happened to somebody here, so that they are seen soon and again."""

from server.field.shelf import Fields, Shelf
from server.field.views import choices
from server.field.views.household import events_of
from server.field.views.scene import Scene, page_of, scene_of
from sync.plans import EVENTS

NOTHING: Fields = {"what": "", "resident_id": "", "note": ""}


def event(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/event.html and field/_event.html; None when this door is not on the shelf.

    `params`: id; error and field: why the form comes back; given: what was refused, named like the
    data of the operation; replaces: its id.
    """
    scene = scene_of(shelf, now_iso, settings)
    here = shelf.get("household", params["id"])
    if here is None or here["status"] != "active" or scene.is_leader:
        return None

    back = f"/households/{here['id']}"
    given = {**NOTHING, "on": scene.today, **params.get("given", {})}
    about = [given["resident_id"]] if "given" in params else choices.likely_met(scene, here)
    residents = choices.residents(scene, here, about)
    return {
        **page_of(scene, "记变故", f"{back}/event", back=back),
        "household": {name: here[name] for name in ("id", "door_no", "label", "due_on")},
        "kinds": choices.results(EVENTS, given["what"]),
        "undone": int("given" in params and not given["what"]),
        "residents": residents,
        "whole": int(not any(one["chosen"] for one in residents)),
        "events": events_of(scene, here, _living(scene, here)),
        "on": given["on"],
        "note": given["note"],
        "error": params.get("error", ""),
        "field": params.get("field", ""),
        "replaces": params.get("replaces", ""),
    }


def _living(scene: Scene, here: Fields) -> list[Fields]:
    return scene.shelf.of("resident", "household_id", here["id"])
