"""What is done about issues on a phone, and what the rules make of it."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from sync.issue_fold import folded
from sync.issue_records import Issue
from sync.issue_reports import is_near, report
from sync.known import Actor, Known, Moment
from sync.operations import instant, open_envelope, understand
from sync.reconcile import reconcile
from sync.records import Building, Community
from tests.sync.memory import MemoryTown

NOW = "2026-09-15T02:12:30.000Z"
BUILDING = "00000000-0000-7000-8000-000000000010"
ME = "00000000-0000-7000-8000-000000000040"
OTHER = "00000000-0000-7000-8000-000000000041"
ISSUE = "00000000-0000-7000-8000-000000000050"
MADE = "00000000-0000-7000-8000-000000000101"
PICTURE = {"sha256": "a" * 64, "type": "image/jpeg", "width": 800, "height": 600, "size": 9000}
RAISED = {"category": "public_facility", "text": "路灯不亮", "building_id": BUILDING}
# What a phone works out of an issue by itself; limits and the like come from the server.
TOLD = (
    *("id", "state", "side", "holder", "holder_name", "first_at", "done_by", "done_by_name"),
    *("done_at", "ended_at", "media", "entries"),
)
READ = (
    *("id", "category", "place", "text", "state", "is_mine", "reported_at", "ended_at"),
    *("may_reopen_until", "media", "entries"),
)

STARTED = {"what": "start", "role": "worker"}
CHECKED = {"what": "check", "role": "office"}
RETURNED = {"what": "return", "role": "office", "words": "哪一盏？"}
DONE = {"what": "done", "role": "worker"}
RAISES: list[tuple[str, dict[str, Any]]] = [
    ("one that is to be seen to", {**RAISED, "place": "北门外", "media": [PICTURE, "odd"]}),
    ("one that was solved on the spot", {**RAISED, "solved_on_spot": True}),
    (
        "a danger to life that was solved",
        {**RAISED, "category": "life_safety", "solved_on_spot": True},
    ),
    ("one that lies in no building", {**RAISED, "building_id": ""}),
]
# whose issue it is, what was done before, the kind, the data
STEPS: list[tuple[str, str, list[dict[str, Any]], str, dict[str, Any]]] = [
    ("somebody met with the same", OTHER, [STARTED], "issue.join", {"text": "三盏都不亮"}),
    ("more to show of the own", ME, [], "issue.join", {"text": "", "media": [PICTURE]}),
    ("nobody has it: whoever begins has it", OTHER, [], "issue.step", {"step": "start"}),
    (
        "somebody else has it",
        OTHER,
        [STARTED],
        "issue.step",
        {"step": "negotiate", "words": "约了"},
    ),
    ("done with a picture", OTHER, [STARTED], "issue.step", {"step": "done", "media": [PICTURE]}),
    ("done by whoever raised it", ME, [STARTED], "issue.step", {"step": "done", "words": "换好了"}),
    ("a word of whoever raised it", ME, [], "issue.step", {"step": "note", "words": "还有一盏"}),
    ("a word for the staff alone", OTHER, [], "issue.step", {"step": "note", "inner": "要叫物业"}),
    ("received moves nothing", ME, [], "issue.step", {"step": "received"}),
    ("a look on the spot", ME, [STARTED, DONE], "issue.step", {"step": "revisit", "words": "亮了"}),
    ("done twice is a word", ME, [STARTED, DONE], "issue.step", {"step": "done", "words": "好了"}),
    ("what came back goes in again", ME, [RETURNED], "issue.step", {"step": "resubmit"}),
    ("not done after all", ME, [DONE, CHECKED], "issue.step", {"step": "reopen", "words": "又坏"}),
    ("begun though it is closed", ME, [DONE, CHECKED], "issue.step", {"step": "start"}),
]


# What of an issue differs, where somebody is, and of which kind that is what they met with.
LAMP = "public_facility"
NEAR: list[tuple[dict[str, Any], str, str]] = [
    ({}, BUILDING, LAMP),
    ({}, BUILDING, "order"),
    ({}, "", LAMP),
    ({"building_id": ""}, "", LAMP),
    ({"building_id": OTHER}, BUILDING, LAMP),
    ({"restricted": 1}, BUILDING, LAMP),
    ({"ended_at": "2026-09-14T03:00:00.000Z"}, BUILDING, LAMP),
    ({"reported_at": "2026-09-05T02:12:30.000Z"}, BUILDING, LAMP),
    ({"reported_at": "2026-09-05T02:12:29.999Z"}, BUILDING, LAMP),
]


def issue_cases() -> Any:
    raised = [_case(about, None, "issue.raise", data) for about, data in RAISES]
    done = [
        _case(about, _before(by, steps), kind, {"id": ISSUE, **data})
        for about, by, steps, kind, data in STEPS
    ]
    person = {"id": ME, "name": "周晓岚", "role": "worker", "building_ids": [BUILDING]}
    near = [_near(*one) for one in NEAR]
    return {"now": NOW, "person": person, "cases": raised + done, "near": near}


def _near(said: dict[str, Any], building_id: str, category: str) -> dict[str, Any]:
    issue = Issue(
        id=ISSUE, **{**RAISED, "by": OTHER, "reported_at": "2026-09-14T02:00:00.000Z", **said}
    )
    near = int(is_near(issue, building_id, category, NOW))
    return {
        "issue": msgspec.to_builtins(issue),
        "building_id": building_id,
        "category": category,
        "near": near,
    }


def _before(by: str, steps: list[dict[str, Any]]) -> Issue:
    entries = [
        {
            **{"id": f"e-{n}", "at": f"2026-09-14T0{n}:00:00.000Z", "by": OTHER, "words": ""},
            **{"by_name": "温家栋" if one["role"] == "worker" else "麦咏诗", "inner": ""},
            **one,
            **({"by": "p-office"} if one["role"] == "office" else {}),
        }
        for n, one in enumerate(steps, 1)
    ]
    at = "2026-09-13T08:00:00.000Z"
    due = {"close_limit": "5wd", "asked_due": "2026-09-20T10:00:00.000Z"}
    issue = Issue(id=ISSUE, **RAISED, by=by, reported_at=at, **due, entries=entries)
    return folded(issue, _known().calendar())


def _case(about: str, before: Issue | None, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    text = {"id": MADE, "n": 101, "kind": kind, "at": "2026-09-15T10:12:00.000+08:00", "data": data}
    envelope = open_envelope(json.dumps(text).encode())
    assert envelope is not None
    operation = understand(envelope)
    changed = reconcile(operation, _known(before)).changed
    after = next(one for one in changed if isinstance(one, Issue))
    held = [["issue", msgspec.to_builtins(before)]] if before else []
    if before and before.by == ME:
        held.append(["report", msgspec.to_builtins(report(before, ME))])
    is_mine = ME in (after.by, *after.joined)
    # What was said of an issue before somebody joined it comes from the server.
    read = [name for name in READ if kind != "issue.join" or name != "entries"]
    return {
        "about": about,
        "before": held,
        "operation": text,
        "issue": _named(after, TOLD) if kind == "issue.step" else {},
        "report": _named(report(after, ME), read) if is_mine else {},
    }


def _known(*before: Issue | None) -> Known:
    community = Community(id="c", name="清龙社区", office_phone="", timezone="Asia/Shanghai")
    building = Building(id=BUILDING, compound="红棉苑", name="3栋", label="红棉苑 3栋")
    town = MemoryTown(building, *(one for one in before if one))
    actor = Actor(ME, "周晓岚", "worker", "device", frozenset([BUILDING]), frozenset())
    at, now = instant("2026-09-15T02:12:00.000Z"), instant(NOW)
    assert at and now
    return Known(town, actor, Moment(at, at, now), community)


def _named(record: Any, names: Iterable[str]) -> dict[str, Any]:
    found = msgspec.to_builtins(record)
    return {name: found[name] for name in names}
