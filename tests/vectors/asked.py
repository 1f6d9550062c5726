"""The histories of `checkups.json`: what people are asked, in the order in which it arrives."""

from typing import Any

from msgspec import to_builtins

from sync.followups import flagged_id
from sync.operations import stamp
from tests import asking, looked_for
from tests.sync.memory import MemoryTown

ELDER, SON = (one.id for one in asking.PEOPLE)
# What the server alone decides, and the phone does not guess.
SERVERS_OWN = ("version", "received_at", "questions", "review")


def checkup(resident_id: str, version: int = 1, **said: Any) -> dict[str, Any]:
    consent = said.pop("consent", "")
    return {
        "resident_id": resident_id,
        "checklist_id": "CK-ELDER",
        "version": version,
        "answers": {name: {"value": value} for name, value in said.items()},
        **({"consent": consent, "consent_method": "oral"} if consent else {}),
    }


def visit(number: int, at: str, *checkups: dict[str, Any]) -> dict[str, Any]:
    data = {
        "household_id": asking.DOOR.id,
        "type": "elder_care",
        "method": "door",
        "result": "met",
        "resident_ids": list(dict.fromkeys(one["resident_id"] for one in checkups)),
        "checkups": list(checkups),
    }
    return operation(number, at, "visit.record", data)


def operation(number: int, at: str, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    moment = f"2026-09-{at}:00.000+08:00"
    return {"id": asking.uid(number), "n": number, "kind": kind, "at": moment, "data": data}


def at_door(number: int, at: str, result: str) -> dict[str, Any]:
    return operation(number, at, "visit.record", looked_for.visit(result))


def step(number: int, at: str, visit_number: int, what: str, who: str = "") -> dict[str, Any]:
    said = {"visit_id": asking.uid(visit_number), "step": what, "who": who}
    return operation(number, at, "ladder.step", said)


SEEN = at_door(1, "01T10:00", "met")
SILENT = at_door(2, "10T10:00", "no_answer")
RED = visit(1, "10T10:00", checkup(ELDER, E04=["stroke"], E02="free"))
HISTORIES: dict[str, list[dict[str, Any]]] = {
    "one-sided weakness opens one follow-up": [RED],
    "a second one adds an entry, though it was earlier": [
        RED,
        visit(2, "09T10:00", checkup(ELDER, E04=["fever"], E02="bed")),
    ],
    "taken back, it asks for nothing": [
        RED,
        operation(2, "10T11:00", "visit.withdraw", {"id": asking.uid(1)}),
    ],
    "corrected, it asks for what it says now": [
        RED,
        operation(
            2,
            "10T11:00",
            "visit.correct",
            {"id": asking.uid(1), "changes": {"checkups": [checkup(ELDER, E16=["wire"])]}},
        ),
    ],
    "worse than the last time": [
        visit(1, "01T10:00", checkup(ELDER, E02="free", E13="none", E26="phone")),
        visit(2, "08T10:00", checkup(ELDER, E02="cane"), checkup(SON, E03=2)),
    ],
    "who does not want to be asked": [
        visit(1, "01T10:00", checkup(ELDER, E02="free", E26="less")),
        visit(2, "08T10:00", checkup(ELDER, consent="no", E02="bed", E04=["chest"])),
        operation(3, "09T10:00", "consent.record", {"resident_id": ELDER, "consent": "yes"}),
    ],
    "nobody answered, and what was done to find them": [
        SEEN,
        SILENT,
        step(3, "10T10:02", 2, "self"),
        step(4, "10T10:09", 2, "contact", "黄志强"),
    ],
    "found, it ends with whom and how": [
        SEEN,
        SILENT,
        step(3, "10T10:02", 2, "110"),
        at_door(4, "10T11:00", "not_home"),
        at_door(5, "10T12:00", "hospital"),
    ],
    "found before it arrived": [SEEN, at_door(3, "10T12:00", "phone_ok"), SILENT],
    "a step is kept though they were found meanwhile": [
        SEEN,
        at_door(3, "10T12:00", "phone_ok"),
        SILENT,
        step(4, "10T10:05", 2, "neighbour"),
    ],
    "a second knock is of the same case": [SEEN, SILENT, at_door(3, "10T11:30", "no_answer")],
    "what found them was taken back": [
        SEEN,
        SILENT,
        at_door(3, "10T12:00", "met"),
        operation(4, "10T12:05", "visit.withdraw", {"id": asking.uid(3)}),
    ],
    "they had answered after all": [
        SEEN,
        SILENT,
        operation(
            3,
            "10T10:30",
            "visit.correct",
            {"id": asking.uid(2), "changes": {"result": "met"}},
        ),
    ],
    "ended in words": [
        SEEN,
        SILENT,
        operation(
            3,
            "10T12:00",
            "followup.close",
            {"id": flagged_id(asking.uid(2), "", "no_answer"), "result": "在女儿家"},
        ),
        step(4, "10T11:00", 2, "contact"),
    ],
    "what no edition knows": [visit(1, "01T10:00", checkup(ELDER, 9, E04=["stroke"], X1="?"))],
}


def checkup_cases() -> dict[str, Any]:
    return {
        "about": "What people are asked, in the order of arrival, over the lists that every "
        "community begins with. `after` is what a phone shows, as [kind, fields], by kind and id, "
        "without what is empty and what the server alone decides.",
        "now": stamp(asking.NOW),
        "person": asking.PERSON,
        "community": to_builtins(asking.COMMUNITY),
        "cases": [
            {"about": about, "operations": made, "after": after(made)}
            for about, made in HISTORIES.items()
        ],
    }


def after(operations: list[dict[str, Any]]) -> list[list[Any]]:
    """What a phone shows after these, as vectors write it."""
    here = MemoryTown(*asking.town())
    for one in operations:
        asking.follow(here, one)
    return told(asking.shown(here).items())


def told(records: Any) -> list[list[Any]]:
    """[("kind id", fields)] in order, as far as phones and server must agree.

    A phone does not keep what is for the office alone, nor when that was asked; nor does it say
    before the server what was declined.
    """
    return [[name.split()[0], _own(fields)] for name, fields in sorted(records)]


def _own(fields: dict[str, Any]) -> dict[str, Any]:
    if "items" in fields:
        items = fields["items"].items()
        open_items = {name: one for name, one in items if not one.get("restricted")}
        fields = {**fields, "items": open_items}
    if "checkups" in fields:
        fields = {**fields, "checkups": [_agreed(one) for one in fields["checkups"]]}
    return {name: one for name, one in fields.items() if one and name not in SERVERS_OWN}


def _agreed(one: dict[str, Any]) -> dict[str, Any]:
    answers = {name: said for name, said in one["answers"].items() if not said.get("declined")}
    return {**one, "answers": answers}
