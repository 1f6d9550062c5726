"""待同步: what waits and why, what came back, and the line two people compare by voice."""

from typing import Any

from server.field.shelf import Fields, Shelf, empty
from server.field.views import people
from server.field.views.issues import form_of, pictured, said
from server.field.views.scene import Scene, page_of, scene_of
from sync.media import pictures

# What the place where a page is drawn knows about this phone; the server knows little of it.
NO_DEVICE: Fields = {
    "recorded": 0,
    "received": 0,
    "code": "",
    "matched_at": "",
    "matched_n": 0,
    "matched_code": "",
    "tried_at": "",
    "tried_why": "",
    "next_s": 0,
    "persisted": "",
    "usage_mb": 0,
    "free_mb": 0,
    "ahead_minutes": 0,
    "new_version": 0,
    "old_unsent": 0,
    "lost": 0,
    "lost_numbers": "",
}
OPEN = ("waiting", "returned")
SETTLED_SHOWN = 5
# What is told there stands on the page of the day.
TOLD = ("handover", "reminder")
# What is in conflict was applied: there is nothing to send anew.
REDONE = ("held", "quarantined")


def outbox(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/outbox.html.

    `params`: device (names of NO_DEVICE); queue and tray: operations as {id, n, kind, at, data},
    those of the tray with outcome, code and message too; photos: {visit_id, at, left, refused,
    error} for each visit of which some are still to be sent.
    """
    scene = scene_of(shelf, now_iso, settings)
    queue = [_item(scene, one) for one in params.get("queue", [])]
    tray = [_item(scene, one) for one in params.get("tray", [])]
    held = {one["id"] for one in tray}
    told = [
        _told(scene, one)
        for one in shelf.all("notice")
        if one["outcome"] not in TOLD and one["id"] not in held
    ]
    returned = [one for one in tray + told if one["state"] in OPEN]
    settled = [one for one in told if one["state"] not in OPEN]
    device = {**NO_DEVICE, **params.get("device", {})}

    return {
        **page_of(scene, "待同步", "/outbox", tab="me", back="/me"),
        "device": {
            **device,
            "matched_at": scene.local(device["matched_at"]),
            "tried_at": scene.local(device["tried_at"]),
            "differs": int(device["recorded"] != device["received"]),
        },
        "queue": sorted(queue, key=lambda one: -one["n"]),
        "photos": [_photos(scene, one) for one in params.get("photos", [])],
        "photos_left": sum(one["left"] for one in params.get("photos", [])),
        "oldest_at": min((one["at"] for one in queue), default=""),
        "returned": sorted(returned, key=lambda one: (one["at"], one["id"]), reverse=True),
        "settled": sorted(settled, key=lambda one: (one["at"], one["id"]), reverse=True)[
            :SETTLED_SHOWN
        ],
    }


def _item(scene: Scene, operation: Fields) -> Fields:
    """An operation of this phone as a line; its data says what it was."""
    data = operation["data"]
    changes = data.get("changes", {})
    about = _about(scene, data)
    return {
        **_nothing(operation["id"], operation["kind"], scene.local(operation["at"])),
        "label": _building(scene, data),
        **_where(scene, data.get("household_id", "") or about.get("household_id", "")),
        "n": operation["n"],
        "result": data.get("result", "") or changes.get("result", ""),
        "phone": data.get("phone", "") or changes.get("phone", ""),
        "outcome": operation.get("outcome", ""),
        "message": operation.get("message", ""),
        "redo": _form(scene, operation) if operation.get("outcome", "") in REDONE else "",
        "followup": _followup(scene, operation["kind"], data),
        "media": len(data.get("media", [])),
        "said": said(scene, operation["kind"], data),
    }


def _building(scene: Scene, data: Fields) -> str:
    """Where a warning was handed on."""
    known = scene.shelf.get("building", data.get("building_id", ""))
    return known["label"] if known else ""


def _form(scene: Scene, operation: Fields) -> str:
    """Where an operation can be put right and sent anew; "" where no form is for it or its record
    is not here."""
    data = operation["data"]
    household, contact, visit = (
        key if key and scene.shelf.get(kind, key) else ""
        for kind, key in (
            ("household", data.get("household_id", "")),
            ("contact", data.get("id", "")),
            ("visit", data.get("id", "")),
        )
    )
    paths = {
        "visit.record": household and f"/households/{household}/visit",
        "visit.correct": visit and f"/visits/{visit}/correction",
        "contact.add": household and f"/households/{household}/contact",
        "contact.change": contact and f"/contacts/{contact}/change",
        "life_event.record": household and f"/households/{household}/event",
        "alert.contact": _task_of(scene, data),
        "issue.raise": form_of(scene, household, data),
        "issue.join": form_of(scene, "", data),
        "issue.step": f"/issues/{data.get('id', '')}",
        "feedback.send": "/feedback",
    }
    path = paths.get(operation["kind"], "")
    return f"{path}?redo={operation['id']}" if path else ""


def _task_of(scene: Scene, data: Fields) -> str:
    """The form about a door that a warning asks after."""
    kind = "pair_task" if scene.is_leader else "contact_task"
    found = scene.shelf.of(kind, "household_id", data.get("household_id", ""))
    asked = [one["id"] for one in found if one["incident_id"] == data.get("incident_id", "")]
    return f"/contact-tasks/{asked[0]}" if asked else ""


def _followup(scene: Scene, kind: str, data: Fields) -> str:
    """Where the follow-up is that was closed, or all of them; "" for any other operation."""
    if kind != "followup.close":
        return ""
    known = scene.shelf.get("followup", data.get("id", ""))
    return f"/followups/{known['id']}" if known else "/followups"


def _photos(scene: Scene, kept: Fields) -> Fields:
    """Pictures of a visit, or of an issue, that this phone still has to send."""
    report, known = pictured(scene, kept["visit_id"])
    kind, visit = "issue.raise", empty("visit")
    if not known:
        visit = scene.shelf.get("visit", kept["visit_id"]) or visit
        kind, known = "visit.record", pictures(visit["media"])
    return {
        **_nothing(kept["visit_id"], kind, scene.local(kept["at"])),
        **_where(scene, visit["household_id"]),
        "said": said(scene, kind, {"id": report}),
        "result": visit["result"],
        "left": kept["left"],
        "of": max(len(known), kept["left"]),
        "refused": kept.get("refused", 0),
        "error": kept["error"],
    }


def _told(scene: Scene, notice: Fields) -> Fields:
    """What the server told this person about an operation."""
    made = scene.shelf.get("visit", notice["visit_id"])
    return {
        **_nothing(notice["id"], notice["operation_kind"], scene.local(notice["at"])),
        **_where(scene, notice["household_id"]),
        "result": made["result"] if made else "",
        "outcome": notice["outcome"],
        "message": notice["message"],
        "state": notice["state"],
        "followup": _followup(scene, notice["operation_kind"], {}),
        "reason": notice["reason"],
        "field": notice["field"],
        "visit_id": notice["visit_id"],
    }


def _about(scene: Scene, data: Fields) -> Fields:
    """The record that an operation names by `id`."""
    named = data.get("id", "") or data.get("visit_id", "")
    for kind in ("visit", "contact", "resident", "followup"):
        known = scene.shelf.get(kind, named)
        if known:
            return known
    return {}


def _where(scene: Scene, household_id: str) -> Fields:
    household = scene.shelf.get("household", household_id)
    if household is None:
        return {}
    building = scene.shelf.get("building", household["building_id"])
    residents = scene.shelf.of("resident", "household_id", household_id)
    return {
        "household_id": household_id,
        "door": "-".join(part for part in (household["unit"], household["door_no"]) if part),
        "label": building["label"] if building else household["label"],
        **people.heads(scene, household, residents),
    }


def _nothing(operation_id: str, kind: str, at: str) -> dict[str, Any]:
    return {
        "id": operation_id,
        "kind": kind,
        "at": at,
        "n": 0,
        "household_id": "",
        "door": "",
        "label": "",
        "names": [],
        "family": 0,
        "vacant": 0,
        "result": "",
        "phone": "",
        "outcome": "",
        "message": "",
        "state": "waiting",
        "reason": "",
        "field": "",
        "visit_id": "",
        "redo": "",
        "followup": "",
        "media": 0,
        "said": "",
    }
