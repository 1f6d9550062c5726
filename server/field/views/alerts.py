"""预警: the warnings, and of one what to hand on, to whom, and who has been silent."""

from datetime import datetime

from server.field.shelf import Fields, Shelf
from server.field.views.calls import asked_of
from server.field.views.scene import Scene, page_of, scene_of
from server.field.views.warnings import concerns, warning, warnings
from sync.scope import FIELD

CHANNELS = ("wechat", "sms", "loudspeaker", "door", "notice")
# Nobody reads further on a phone; the office has them all.
ENDED_SHOWN = 20
OLD_MINUTES = 10


def alerts(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/alerts.html. `params` is not used."""
    scene = scene_of(shelf, now_iso, settings)
    found = warnings(scene)
    return {
        **page_of(scene, "预警", "/alerts", tab="alerts", back=_home(scene)),
        "open": [one for one in found if concerns(one)],
        "ended": [one for one in found if not concerns(one)][:ENDED_SHOWN],
        "age": _age(scene),
    }


def alert(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/alert.html. `params`: id of the incident, error, why a form comes back."""
    scene = scene_of(shelf, now_iso, settings)
    found = warning(scene, params["id"])
    if found is None:
        return None
    left = [one for one in found["buildings"] if one["is_left"]]
    own = [one for one in left if one["is_own"]]
    others = [one for one in left if not one["is_own"]]
    done = [one for one in found["buildings"] if one["state"] == "done"]
    path = f"/alerts/{found['id']}"
    return {
        **page_of(scene, found["title"], path, tab="alerts", back="/alerts"),
        "alert": found,
        "asks_ack": int(bool(found["role"] and not found["acked_at"] and found["is_open"])),
        "now": own[:1],
        "next": own[1:],
        "calls": sorted(
            others, key=lambda one: (one["is_heard"], one["silent_since"] or "9", one["id"])
        ),
        "done": done,
        "own": [one for one in found["buildings"] if one["is_own"]],
        "channels": list(CHANNELS),
        "asked": asked_of(scene, found["id"]),
        "age": _age(scene),
        "error": params.get("error", ""),
    }


def _home(scene: Scene) -> str:
    role = scene.person["role"]
    if role in FIELD:
        return "/today"
    return "/buildings" if scene.is_leader else "/office"


def _age(scene: Scene) -> Fields:
    """How old the records are; `is_old` when something may have happened meanwhile."""
    at = scene.local(scene.settings["data_at"])
    if not at:
        return {"minutes": 0, "at": "", "is_old": 0}
    passed = datetime.fromisoformat(scene.now) - datetime.fromisoformat(at)
    minutes = max(0, int(passed.total_seconds()) // 60)
    return {"minutes": minutes, "at": at, "is_old": int(minutes >= OLD_MINUTES)}
