"""Serves a data folder with a bug in a rule: python -m tests.browser.serve_breaking FOLDER PORT"""

import sys
from pathlib import Path
from typing import Any

from sync import visits
from tests.browser.serve import serve

WORD = "这里会坏"

if __name__ == "__main__":
    unbroken = visits.record

    def record(visit_id: str, data: Any, known: Any) -> Any:
        if data.note == WORD:
            raise ZeroDivisionError("a bug that nobody knew of")
        return unbroken(visit_id, data, known)

    visits.record = record
    serve(Path(sys.argv[1]), int(sys.argv[2]))
