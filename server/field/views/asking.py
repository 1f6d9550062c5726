"""Who behind a door is asked what: for each person and list what is known from before."""

from collections.abc import Iterable

from server.field.shelf import Fields
from server.field.views import people
from server.field.views.choices import ELDER
from server.field.views.scene import Scene
from sync import days
from sync.respect import moment


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


def asked_at(scene: Scene, made: Fields) -> list[Fields]:
    """What a visit asked, as its author may put it right: by its own edition, where that is here.

    What was not asked then is not asked now, unless another answer asks for it. Whatever the
    person said to being asked before that visit is in `consent`.
    """
    found = []
    for held in made["checkups"]:
        person = scene.shelf.get("resident", held["resident_id"])
        edition = _edition(scene, held)
        if person and edition:
            on = days.day(moment(made), scene.timezone)
            consent = "" if held["consent"] else _agreed(person, held, edition)
            found.append(
                {
                    "resident": {**person, "consent": consent},
                    "checklist": edition,
                    "last": _before(scene, made, held, edition, on),
                    "facts": {
                        "today": on,
                        "categories": people.categories_of(scene, person),
                        "corrects": 1,
                    },
                }
            )
    return found


def _edition(scene: Scene, held: Fields) -> Fields | None:
    wanted = (held["checklist_id"], held["version"])
    same = [one for one in scene.shelf.all("checklist") if (one["code"], one["edition"]) == wanted]
    return same[0] if same else None


def _agreed(person: Fields, held: Fields, edition: Fields) -> str:
    """Who was asked more than the safety minimum had agreed to it."""
    beyond = {one["id"] for one in edition["questions"] if not one["safety"]}
    return "yes" if beyond & held["answers"].keys() else person["consent"]


def _before(
    scene: Scene, made: Fields, held: Fields, edition: Fields, on: str
) -> dict[str, Fields]:
    """Earlier answers as far as visits here tell; what this visit asked is due without a day."""
    earlier: Fields = {}
    visits = scene.shelf.of("visit", "household_id", made["household_id"])
    for visit in sorted(visits, key=lambda one: (moment(one), one["id"])):
        if not visit["withdrawn"] and (moment(visit), visit["id"]) < (moment(made), made["id"]):
            for one in visit["checkups"]:
                if _subject(one) == _subject(held):
                    earlier |= one["answers"]
    known = scene.shelf.get("answers", held["resident_id"])
    items = known["items"] if known else {}
    found = {}
    for question in edition["questions"]:
        name = question["id"]
        # What is for the office alone is in no visit here, but when it was asked is known.
        item = items.get(f"{held['checklist_id']}.{name}", {})
        is_asked = name in held["answers"] or item.get("visit_id") == made["id"]
        said = earlier.get(name, {"value": "", "said": []})
        shown = {"value": said["value"], "on": "" if is_asked else on, "said": said["said"]}
        found[name] = shown
    return found


def _subject(checkup: Fields) -> tuple[str, str]:
    return checkup["resident_id"], checkup["checklist_id"]
