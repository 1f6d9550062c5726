"""户: who lives behind a door, why it is due, what to ask, what happened last."""

from server.field.shelf import Fields, Shelf
from server.field.views import doors, people, visits
from server.field.views.advice import advice_for, knocks_of
from server.field.views.asking import asking
from server.field.views.calls import asked_at
from server.field.views.followups import ordered
from server.field.views.scene import Scene, page_of, scene_of
from sync import days
from sync.care import ORDINARY, RED_DAYS, age_on
from sync.plans import PAIRING

RECENT = 4
# Longer than the last contact after it is due, and no longer than it is news.
EVENT_DAYS = 14
ASKS_SHOWN = 5
# A number that nobody checked for a quarter is asked about (E12 of the elder checklist).
VERIFIED_DAYS = 90


def household(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/household.html; None when this door is not on the shelf.

    `params`: id, saved (a visit to confirm at the top, after a form was sent without scripts).
    """
    scene = scene_of(shelf, now_iso, settings)
    here = shelf.get("household", params["id"])
    if here is None or here["status"] != "active":
        return None

    building = shelf.get("building", here["building_id"])
    tasks = doors.tasks_by_door(scene).get(here["id"], [])
    row = doors.row(scene, here, doors.stand(scene, here, tasks))
    contacts = shelf.of("contact", "household_id", here["id"])
    residents = people.present(shelf.of("resident", "household_id", here["id"]))
    past = visits.past(scene, here["id"])
    phones = [one["phone"] for one in contacts]
    title = building["label"] if building else here["label"]

    return {
        **page_of(scene, title, f"/households/{here['id']}", back=_back(here)),
        "household": {
            **row,
            "building_id": here["building_id"],
            "disputed": here["disputed"],
            "attention": here["attention"],
        },
        "plan": _plan(here, residents),
        "pairings": pairings_of(scene, here),
        "events": events_of(scene, here, residents),
        "calls": asked_at(scene, here["id"]),
        "knocks": knocks_of(scene, here),
        "advice": advice_for(scene, here),
        "asks": _asks(scene, here, tasks, contacts),
        "tasks": [
            {
                "id": one["id"],
                "reason": one["reason"],
                "due_on": one["due_on"],
                "by_name": one["by_name"],
            }
            for one in tasks
        ],
        "followups": _open(scene, here),
        "notices": _notices(scene, here),
        "people": [_person(scene, one, contacts) for one in residents],
        "contacts": _loose_contacts(scene, contacts, residents),
        "recent": past[:RECENT],
        "older": past[RECENT:],
        "saved": [one for one in past if one["id"] == params.get("saved", "")],
        "care": _care(scene, here),
        "phone": phones[0] if phones else "",
    }


def _care(scene: Scene, here: Fields) -> str:
    """Where 探访关爱 begins: the list of the only one to be asked; "1" for several, "" for none."""
    if scene.is_leader:
        return ""
    asked = [
        f"ask-{one['resident']['id']}-{one['checklist']['code']}" for one in asking(scene, here)
    ]
    return asked[0] if len(asked) == 1 else "1" if asked else ""


def _back(here: Fields) -> str:
    return f"/buildings/{here['building_id']}?door={here['id']}"


def pairings_of(scene: Scene, here: Fields) -> list[Fields]:
    """Volunteers who look after somebody here."""
    found = scene.shelf.of("pairing", "household_id", here["id"])
    names = ("id", "name", "phone", "resident_name", "contacted_on")
    return [{name: one[name] for name in names} for one in found if one["status"] == "active"]


def _plan(here: Fields, residents: list[Fields]) -> Fields:
    """For whom the next contact is, by which way, and whether a volunteer is at hand."""
    names = [one["name"] for one in residents if one["id"] in here["due_for"]]
    return {"names": names, "paired": int(PAIRING in here["due_reasons"])}


def events_of(scene: Scene, here: Fields, residents: list[Fields]) -> list[Fields]:
    """What happened here and is still looked after, the door's own first."""
    found = [(here, "")] + [(one, one["name"]) for one in residents]
    return [
        {"what": one["event"], "on": one["event_on"], "note": one["event_note"], "name": name}
        for one, name in found
        if one["event"] and days.between(one["event_on"], scene.today) <= EVENT_DAYS
    ]


def _asks(scene: Scene, here: Fields, tasks: list[Fields], contacts: list[Fields]) -> list[Fields]:
    """What to ask today: requests first, then open follow-ups, then what the categories ask."""
    asks = [_ask("task", one["reason"], one["by_name"]) for one in tasks]
    asks += [_ask("followup", one["what"], "") for one in _open(scene, here) if not one["level"]]
    asks += [_ask("care", code, "") for code in _codes(scene, here)]
    unchecked = [one for one in contacts if _is_unchecked(scene, one)]
    asks += [_ask("contact", one["name"], one["verified_on"]) for one in unchecked[:1]]
    return asks[:ASKS_SHOWN]


def _ask(kind: str, text: str, by: str) -> Fields:
    return {"kind": kind, "text": text, "by": by}


def _codes(scene: Scene, here: Fields) -> list[str]:
    """The two weightiest categories behind this door; ordinary when there is none."""
    residents = scene.shelf.of("resident", "household_id", here["id"])
    codes = [badge["code"] for badge in people.badges(scene, here, residents)]
    return codes or [ORDINARY]


def _is_unchecked(scene: Scene, contact: Fields) -> bool:
    verified = contact["verified_on"]
    return not verified or days.between(verified, scene.today) > VERIFIED_DAYS


def _open(scene: Scene, here: Fields) -> list[Fields]:
    return ordered(scene, scene.shelf.of("followup", "household_id", here["id"]))


NOTICE = ("id", "outcome", "code", "message", "reason", "visit_id", "field")


def _notices(scene: Scene, here: Fields) -> list[Fields]:
    """Work at this door that was sent back or could not apply and is not settled yet."""
    return [
        {name: one[name] for name in NOTICE}
        for one in scene.shelf.of("notice", "household_id", here["id"])
        if one["state"] in ("waiting", "returned")
    ]


def _person(scene: Scene, resident: Fields, contacts: list[Fields]) -> Fields:
    codes = people.categories_of(scene, resident)
    return {
        "id": resident["id"],
        "name": resident["name"],
        "sex": resident["sex"],
        "age": max(age_on(resident["birth_on"], scene.today), 0),
        "born": resident["birth_on"],
        "relation": resident["relation_to_head"],
        "status": resident["status"],
        "status_until": resident["status_until"],
        "categories": [code for code in codes if code != "high_risk_elder"],
        "weekly": int(0 < people.care_interval(scene, resident) <= RED_DAYS),
        "disputed": resident["disputed"],
        "proposed": scene.is_waiting(resident["id"]),
        "contacts": [
            contact(scene, one) for one in contacts if one["resident_id"] == resident["id"]
        ],
    }


def _loose_contacts(scene: Scene, contacts: list[Fields], residents: list[Fields]) -> list[Fields]:
    """Numbers of the door itself, or of somebody who is not shown any more."""
    shown = {one["id"] for one in residents}
    return [contact(scene, one) for one in contacts if one["resident_id"] not in shown]


def contact(scene: Scene, one: Fields) -> Fields:
    """A phone number for field/_contact.html."""
    return {
        **{name: one[name] for name in ("id", "household_id", "name", "relation", "phone")},
        "verified_on": one["verified_on"],
        "disputed": int(len(one["disputed"]) > 0),
        "waiting": scene.is_waiting(one["id"]),
        "fresh": 0,
    }
