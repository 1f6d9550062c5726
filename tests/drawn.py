"""The cases of tests/vectors/view_cases.json: a page, its records, and how it is asked for."""

import json
from pathlib import Path
from typing import Any

from server.field import views
from server.field.shelf import MemoryShelf

TESTS = Path(__file__).parent
VECTORS = TESTS / "vectors" / "views"

# Twelve past ten in the morning of 15 September 2026, by the clock of Shanghai.
NOW = "2026-09-15T02:12:00.000Z"
SETTINGS: dict[str, Any] = {
    "place": "phone",
    "data_at": "2026-09-15T01:05:00.000Z",
    "pill": {"state": "waiting", "count": 3},
    "waiting": {"v-502-1": 1, "v-702-5": 1},
    "version": "0.1.0",
}
READERS = {
    **{"town": "p-worker2", "care": "p-worker2", "leader": "p-leader1", "empty": ""},
    **{"warned": "p-chief1", "warned_leader": "p-leader1"},
    **{"issues": "p-worker2", "issues_leader": "p-leader1"},
    **{"storm": "p-worker2", "storm_leader": "p-leader1"},
}


def cases() -> list[dict[str, Any]]:
    """Every case with what it left out filled in."""
    read = json.loads((VECTORS.parent / "view_cases.json").read_text(encoding="utf-8"))
    return [_filled(case) for case in read]


def records(name: str) -> list[tuple[str, dict[str, Any]]]:
    if name == "empty":
        return []
    read = json.loads((TESTS / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))
    return [(kind, record) for kind, record in read]


def context_of(case: dict[str, Any]) -> dict[str, Any] | None:
    """What the page's view says for this case."""
    shelf = MemoryShelf(records(case["shelf"]))
    return views.VIEWS[case["view"]](shelf, case["params"], case["now"], case["settings"])


def _filled(case: dict[str, Any]) -> dict[str, Any]:
    shelf = case.get("shelf", "town")
    settings = {**SETTINGS, "person_id": READERS[shelf], **case.get("settings", {})}
    return {"now": NOW, **case, "shelf": shelf, "settings": settings}
