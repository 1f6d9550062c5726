"""A phone's file as the office sees it: before it is imported, and what became of it."""

from typing import Any

from server import outboxes
from server.office import kept
from server.store import ledgers, quarantine
from server.store import outboxes as rows
from server.store.database import Tx
from sync import outboxes as reading
from sync.devices import short_code
from sync.refusals import Refusal

LINES_SHOWN = 100
OUTCOMES = ("accepted", "duplicate", "held", "conflict", "quarantined")


def of(tx: Tx, community_id: str, file_id: str) -> dict[str, Any]:
    """Raises Refusal for a file that is unknown or was dropped."""
    file = rows.find(tx, community_id, file_id)
    if file is None:
        raise Refusal("record.unknown")
    if file["state"] == "dropped":
        raise Refusal("outbox.decided")
    ledger = ledgers.ledger_of(tx, community_id, file["device_id"])
    shown = {"file": file, "received": ledger.received, "code": short_code(ledger.head)}
    if file["state"] == "imported":
        return {**shown, **_result(tx, community_id, file_id)}
    return {**shown, **_preview(tx, community_id, file_id)}


def _preview(tx: Tx, community_id: str, file_id: str) -> dict[str, Any]:
    read = reading.read(rows.content(tx, community_id, file_id))
    look = outboxes.look(tx, community_id, read)
    shown = [_line(line.raw, line.fate, number=line.number) for line in look.lines[:LINES_SHOWN]]
    return {
        "facts": look.facts,
        "said": read.ledger,
        "matches": look.matches,
        "lines": shown,
        "names": _names(tx, community_id, shown),
    }


def _result(tx: Tx, community_id: str, file_id: str) -> dict[str, Any]:
    items = rows.items(tx, community_id, file_id)
    counts = {one: sum(item["outcome"] == one for item in items) for one in OUTCOMES}
    # What somebody should look at comes first.
    items.sort(key=lambda item: (OUTCOMES.index(item["outcome"]) < 2, item["number"]))
    shown = [
        {**_line(bytes(item["body"] or b""), item["outcome"], number=item["number"]), **_said(item)}
        for item in items[:LINES_SHOWN]
    ]
    return {"counts": counts, "all": len(items), "lines": shown} | {
        "names": _names(tx, community_id, shown)
    }


def _said(item: dict[str, Any]) -> dict[str, Any]:
    names = ("operation_id", "n", "kind", "code", "sentence", "state")
    return {name: item[name] for name in names}


def _line(raw: bytes, fate: str, number: int) -> dict[str, Any]:
    """One operation in words: what it is, at which door, from when."""
    envelope = kept.read(raw)
    data = kept.data_of(envelope)
    door, n = data.get("household_id", ""), envelope.get("n", 0)
    at, kind = envelope.get("at", ""), envelope.get("kind", "")
    return {
        "number": number,
        "fate": fate,
        "n": n if isinstance(n, int) else 0,
        "kind": kind if isinstance(kind, str) else "",
        "at": at if isinstance(at, str) else "",
        "household_id": door if isinstance(door, str) else "",
        "result": str(data.get("result", ""))[:40],
    }


def _names(tx: Tx, community_id: str, lines: list[dict[str, Any]]) -> dict[str, str]:
    doors = sorted({line["household_id"] for line in lines if line["household_id"]})
    return quarantine.names(tx, community_id, doors)
