"""What a POST answers: the fragment it changed, prepared after the records have changed."""

from server.field.shelf import Fields, Shelf
from server.field.views import visits
from server.field.views.asking import asking
from server.field.views.household import contact
from server.field.views.ladder import case_of
from server.field.views.scene import Scene, page_of, scene_of
from server.field.views.today import today
from sync.newest import ASKED


def saved_visit(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/_saved.html, after a visit was recorded. `params`: id of the visit."""
    context = changed_visit(shelf, params, now_iso, settings)
    if context is None:
        return None
    scene = scene_of(shelf, now_iso, settings)
    made = shelf.get("visit", params["id"])
    here = shelf.get("household", context["visit"]["household_id"])
    assert made is not None and here is not None
    case = case_of(scene, here["id"])
    sections = today(shelf, {}, now_iso, settings)["sections"]
    return {
        **context,
        "household": {name: here[name] for name in ("id", "building_id", "label")},
        "next": _next(sections, here),
        "ladder": int(case is not None and _is_of(case, params["id"])),
        "unasked": _unasked(scene, here, made),
    }


def changed_visit(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/_visit.html, after a visit was corrected or withdrawn. `params`: id."""
    scene = scene_of(shelf, now_iso, settings)
    made = shelf.get("visit", params["id"])
    if made is None:
        return None
    line = visits.line(scene, made)
    return {**page_of(scene, "走访", "/today"), "visit": {**line, "fresh": 1}}


def changed_contact(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/_contact.html, after a number was changed or added. `params`: id."""
    scene = scene_of(shelf, now_iso, settings)
    known = shelf.get("contact", params["id"])
    if known is None:
        return None
    return {**page_of(scene, "电话", "/today"), "contact": {**contact(scene, known), "fresh": 1}}


def _unasked(scene: Scene, here: Fields, made: Fields) -> Fields:
    """Whom a visit that asked others did not ask, and nobody today; and the way to their list."""
    was_asked = {one["resident_id"] for one in made["checkups"]}
    left = [
        one
        for one in asking(scene, here)
        if was_asked
        and one["resident"]["id"] not in was_asked
        and _asked_on(scene, one["resident"]["id"]) != scene.today
    ]
    if not left:
        return {"names": [], "href": ""}
    first = f"ask-{left[0]['resident']['id']}-{left[0]['checklist']['code']}"
    return {
        "names": list(dict.fromkeys(one["resident"]["name"] for one in left)),
        "href": f"/households/{here['id']}/visit?care=1#{first}",
    }


def _asked_on(scene: Scene, resident_id: str) -> str:
    known = scene.shelf.get("answers", resident_id)
    asked = known["items"].get(ASKED) if known else None
    return asked["on"] if asked else ""


def _is_of(case: Fields, visit_id: str) -> bool:
    """Whether somebody is looked for since, or again at, this visit."""
    asked = [one["visit_id"] for one in case["entries"]]
    return case["status"] == "open" and visit_id in asked


def _next(sections: list[Fields], here: Fields) -> list[Fields]:
    """The next door to do, this building's first; a list of none or one."""
    home = [one for one in sections if one["building_id"] == here["building_id"]]
    below = [
        row
        for section in home
        if section["unit"] == here["unit"]
        for row in section["rows"]
        if row["floor"] <= here["floor"]
    ]
    rows = below + [row for section in [*home, *sections] for row in section["rows"]]
    todo = [row for row in rows if row["plate"] == "todo" and row["id"] != here["id"]]
    return todo[:1]
