"""Numbers that a phone recorded and nobody has: their author is told in an own notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.intake.receiving import Sender
from server.store import devices
from sync.refusals import Refusal

if TYPE_CHECKING:
    from server.intake.writing import Writing

KIND = "phone.missing"
OUTCOME = "missing"
CODE = "numbers.missing"


def hear(writing: Writing, sender: Sender, report: dict[str, Any] | None) -> None:
    """A phone says how it stands. The first time it does, its owner is told what earlier phones
    still hold; later, when what this one lacked has come."""
    if report is None:
        return
    tx, home, person_id = writing.tx, writing.community_id, sender.person_id
    if not writing.ledgers.is_new(sender.device_id):
        look_again(writing, sender.device_id, person_id)
        return
    before = report.get("moved_from")
    if isinstance(before, str) and before:
        devices.move(tx, home, before, person_id, sender.device_id)
    if not devices.has_others(tx, home, person_id, sender.device_id):
        return
    for phone in devices.phones(tx, home, writing.now, person_id):
        if phone["id"] != sender.device_id:
            _tell(writing, phone)


def look_again(writing: Writing, device_id: str, person_id: str) -> None:
    """Whoever was told that numbers lack is told when they have come."""
    tx, home = writing.tx, writing.community_id
    told = writing.feed.told(person_id, "notice", device_id)
    if told is None or told["state"] != "waiting":
        return
    for phone in devices.phones(tx, home, writing.now, person_id):
        if (
            phone["id"] == device_id
            and not devices.standing_of(tx, home, phone, writing.now).lacking
        ):
            _settle(writing, device_id, person_id, told)


def end(writing: Writing, device_id: str, person_id: str) -> None:
    """The office is done with a phone: its owner need not look after it any more."""
    told = writing.feed.told(person_id, "notice", device_id)
    if told is not None and told["state"] == "waiting":
        _settle(writing, device_id, person_id, told)


def _tell(writing: Writing, phone: dict[str, Any]) -> None:
    found = devices.standing_of(writing.tx, writing.community_id, phone, writing.now)
    if not found.lacking:
        return
    refusal = Refusal(
        CODE,
        name=phone["name"],
        recorded=found.recorded,
        received=phone["received"],
        numbers=found.lacks,
    )
    writing.notices.tell(
        phone["id"], phone["person_id"], KIND, OUTCOME, "", refusal.code, refusal.sentence
    )
    writing.flush()


def _settle(writing: Writing, device_id: str, person_id: str, told: dict[str, Any]) -> None:
    writing.notices.tell(
        device_id, person_id, KIND, OUTCOME, "", told["code"], told["message"], state="done"
    )
    writing.flush()
