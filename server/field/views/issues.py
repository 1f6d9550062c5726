"""报事件: the form of an issue at a door, in a building or nowhere; 我报的事: what became of it."""

import msgspec

from server.field.shelf import Fields, Shelf
from server.field.views import choices
from server.field.views.scene import Scene, page_of, scene_of
from sync.issue_limits import CATEGORIES
from sync.issue_records import Issue
from sync.issue_reports import is_near
from sync.issue_steps import ENDED
from sync.issue_words import QUICK
from sync.media import pictures

SAID_SHOWN = 40
NOTHING: Fields = {"category": "", "text": "", "place": "", "solved_on_spot": 0, "id": ""}


def issue(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/issue.html; None when the place is not on the shelf.

    `params`: household_id or building_id, or neither; error and field: why the form comes back;
    given: what was refused, named like the data of the operation; replaces: its id; photos.
    """
    scene = scene_of(shelf, now_iso, settings)
    door_id, building_id = params.get("household_id", ""), params.get("building_id", "")
    door = shelf.get("household", door_id)
    if door_id and (door is None or door["status"] != "active" or scene.is_leader):
        return None
    building_id = door["building_id"] if door else building_id
    building = shelf.get("building", building_id)
    if building_id and building is None:
        return None

    back = f"/households/{door['id']}" if door else f"/buildings/{building_id}"
    back = back if building_id else "/issues"
    given = {**NOTHING, **params.get("given", {})}
    return {
        **page_of(scene, "报事件", f"{back}/issue" if building_id else "/issues/new", back=back),
        "household_id": door["id"] if door else "",
        "building_id": building_id,
        "draft": f"issue-{door_id or building_id or 'new'}",
        "label": door["label"] if door else building["label"] if building else "",
        "buildings": [] if building_id else _buildings(scene, given.get("building_id", "")),
        "quick": list(QUICK),
        "categories": choices.results(CATEGORIES, given["category"]),
        "near": [_near(scene, one, given["id"]) for one in _all_near(scene, building_id, now_iso)],
        "given": {name: given[name] for name in ("text", "place")},
        "solved": int(given["solved_on_spot"]),
        "photos": params.get("photos", []),
        "photo_error": "",
        "error": params.get("error", ""),
        "field": params.get("field", ""),
        "replaces": params.get("replaces", ""),
    }


def issues(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/issues.html. `params`: saved, the id of one that was raised just now."""
    scene = scene_of(shelf, now_iso, settings)
    lines = [line_of(scene, one) for one in shelf.all("report")]
    lines.sort(key=lambda one: (one["at"], one["id"]), reverse=True)
    return {
        **page_of(scene, "我报的事", "/issues", tab="me", back="/me"),
        "open": [one for one in lines if not one["ended"]],
        "ended": [one for one in lines if one["ended"]],
        "saved": int(any(one["id"] == params.get("saved", "") for one in lines)),
    }


def saved_issue(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/_issue.html. `params`: id, and back: where it was raised."""
    scene = scene_of(shelf, now_iso, settings)
    found = shelf.get("report", params["id"])
    back = params.get("back", "")
    return {
        **page_of(scene, "报事件", "/issues/new", back=back or "/issues"),
        "raised": [line_of(scene, found)] if found else [],
        "to_door": int(back.startswith("/households/")),
        "to_building": int(back.startswith("/buildings/")),
    }


def still_open(shelf: Shelf) -> int:
    """How many of what this person reported are not ended."""
    return sum(one["state"] not in ENDED for one in shelf.all("report"))


def form_of(scene: Scene, household_id: str, data: Fields) -> str:
    """Where what was refused can be put right: at its place, or at that of the issue it joins."""
    if household_id and not scene.is_leader:
        return f"/households/{household_id}/issue"
    about = scene.shelf.get("issue", data.get("id", "")) or data
    building_id = about.get("building_id", "")
    known = scene.shelf.get("building", building_id)
    return f"/buildings/{building_id}/issue" if known else "/issues/new"


def said(scene: Scene, kind: str, data: Fields) -> str:
    """What an issue is about; "" for any other operation."""
    if not kind.startswith("issue."):
        return ""
    about = data.get("id", "")
    known = scene.shelf.get("report", about) or scene.shelf.get("issue", about)
    text = data.get("text", "") or (known["text"] if known else "")
    return str(text)[:SAID_SHOWN]


def pictured(scene: Scene, operation_id: str) -> tuple[str, list[Fields]]:
    """The issue of which an operation shows pictures, and these; nothing of any other operation."""
    for report in scene.shelf.all("report"):
        mine = [one for one in pictures(report["media"]) if one["of"] == operation_id]
        if mine:
            return report["id"], mine
    return "", []


def _all_near(scene: Scene, building_id: str, now_iso: str) -> list[Fields]:
    here = scene.shelf.of("issue", "building_id", building_id) if building_id else []
    near = [
        one
        for one in here
        if is_near(msgspec.convert(one, Issue), building_id, one["category"], now_iso)
    ]
    return sorted(near, key=lambda one: (one["reported_at"], one["id"]), reverse=True)


def _near(scene: Scene, one: Fields, chosen: str) -> Fields:
    return {
        "id": one["id"],
        "category": one["category"],
        "text": one["text"],
        "place": one["place"],
        "at": scene.local(one["reported_at"]),
        "chosen": int(one["id"] == chosen),
    }


def _buildings(scene: Scene, chosen: str) -> list[Fields]:
    """Where it may be, when nothing says so; whoever has one building means that one."""
    found = sorted(scene.shelf.all("building"), key=lambda one: (one["label"], one["id"]))
    is_only = len(found) == 1
    return [
        {"id": one["id"], "label": one["label"], "chosen": int(is_only or one["id"] == chosen)}
        for one in found
    ]


def line_of(scene: Scene, report: Fields) -> Fields:
    """What a person reported, as they read it; `late` when its time has run out."""
    shown = pictures(report["media"])
    due = scene.local(report["close_due"])
    ended = int(report["state"] in ENDED)
    return {
        "id": report["id"],
        "category": report["category"],
        "place": report["place"],
        "text": report["text"],
        "state": report["state"],
        "is_mine": report["is_mine"],
        "is_staff": 0,
        "at": scene.local(report["reported_at"]),
        "due": due,
        "late": int(bool(due) and not ended and due < scene.now),
        "ended": ended,
        "ended_at": scene.local(report["ended_at"]),
        "may_reopen": int(ended and scene.local(report.get("may_reopen_until", "")) >= scene.now),
        "waiting": scene.is_waiting(report["id"]),
        "photos": [{"sha256": one["sha256"], "n": n} for n, one in enumerate(shown, 1)],
        "arrived": sum(one["arrived"] for one in shown),
        "entries": [
            {"inner": "", **one, "at": scene.local(one["at"])}
            for one in reversed(report["entries"])
        ],
    }
