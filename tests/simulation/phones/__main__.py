"""python -m tests.simulation.phones --seeds 1000 --from 0

Prints each seed that fails with its history and what the network did, and ends with 1.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.simulation.phones import history
from tests.simulation.phones.mutants import MUTANTS
from tests.simulation.phones.pages import Played
from tests.simulation.phones.play import TABLES, Table, play, tables

BATCH = 100  # seeds that share a server and a browser
MUTANT_SEEDS = 40


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation.phones",
        description="The phone's own modules in Chromium against a server, over a bad network.",
    )
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--tables", type=int, default=TABLES, help="seeds that play at once")
    parser.add_argument("--keep-going", action="store_true", help="do not stop at a failing seed")
    parser.add_argument("--tell", action="store_true", help="print the histories, play nothing")
    parser.add_argument("--mutants", action="store_true", help="see deliberate bugs found")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    if asked.tell:
        print("\n".join(history.told(seed, history.of(seed)) for seed in seeds))
        return 0
    return _mutants() if asked.mutants else _soak(seeds, asked.tables, asked.keep_going)


def _soak(seeds: range, count: int, keep_going: bool) -> int:
    wrong = 0
    total: Counter[str] = Counter()
    begin = time.monotonic()

    def heard(played: Played) -> bool:
        nonlocal wrong
        wrong += bool(played.wrong)
        total.update(played.counts)
        if played.wrong:
            print(played.report(), flush=True)
        return keep_going or not played.wrong

    done = 0
    for first in range(seeds.start, seeds.stop, BATCH):
        batch = range(first, min(first + BATCH, seeds.stop))
        with tempfile.TemporaryDirectory() as folder:
            found = play(tables(batch, heard, count), Path(folder) / "town")
        for checked in [one for one in found if one.seed < 0]:
            wrong += 1
            print("jinlin check:", *checked.wrong, sep="\n  ")
        done += len(found)
        seconds = time.monotonic() - begin
        print(f"{done} seeds, {wrong} wrong, {dict(total)}, {seconds:.0f} s", flush=True)
        if wrong and not keep_going:
            break
    return int(wrong > 0)


def _mutants() -> int:
    with tempfile.TemporaryDirectory() as folder:
        spread = [
            Table(
                mutant.name.replace("_", "-"),
                [1000 * at + seed for seed in reversed(range(MUTANT_SEEDS))],
                lambda played: not played.wrong,
                mutant.patched(),
            )
            for at, mutant in enumerate(MUTANTS)
        ]
        found = play(spread, Path(folder) / "town")
    caught = {one.table: one for one in found if one.wrong and one.seed >= 0}
    for mutant, table in zip(MUTANTS, spread, strict=True):
        by = caught.get(table.name)
        print(f"{mutant.name}: {f'seed {by.seed}: {by.wrong[0]}' if by else 'NOT CAUGHT'}")
    return int(len(caught) < len(MUTANTS))


if __name__ == "__main__":
    sys.exit(main())
