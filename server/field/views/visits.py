"""Visits as lines of a household's history."""

from server.field.shelf import Fields
from server.field.views.scene import Scene
from sync.media import pictures
from sync.respect import moment

EFFECTIVE = ("met", "met_family", "phone_ok")
SETTLED = ("refused", "hospital", "institution", "away")
# What a phone holds of one door; the office has the rest.
KEPT = 12


def past(scene: Scene, household_id: str) -> list[Fields]:
    """The last visits of a door, newest first."""
    made = scene.shelf.of("visit", "household_id", household_id)
    newest = sorted(made, key=lambda one: (moment(one), one["id"]), reverse=True)
    return [line(scene, visit) for visit in newest[:KEPT]]


def line(scene: Scene, visit: Fields) -> Fields:
    """One visit for field/_visit.html."""
    waiting = scene.is_waiting(visit["id"])
    mine = int(visit["by"] == scene.person["id"])
    return {
        "id": visit["id"],
        "household_id": visit["household_id"],
        "at": scene.local(moment(visit)),
        "waiting": waiting,
        "sign": _sign(visit, waiting),
        "mine": mine,
        "may_change": int(mine and not visit["withdrawn"]),
        "fresh": 0,
        "photos": _photos(visit),
        **{
            name: visit[name]
            for name in (
                "by_name",
                "type",
                "method",
                "result",
                "note",
                "followup",
                "away_until",
                "review",
                "questions",
                "returned_reason",
                "returned_field",
                "corrected",
                "withdrawn",
            )
        },
    }


def _photos(visit: Fields) -> Fields:
    """How many pictures this visit has and how many the server has; those that can be looked at."""
    numbered = list(enumerate(pictures(visit["media"]), 1))
    shown = [{"sha256": one["sha256"], "n": n} for n, one in numbered if one["arrived"]]
    return {"n": len(numbered), "arrived": len(shown), "shown": shown}


def _sign(visit: Fields, waiting: int) -> str:
    if visit["withdrawn"]:
        return "withdrawn"
    if waiting:
        return "wait"
    if visit["result"] in EFFECTIVE:
        return "done"
    return "rest" if visit["result"] in SETTLED else "none"
