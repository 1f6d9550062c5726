"""What to do now: the action card of a list, whom to dial, and the address to say."""

from server.field.checkup_forms import stamps_of
from server.field.shelf import Fields
from server.field.views.scene import Scene

NO_LIFT = ("walkup", "lane")


def redcard(
    scene: Scene, here: Fields, person: Fields, card: Fields, key: str, held: Fields
) -> Fields:
    """An action card, with what was done with it; `key` names the person and the list."""
    stamped = next((one for one in held["cards"] if one["id"] == card["id"]), None)
    return {
        "id": f"card-{key.replace('|', '-')}-{card['id']}",
        "card": card["id"],
        "back": f"ask-{key.replace('|', '-')}",
        "name": f"card|{key}|{card['id']}",
        "stamps": stamps_of(stamped) if stamped else "",
        "title": card["title"],
        "steps": card["steps"],
        # Where gas is leaking or somebody must not be left, the steps come before the telephone.
        "dial_first": int("".join(card["calls"][:1]).isdigit()),
        "calls": [dial(scene, here, person, to) for to in card["calls"]],
        "where": where(scene, here),
    }


def dial(scene: Scene, here: Fields, person: Fields, to: str) -> Fields:
    """Whom to dial: a public number, a relative, the office; `phone` is "" where none is known."""
    found = {"to": to, "phone": to if to.isdigit() else "", "name": "", "relation": ""}
    if to == "office":
        found["phone"] = scene.person["office_phone"] or scene.community["office_phone"]
    if to == "gas":
        found["phone"] = scene.community["gas_phone"]
    if to == "contact":
        near = contact_of(scene, here, person)
        found |= {name: near[name] for name in ("phone", "name", "relation")} if near else {}
    return found


def contact_of(scene: Scene, here: Fields, person: Fields) -> Fields | None:
    """Who is reached about somebody: a relative of theirs first, then one of the door."""
    known = scene.shelf.of("contact", "household_id", here["id"])
    others = [one for one in known if reaches(one["relation"]) == "contact" and one["phone"]]
    mine = [one for one in others if one["resident_id"] == person["id"]]
    return next(iter([*mine, *(one for one in others if not one["resident_id"])]), None)


def reaches(relation: str) -> str:
    """Whom a number reaches: the people of the door themselves, a neighbour, or their family."""
    if relation in ("self", "head"):
        return "self"
    return "neighbour" if relation == "neighbour" else "contact"


def where(scene: Scene, here: Fields) -> Fields:
    """The address as it is said to a stranger."""
    building = scene.shelf.get("building", here["building_id"])
    style = building["style"] if building else ""
    return {
        "community": scene.person["community_name"] or scene.community["name"],
        "building": building["label"] if building else here["label"],
        "unit": here["unit"],
        "door_no": here["door_no"],
        "floor": here["floor"],
        "no_lift": int(style in NO_LIFT),
    }
