"""结对: whom a building leader looks after, and that they were in touch."""

from server.field.shelf import Fields, Shelf
from server.field.views.scene import Scene, page_of, scene_of


def pairs(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/pairs.html. `params`: error, why a form comes back."""
    scene = scene_of(shelf, now_iso, settings)
    found = sorted(shelf.all("pair"), key=lambda one: (one["label"], one["id"]))
    return {
        **page_of(scene, "我的结对", "/pairs", tab="pairs", back="/buildings"),
        "pairs": [line(scene, one) for one in found],
        "error": params.get("error", ""),
    }


def changed_pair(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/_pair.html, after a contact was recorded. `params`: id of the pair."""
    scene = scene_of(shelf, now_iso, settings)
    known = shelf.get("pair", params["id"])
    if known is None:
        return None
    return {**page_of(scene, "我的结对", "/pairs"), "pair": {**line(scene, known), "fresh": 1}}


def line(scene: Scene, one: Fields) -> Fields:
    names = ("id", "name", "label", "phone", "contacted_on")
    done = int(one["contacted_on"] == scene.today)
    return {**{name: one[name] for name in names}, "done": done, "fresh": 0}
