"""The cards sheet: what to do at once, step by step, and whom to call."""

import re

from server.checklists.columns import Cells
from server.checklists.findings import Findings
from sync.checklists import MAX_CARDS, Card


def read(lines: list[Cells], findings: Findings) -> tuple[list[Card], dict[str, int]]:
    """The cards and the row of each."""
    cards: list[Card] = []
    rows: dict[str, int] = {}
    for cells in lines:
        if not cells.texts:
            continue
        missing = [column for column in ("id", "title", "steps") if not cells.get(column)]
        if missing:
            findings.add("card.misfit", cells.place(missing[0]), name=missing[0])
            continue
        id_ = cells.get("id")
        if id_ in rows:
            findings.add("card.twice", cells.place("id"), value=id_, other=rows[id_])
            continue
        if len(cards) >= MAX_CARDS:
            findings.add("card.too_many", cells.place("id"), limit=MAX_CARDS)
            break
        rows[id_] = cells.row
        steps = [step.strip() for step in cells.get("steps").split("\n") if step.strip()]
        calls = re.split(r"[\s,，、]+", cells.get("calls")) if cells.get("calls") else []
        cards.append(Card(id=id_, title=cells.get("title"), steps=steps, calls=calls))
    return cards, rows
