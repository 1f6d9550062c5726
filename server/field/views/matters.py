"""要办的事: what is to be put right in the own buildings; one of them with what can be done now."""

from server.field.shelf import Fields, Shelf
from server.field.views.issues import line_of
from server.field.views.scene import Scene, page_of, scene_of
from sync.issue_fold import LIFE
from sync.issue_reports import PUBLIC
from sync.issue_steps import ENDED, OPEN, TABLE, status_of
from sync.operations import IssueStepName

# What a phone offers, in this order: to whoever sees to it, and to whoever raised it.
DOING: tuple[IssueStepName, ...] = ("start", "negotiate", "done", "revisit", "note", "received")
ASKING: tuple[IssueStepName, ...] = ("resubmit", "reopen", "note")
# To whoever reported it, these are one.
BEFORE = ("reported", "accepted", "assigned")
# What the office asked, whom it told and how often it reminded, is no business of phones.
HIDDEN = ("rated", "told", "urged")


def matters(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/matters.html. `params` is not used."""
    scene = scene_of(shelf, now_iso, settings)
    me = scene.person["id"]
    lines = [_held(scene, one) for one in shelf.all("issue") if _is_asked(one, me)]
    lines.sort(key=lambda one: (not one["due"], one["due"], one["id"]))
    return {
        **page_of(scene, "要办的事", "/issues/todo", tab="today", back="/today"),
        "mine": [one for one in lines if one["holder"] == me],
        "free": [one for one in lines if not one["holder"]],
        "others": [one for one in lines if one["holder"] not in ("", me)],
    }


def matter(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/matter.html; None when it is not on the shelf.

    `params`: id; error and field: why the form comes back; given: what was refused, named like the
    data of the operation; replaces: its id; photos; sent: whether a step was kept just now.
    """
    scene = scene_of(shelf, now_iso, settings)
    issue = None if scene.is_leader else shelf.get("issue", params["id"])
    report = shelf.get("report", params["id"])
    if issue is None and report is None:
        return None
    line = _held(scene, issue) if issue else _read(scene, report or {})
    given = {"step": "", "words": "", "inner": "", **params.get("given", {})}
    back = "/issues/todo" if issue else "/issues"
    return {
        **page_of(scene, "事件", f"/issues/{params['id']}", back=back),
        "one": line,
        "steps": [
            {"code": one, "chosen": int(one == given["step"])}
            for one in _steps(scene, issue, report)
        ],
        "is_life": int(bool(issue) and line["category"] == LIFE),
        "given": {name: given[name] for name in ("words", "inner")},
        "photos": params.get("photos", []),
        "photo_error": "",
        "error": params.get("error", ""),
        "field": params.get("field", ""),
        "replaces": params.get("replaces", ""),
        "saved": int(params.get("sent", 0)),
    }


def counts(scene: Scene) -> Fields:
    """How many this person has to see to, and of how many the time has run out."""
    open_ones = [one for one in scene.shelf.all("issue") if _status(one) in OPEN]
    mine = [one for one in open_ones if one["holder"] == scene.person["id"]]
    dues = [scene.local(one["close_due"]) for one in mine if one["close_due"]]
    free = sum(not one["holder"] for one in open_ones)
    return {"mine": len(mine), "late": sum(due < scene.now for due in dues), "free": free}


def _is_asked(issue: Fields, person_id: str) -> bool:
    """Whether somebody is to do something, or this person waits for what they did or rests."""
    status = _status(issue)
    return status in OPEN or (issue["holder"] == person_id and status not in ENDED)


def _status(issue: Fields) -> str:
    return status_of(issue["state"], issue["side"])


def _held(scene: Scene, issue: Fields) -> Fields:
    """An issue as whoever sees to it reads it."""
    status = _status(issue)
    is_mine = int(issue["by"] == scene.person["id"])
    state = status if status in BEFORE else PUBLIC.get(status, status)
    told = {**issue, "state": state, "is_mine": is_mine}
    shown = [
        {name: one[name] for name in ("id", "at", "by_name", "inner")}
        | {"what": _called(one), "words": _words(one)}
        for one in issue["entries"]
        if one["what"] not in HIDDEN
    ]
    door = scene.shelf.get("household", issue["household_id"])
    place = door or scene.shelf.get("building", issue["building_id"])
    return {
        **line_of(scene, {**told, "entries": shown}),
        "label": place["label"] if place else "",
        "household_id": door["id"] if door else "",
        "holder": issue["holder"],
        "holder_name": issue["holder_name"],
        "by_name": issue["by_name"],
        "is_staff": 1,
    }


def _read(scene: Scene, report: Fields) -> Fields:
    """The same as whoever raised it reads it."""
    nothing = dict.fromkeys(("label", "household_id", "holder", "holder_name", "by_name"), "")
    return {**line_of(scene, report), **nothing}


def _words(entry: Fields) -> str:
    """What was said, after the department that it is about."""
    return "，".join(one for one in (entry.get("department", ""), entry["words"]) if one)


def _called(entry: Fields) -> str:
    """A step that moved nothing, though it might have, is a word among others."""
    row = TABLE.get(entry["what"])
    return entry["what"] if entry["moved"] or row is None or not row.moves else "note"


def _steps(scene: Scene, issue: Fields | None, report: Fields | None) -> list[str]:
    found: list[str] = []
    if issue:
        found += [one for one in DOING if _is_open_to(scene, issue, one)]
    if report:
        may_reopen = line_of(scene, report)["may_reopen"]
        can = {"resubmit": report["state"] == "returned", "reopen": may_reopen}
        found += [one for one in ASKING if can.get(one, one not in found)]
    return found


def _is_open_to(scene: Scene, issue: Fields, step: IssueStepName) -> bool:
    row = TABLE[step]
    if step == "received":
        heard = issue["first_at"] or any(one["what"] == step for one in issue["entries"])
        return not heard and _status(issue) in OPEN
    if step == "start" and issue["holder"] not in ("", scene.person["id"]):
        return False
    return not row.moves or _status(issue) in row.moves
