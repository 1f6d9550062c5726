"""Warnings on a shelf: what everybody is told, together with what is asked of this person.

A leader holds only the duty, a worker the warning that all staff hold, a chief both.
"""

from typing import Any

from server.field.shelf import Fields, Shelf, empty

LEVELS = {"white": 1, "blue": 2, "yellow": 3, "orange": 4, "red": 5}
DRILL = "演练"
# What both records say; the duty is of the text this person is to hand on.
SHARED = (
    *("kind", "colour", "title", "area", "sent_at", "ends_at", "state", "is_drill", "edition"),
    *("message", "short", "guide", "source", "from_at"),
)
# A building of a duty as far as the server says something of it.
BUILDING: Fields = {
    **{"id": "", "name": "", "households": 0, "is_own": 0, "is_late": 0, "edition": 0},
    **{"heard_at": "", "forwarded_at": "", "channel": "", "confirmed_at": "", "unreachable_at": ""},
    **{"leader_name": "", "leader_phone": "", "silent_since": ""},
}
# The all-clear goes to exactly those who were told.
ASKS = {"open": ("todo", "stale"), "closed": ("stale",)}
# The office alone knows of others.
TOLD = ("open", "closed", "expired")
KEPT = (
    *("id", "kind", "colour", "area", "effect", "edition", "guide", "source", "source_id"),
    *("is_verified", "is_drill"),
)
BAND = (
    *("id", "title", "colour", "level", "state", "is_open", "sent_at", "sent_today"),
    *("ends_at", "ends_today", "from_at", "is_early", "role", "todo", "silent", "stale"),
)


def warnings(scene: Any) -> list[Fields]:
    """All of them, each with the `duty` in it; the open first, the gravest and newest of these."""
    shelf: Shelf = scene.shelf
    duties = {one["incident_id"]: one for one in shelf.all("duty")}
    alerts = {one["id"]: one for one in shelf.all("alert")}
    found = [
        _one(scene, incident_id, alerts.get(incident_id), duties.get(incident_id))
        for incident_id in sorted({*duties, *alerts})
    ]
    told = [one for one in found if one["state"] in TOLD]
    told.sort(key=lambda one: (one["sent_at"], one["id"]), reverse=True)
    return sorted(told, key=lambda one: (one["state"] != "open", -one["level"] * one["is_open"]))


def warning(scene: Any, incident_id: str) -> Fields | None:
    return next((one for one in warnings(scene) if one["id"] == incident_id), None)


def bands(scene: Any) -> list[Fields]:
    """What stands first on a page."""
    return [{name: one[name] for name in BAND} for one in warnings(scene) if concerns(one)]


def concerns(one: Fields) -> bool:
    """It goes on, or something is still asked after it has ended."""
    return bool(one["is_open"] or one["todo"] or one["silent"])


def _one(scene: Any, incident_id: str, alert: Fields | None, duty: Fields | None) -> Fields:
    # A duty is told once a warning counts: whoever holds nothing else need not doubt it.
    head = {**(alert or {**empty("alert"), "is_verified": 1}), "id": incident_id}
    if duty:
        head.update({name: duty[name] for name in SHARED})
    asked, times = duty or empty("duty"), _times(scene, head)
    is_over = head["state"] == "open" and times["ends_at"] and times["ends_at"] <= scene.now
    state = "expired" if is_over else head["state"]
    asks = ASKS.get(state, ())
    buildings = [_building(scene, head, {**BUILDING, **one}, asks) for one in asked["buildings"]]
    left = [one for one in buildings if one["is_left"]]
    return {
        **{name: head[name] for name in KEPT},
        **{name: _marked(head[name], head["is_drill"]) for name in ("title", "message", "short")},
        **times,
        "level": LEVELS.get(head["colour"], 0),
        "state": state,
        "is_open": int(state == "open"),
        "role": asked["role"],
        "acked_at": scene.local(asked["acknowledged_at"]),
        "waiting": scene.is_waiting(incident_id),
        "office_phone": asked["office_phone"] or scene.community["office_phone"],
        "buildings": buildings,
        "todo": sum(one["is_own"] for one in left),
        "silent": sum(not (one["is_own"] or one["is_heard"]) for one in left),
        "stale": sum(one["is_own"] for one in left if one["state"] == "stale"),
    }


def _times(scene: Any, head: Fields) -> Fields:
    """On the local clock; without the day where it is today's."""
    sent_at, ends_at, from_at = (
        scene.local(head[name]) for name in ("sent_at", "ends_at", "from_at")
    )
    return {
        "sent_at": sent_at,
        "sent_today": int(sent_at[:10] == scene.today),
        "ends_at": ends_at,
        "ends_today": int(ends_at[:10] == scene.today),
        "from_at": from_at,
        "is_early": int(from_at > scene.now),
    }


def _building(scene: Any, head: Fields, one: Fields, asks: tuple[str, ...]) -> Fields:
    """A building of a duty. `stale` is one whose households have an earlier text."""
    state = "todo"
    if one["forwarded_at"]:
        state = "done" if one["edition"] >= head["edition"] else "stale"
    at = {
        name: scene.local(one[name])
        for name in ("forwarded_at", "confirmed_at", "unreachable_at", "silent_since")
    }
    said = ("id", "name", "households", "is_own", "channel", "leader_name", "leader_phone")
    waiting = scene.is_waiting(f"{head['id']} {one['id']}")
    shown = {**{name: one[name] for name in said}, **at, "is_heard": int(bool(one["heard_at"]))}
    return {**shown, "state": state, "is_left": int(state in asks), "waiting": waiting}


def _marked(text: str, is_drill: int) -> str:
    """Nobody takes a drill for the real thing."""
    return f"【{DRILL}】{text}" if is_drill and DRILL not in text else text
