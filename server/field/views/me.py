"""更多: my day, what waits, how pages look, password, sign-out."""

from server.field.shelf import Fields, Shelf, empty
from server.field.views import people, visits
from server.field.views.issues import still_open
from server.field.views.outbox import NO_DEVICE, OPEN
from server.field.views.scene import Scene, page_of, scene_of
from sync import days
from sync.coverage import first_of_month
from sync.respect import moment
from sync.scope import FIELD

LINES_SHOWN = 60


def me(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/me.html. `params`: device (see outbox), said, error, and pin.

    `pin` is whether this phone has one; only a phone knows.
    """
    scene = scene_of(shelf, now_iso, settings)
    month = _made_since(scene, first_of_month(scene.today))
    mine = [one for one in month if days.day(moment(one), scene.timezone) == scene.today]
    before = [tuple(one) for one in scene.person["elsewhere"] if one[0][:7] == scene.today[:7]]
    handed = [one for one in before if one[0] == scene.today]
    device = {**NO_DEVICE, **params.get("device", {})}
    home = "" if scene.person["role"] in FIELD else "/"
    return {
        **page_of(scene, "更多", "/me", tab="me", back=home),
        "person": {
            "name": scene.person["name"],
            "grid_names": scene.person["grid_names"],
        },
        "day": {
            "doors": len({one["household_id"] for one in mine}) + sum(one[1] for one in handed),
            "visits": len(mine) + sum(one[2] for one in handed),
            "effective": sum(1 for one in mine if one["result"] in visits.EFFECTIVE)
            + sum(one[3] for one in handed),
            "waiting": sum(scene.is_waiting(one["id"]) for one in mine),
            "month": len(month) + sum(one[2] for one in before),
            "elsewhere": sum(one[2] for one in before),
        },
        "lines": [_line(scene, one) for one in mine[:LINES_SHOWN]],
        "waiting": scene.settings["pill"]["count"],
        "asked": sum(1 for one in scene.shelf.all("notice") if one["state"] in OPEN),
        "issues": still_open(shelf),
        "device": device,
        "said": params.get("said", ""),
        "error": params.get("error", ""),
        "pin": params.get("pin", 0),
    }


def _made_since(scene: Scene, first: str) -> list[Fields]:
    """My visits since a day, newest first. What was sent from a building that is somebody else's
    by now is counted by the server and told with my own record."""
    touched = [
        one["id"]
        for one in scene.shelf.all("household")
        if days.day(one["last_visit_at"], scene.timezone) >= first
    ]
    found = [one for door in touched for one in scene.shelf.of("visit", "household_id", door)]
    held = set(scene.person["building_ids"])
    mine = [
        one
        for one in found
        if one["by"] == scene.person["id"]
        and not one["withdrawn"]
        and (one["building_id"] in held or scene.is_waiting(one["id"]))
        and days.day(moment(one), scene.timezone) >= first
    ]
    return sorted(mine, key=lambda one: (moment(one), one["id"]), reverse=True)


def _line(scene: Scene, visit: Fields) -> Fields:
    known = scene.shelf.get("household", visit["household_id"])
    household = known or empty("household")
    residents = scene.shelf.of("resident", "household_id", visit["household_id"])
    return {
        "id": visit["id"],
        "household_id": visit["household_id"],
        "label": household["label"],
        "at": scene.local(moment(visit)),
        "result": visit["result"],
        "waiting": scene.is_waiting(visit["id"]),
        **people.heads(scene, household, residents),
    }
