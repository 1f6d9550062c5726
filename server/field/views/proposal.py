"""提议类别: what only the office may give somebody, proposed by whoever stands at the door."""

from server.field.shelf import Fields, Shelf
from server.field.views.scene import page_of, scene_of
from sync.care import GONE, OFFICE_ONLY


def proposal(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/proposal.html and field/_proposal.html; None when this person is not on the
    shelf.

    `params`: id; error and field: why the form comes back.
    """
    scene = scene_of(shelf, now_iso, settings)
    person = shelf.get("resident", params["id"])
    here = shelf.get("household", person["household_id"]) if person else None
    if person is None or here is None or person["status"] in GONE or scene.is_leader:
        return None
    return {
        **page_of(
            scene,
            "提议类别",
            f"/residents/{person['id']}/proposal",
            back=f"/households/{here['id']}",
        ),
        "person": {name: person[name] for name in ("id", "name", "version")},
        "household": {name: here[name] for name in ("id", "label")},
        "held": [code for code in OFFICE_ONLY if code in person["categories"]],
        "codes": [code for code in OFFICE_ONLY if code not in person["categories"]],
        "proposed": scene.is_waiting(person["id"]),
        "error": params.get("error", ""),
        "field": params.get("field", ""),
    }
