"""Who behind a door is asked what: for each person and list what is known from before."""

from collections.abc import Iterable

from server.field.shelf import Fields
from server.field.views import people
from server.field.views.choices import ELDER
from server.field.views.scene import Scene


def asking(scene: Scene, here: Fields, wanted: Iterable[str] = ()) -> list[Fields]:
    """One entry for each person and list; `wanted` are lists to be asked besides, by code."""
    present = people.present(scene.shelf.of("resident", "household_id", here["id"]))
    editions = current(scene)
    return [
        _entry(scene, person, checklist)
        for person in present
        for checklist in editions
        if (checklist["purpose"] == "elder" and is_elder(scene, person))
        or (checklist["code"] in wanted and person is present[0])
    ]


def current(scene: Scene) -> list[Fields]:
    """The edition of each list that is used today, by code."""
    newest: dict[str, Fields] = {}
    for one in scene.shelf.all("checklist"):
        is_used = one["status"] == "published" and one["from_on"] <= scene.today
        known = newest.get(one["code"])
        if is_used and (known is None or known["edition"] < one["edition"]):
            newest[one["code"]] = one
    return [newest[code] for code in sorted(newest)]


def is_elder(scene: Scene, person: Fields) -> bool:
    return bool(ELDER & set(people.categories_of(scene, person)))


def _entry(scene: Scene, person: Fields, checklist: Fields) -> Fields:
    known = scene.shelf.get("answers", person["id"])
    prefix = f"{checklist['code']}."
    items = known["items"] if known else {}
    return {
        "resident": person,
        "checklist": checklist,
        "last": {
            name[len(prefix) :]: {"value": one["value"], "on": one["on"], "said": one["said"]}
            for name, one in items.items()
            if name.startswith(prefix)
        },
        "facts": {"today": scene.today, "categories": people.categories_of(scene, person)},
    }
