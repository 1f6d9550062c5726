"""`jinlin import FILE` for a phone's outbox: what it holds, and bringing it in."""

from contextlib import closing
from typing import Any

from server import outboxes
from server.audit import Author
from server.intake import Intake, now_utc
from server.settings import Settings
from server.store import outboxes as rows
from server.store.database import Store, Tx
from sync import outboxes as reading

OUTCOMES = ("accepted", "duplicate", "held", "conflict", "quarantined")


def look(tx: Tx, community_id: str, data: bytes) -> dict[str, Any]:
    """Whose file it is and how much of it is new. Nothing is written."""
    file = reading.read(data)
    outboxes.refuse_strange(tx, community_id, file)
    found = outboxes.look(tx, community_id, file)
    return {"device": file.device, "person": file.person.id, **found.facts}


def bring_in(settings: Settings, community_id: str, by: Author, data: bytes) -> dict[str, Any]:
    """Apply a file as its person's work; how many of its lines had which outcome."""
    file = reading.read(data)
    with closing(Store(settings.database)) as store:
        intake = Intake(store, now_utc)
        try:
            file_id = outboxes.preview(intake, community_id, by, data)
            outboxes.apply(intake, community_id, by, file_id)
        finally:
            intake.stop()
        with store.read() as tx:
            counts = rows.counts(tx, community_id, file_id)
    told = {one: counts.get(one, 0) for one in OUTCOMES}
    return {"device": file.device, "person": file.person.id, "all": len(file.operations), **told}


def said(counts: dict[str, Any]) -> str:
    """The same in words."""
    if "new" in counts:
        return (
            f"手机文件：{counts['all']} 条，新的 {counts['new']} 条，已经有了 {counts['here']} 条，"
            f"对不上 {counts['other'] + counts['unreadable']} 条"
        )
    return (
        f"手机文件：{counts['all']} 条，收下 {counts['accepted']} 条，"
        f"已经有了 {counts['duplicate']} 条，等前一条 {counts['held']} 条，"
        f"冲突 {counts['conflict']} 条，隔离 {counts['quarantined']} 条"
    )
