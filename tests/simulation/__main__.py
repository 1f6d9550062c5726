"""Many histories, for as long as it takes: prints what fails, shrunk, and how to see it again."""

import argparse
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.simulation import history
from tests.simulation.history import Failure
from tests.simulation.town import Step, first_syncs

AT_ONCE = 25
TELLS_EVERY_S = 30


def main(arguments: list[str] | None = None) -> int:
    asked = _arguments(arguments)
    if asked.replay:
        return _replay(Path(asked.replay))
    began = told = time.monotonic()
    failed: list[tuple[int, Failure]] = []
    until = asked.start + asked.seeds
    first_syncs()  # once, and not in each process
    starts = range(asked.start, until, AT_ONCE)
    for played, found in enumerate(_played(starts, until, asked), start=1):
        failed += found
        if time.monotonic() - told > TELLS_EVERY_S:
            told = time.monotonic()
            done = min(played * AT_ONCE, asked.seeds)
            print(f"{done} of {asked.seeds} seeds, {len(failed)} failed", file=sys.stderr)
    for seed, failure in failed[: asked.shown]:
        _show(seed, failure, asked.steps, Path(asked.keep))
    took = time.monotonic() - began
    print(f"{asked.seeds} seeds from {asked.start}: {len(failed)} failed, {took:.0f} s")
    return int(bool(failed))


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many histories")
    parser.add_argument("--from", type=int, default=0, dest="start", help="the first seed")
    parser.add_argument("--steps", type=int, default=history.LENGTH, help="steps of a history")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--shown", type=int, default=3, help="how many failures to shrink")
    parser.add_argument("--keep", default=".", help="folder for the histories of failures")
    parser.add_argument("--replay", metavar="FILE", help="play a history that was kept")
    return parser.parse_args(arguments)


def _played(
    starts: range, until: int, asked: argparse.Namespace
) -> Iterator[list[tuple[int, Failure]]]:
    """What failed, block by block, in order."""
    each = starts, itertools.repeat(until), itertools.repeat(asked.steps)
    if asked.jobs == 1:
        yield from map(_block, *each)
        return
    with ProcessPoolExecutor(asked.jobs) as workers:
        yield from workers.map(_block, *each)


def _block(start: int, until: int, steps: int) -> list[tuple[int, Failure]]:
    seeds = range(start, min(start + AT_ONCE, until))
    played = ((seed, history.play(seed, history.make(seed, steps))) for seed in seeds)
    return [(seed, failure) for seed, failure in played if failure is not None]


def _show(seed: int, failure: Failure, steps: int, folder: Path) -> None:
    print(f"\nseed {seed}: {failure.text}", flush=True)
    shrunk = history.shrink(seed, history.make(seed, steps), failure.kind)
    for name, chance in shrunk:
        print(f"  {name:22} {chance}")
    file = folder / f"history-{seed}.json"
    kept = {"seed": seed, "kind": failure.kind, "steps": shrunk}
    file.write_text(json.dumps(kept, indent=1), "utf-8")
    print(f"  python -m tests.simulation --replay {file}")


def _replay(file: Path) -> int:
    kept = json.loads(file.read_text("utf-8"))
    steps: list[Step] = [(name, chance) for name, chance in kept["steps"]]
    failure = history.play(kept["seed"], steps)
    print(failure.text if failure else "nothing goes wrong")
    return int(failure is not None)


if __name__ == "__main__":
    sys.exit(main())
