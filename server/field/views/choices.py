"""What a form offers: results, types, methods, phrases and people, each with what is chosen."""

from collections.abc import Iterable

from server.field.shelf import Fields
from server.field.views import people
from server.field.views.scene import Scene
from sync.care import SPECIAL_ELDER
from sync.plans import MAJOR_CHANGE

MAIN_RESULTS = ("met", "met_family", "phone_ok", "not_home", "refused", "no_answer")
OTHER_RESULTS = (
    "rescheduled",
    "hospital",
    "institution",
    "away",
    "moved_out",
    "deceased",
    "vacant",
    "wrong_info",
)
TYPES = (
    "routine",
    "elder_care",
    "phone",
    "event_triggered",
    "new_resident",
    "recheck",
    "service",
    "survey",
    "hazard",
    "dispute",
    "weather",
)
METHODS = ("door", "phone", "video")
ELDER = SPECIAL_ELDER | {"oldest_old"}
# Kept in Chinese, the language of the records, whatever language the page is shown in.
ELDER_PHRASES = ("精神好", "门窗已关好", "要代办", "已提醒用药")
OTHER_PHRASES = ("情况没变化", "要代办", "已讲用电用气", "已留联系卡")
RELATIVES_SHOWN = 3


def type_for(household: Fields) -> str:
    """The type that the due category suggests; the worker may change it."""
    if household["due_category"] in ELDER:
        return "elder_care"
    if household["due_category"] == MAJOR_CHANGE:
        return "event_triggered"
    return "new_resident" if household["due_category"] == "new_resident" else "routine"


def phrases_for(household: Fields) -> tuple[str, ...]:
    return ELDER_PHRASES if set(household["categories"]) & ELDER else OTHER_PHRASES


def results(codes: Iterable[str], chosen: str) -> list[Fields]:
    return [{"code": code, "chosen": int(code == chosen)} for code in codes]


def residents(scene: Scene, household: Fields, chosen: Iterable[str]) -> list[Fields]:
    """People of the door as choices."""
    present = people.present(scene.shelf.of("resident", "household_id", household["id"]))
    held = set(chosen)
    return [
        {
            "id": one["id"],
            "name": one["name"],
            "status": one["status"],
            "chosen": int(one["id"] in held),
        }
        for one in present
    ]


def likely_met(scene: Scene, household: Fields) -> list[str]:
    """Who is ticked before anybody tapped: the only person, or the only one cared for.

    Never two: counting somebody as seen who was not is worse than one more tap.
    """
    present = people.present(scene.shelf.of("resident", "household_id", household["id"]))
    cared = [one for one in present if people.care_interval(scene, one)]
    for group in (present, cared):
        if len(group) == 1:
            return [group[0]["id"]]
    return []


def relatives(scene: Scene, household: Fields) -> list[Fields]:
    """People reached through this door who do not live here: they are named in the note."""
    found = scene.shelf.of("contact", "household_id", household["id"])
    named = [one for one in found if one["name"] and one["relation"] not in ("self", "head")]
    return [{"name": one["name"], "relation": one["relation"]} for one in named[:RELATIVES_SHOWN]]
