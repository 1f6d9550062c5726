"""电话: a number behind a door, to be corrected or added."""

from server.field.shelf import Fields, Shelf
from server.field.views import people
from server.field.views.scene import Scene, page_of, scene_of

RELATIONS = (
    "self",
    "spouse",
    "son",
    "daughter",
    "relative",
    "carer",
    "neighbour",
    "friend",
    "landlord",
    "other",
)


def contact(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/contact.html; None when the number or the door is not on the shelf.

    `params`: household_id to add a number, else id of the contact; error and field; given: what was
    refused, named like the data or the changes of the operation; replaces: its id.
    """
    scene = scene_of(shelf, now_iso, settings)
    adds = params.get("household_id", "")
    known = None if adds else shelf.get("contact", params["id"])
    here = shelf.get("household", known["household_id"] if known else adds)
    if here is None or scene.is_leader:
        return None

    back = f"/households/{here['id']}"
    path = f"/contacts/{known['id']}/change" if known else f"{back}/contact"
    blank = {"id": "", "version": 0, "name": "", "relation": "", "phone": "", "resident_id": ""}
    given = {**blank, **(known or {}), **params.get("given", {})}
    return {
        **page_of(scene, "改电话" if known else "加电话", path, back=back),
        "household": {name: here[name] for name in ("id", "door_no", "label")},
        "contact": {name: given[name] for name in blank},
        "post": f"/contacts/{known['id']}/changes" if known else f"{back}/contacts",
        "is_new": int(known is None),
        "disputed": known["disputed"] if known else [],
        "relations": _relations(given["relation"]),
        "residents": _residents(scene, here, given["resident_id"]),
        "error": params.get("error", ""),
        "field": params.get("field", ""),
        "replaces": params.get("replaces", ""),
    }


def _relations(chosen: str) -> list[Fields]:
    codes = RELATIONS if not chosen or chosen in RELATIONS else (chosen, *RELATIONS)
    return [{"code": code, "chosen": int(code == chosen)} for code in codes]


def _residents(scene: Scene, here: Fields, chosen: str) -> list[Fields]:
    present = people.present(scene.shelf.of("resident", "household_id", here["id"]))
    return [
        {"id": one["id"], "name": one["name"], "chosen": int(one["id"] == chosen)}
        for one in present
    ]
