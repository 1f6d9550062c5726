"""更正: one's own visit as a form; a visit that was sent back opens at the field in question."""

from server.field.shelf import Fields, Shelf
from server.field.views import choices, visits
from server.field.views.checkup import corrected
from server.field.views.scene import page_of, scene_of


def correction(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/correction.html; None when this visit is not on the shelf.

    `params`: id; field: where to begin, else the field that the office named; error; given:
    changes that were refused; replaces: the id of what they were.
    `allowed` is 0 for somebody else's visit and for one that was withdrawn.
    """
    scene = scene_of(shelf, now_iso, settings)
    made = shelf.get("visit", params["id"])
    here = shelf.get("household", made["household_id"]) if made else None
    if made is None or here is None:
        return None

    back = f"/households/{here['id']}"
    given = {**made, **params.get("given", {})}
    line = {
        **visits.line(scene, made),
        **{name: given[name] for name in ("away_until", "note", "followup")},
    }
    return {
        **page_of(scene, "更正走访", f"/visits/{made['id']}/correction", back=back),
        "household": {
            "id": here["id"],
            "door_no": here["door_no"],
            "label": here["label"],
        },
        "visit": line,
        "allowed": line["may_change"],
        "field": params.get("field", "") or made["returned_field"],
        "error": params.get("error", ""),
        "results": choices.results(choices.MAIN_RESULTS + choices.OTHER_RESULTS, given["result"]),
        "types": choices.results(choices.TYPES, given["type"]),
        "methods": choices.results(choices.METHODS, given["method"]),
        "residents": choices.residents(scene, here, given["resident_ids"]),
        "checkups": corrected(scene, here, made, given) if line["may_change"] else [],
        "replaces": params.get("replaces", ""),
    }
