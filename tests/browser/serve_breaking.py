"""Serves a data folder with a bug in a rule."""

from pathlib import Path
from typing import Any

from sync import visits
from tests.browser.serve import serve

WORD = "这里会坏"


def serve_breaking(folder: Path, port: int) -> None:
    unbroken = visits.record

    def record(visit_id: str, data: Any, known: Any) -> Any:
        if data.note == WORD:
            raise ZeroDivisionError("a bug that nobody knew of")
        return unbroken(visit_id, data, known)

    visits.record = record
    serve(folder, port)
