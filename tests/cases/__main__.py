"""Asks the API for many cases: python -m tests.cases --cases 20000 --seed 1

Ends with what was asked and what was answered where that is not as /api/openapi.json says.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.cases.cases import SETTINGS, Cases
from tests.server import everything, town


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jinlin-cases-") as folder:
        made, full, run = (Path(folder) / name for name in ("made", "full", "run"))
        for one in (made, full, run):
            one.mkdir()
        path, names = everything.make(town.make(made), full)
        with everything.run(path, run, **SETTINGS) as running:
            cases = Cases(running, names["hongmian"])
            cases.play(asked.cases, asked.seed)
    statuses = Counter(status for *_, status in cases.answered.elements())
    print(f"{statuses.total()} cases, all answered as the document says: {dict(statuses)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
