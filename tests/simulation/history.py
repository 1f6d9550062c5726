"""Histories: made from a seed, played, and shrunk to the steps that a failure needs."""

import contextlib
import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.simulation import pins
from tests.simulation.cast import fast_folder
from tests.simulation.town import STEPS, Step, Town
from tests.simulation.wire import Broken

LENGTH = 45


class Failure(NamedTuple):
    """How a history went wrong; `promise` is false where the product or the test fell over."""

    kind: str
    text: str
    promise: bool = True


def make(seed: int, length: int = LENGTH) -> list[Step]:
    chance = Random(seed)
    names = list(STEPS)
    weights = [weight for _, weight in STEPS.values()]
    drawn = chance.choices(names, weights, k=length)
    drawn.insert(length // 2, "good hour")  # so that the office has something to decide
    return pins.weave(seed, [(name, chance.getrandbits(40)) for name in drawn])


def play(seed: int, history: Sequence[Step]) -> Failure | None:
    """What goes wrong when these steps are taken and everything then heals; None if nothing."""
    with tempfile.TemporaryDirectory(prefix="jinlin-sim-", dir=fast_folder()) as folder, quiet():
        town = Town(seed, Path(folder))
        try:
            for step in history:
                town.take(step)
            town.heal()
            town.truths.settled()
        except Broken as broken:
            return Failure(broken.kind, str(broken))
        except Exception as problem:  # noqa: BLE001 a crash of the product is a finding too
            return Failure(type(problem).__name__, f"{type(problem).__name__}: {problem}", False)
        finally:
            town.close()
    return None


def shrink(seed: int, history: Sequence[Step], kind: str, tries: int = 400) -> list[Step]:
    """Fewer steps that fail the same way: ever smaller pieces are left out."""
    steps = list(history)
    size = len(steps) // 2
    while size >= 1 and tries > 0:
        start, shorter = 0, False
        while start < len(steps) and tries > 0:
            fewer = steps[:start] + steps[start + size :]
            tries -= 1
            failure = play(seed, fewer)
            if failure is not None and failure.kind == kind:
                steps, shorter = fewer, True
            else:
                start += size
        if not shorter or size > 1:
            size //= 2
    return steps


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The server says a lot about the disks that are taken from it here."""
    log = logging.getLogger("jinlin")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def replay_hint(seed: int) -> str:
    return f"python -m tests.simulation --from {seed} --seeds 1   # shrinks it"
