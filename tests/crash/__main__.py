"""Kills a server many times: python -m tests.crash --kills 100 --seed 1

Every ten kills begin with a new small community. Ends with the seed to repeat when something that
was acknowledged is missing, doubled or inconsistent.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.crash.rig import Nursery
from tests.crash.storm import Storm
from tests.server import town

AT_ONCE = 10


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    nursery = Nursery()
    try:
        with tempfile.TemporaryDirectory(prefix="jinlin-crash-") as folder:
            made = town.make(Path(folder))
            for number, done in enumerate(range(0, asked.kills, AT_ONCE)):
                kills = min(AT_ONCE, asked.kills - done)
                seed = asked.seed + number
                said = one(nursery, made, Path(folder) / f"data-{seed}", seed, kills)
                print(f"seed {seed}: {kills} kills, {said}", flush=True)
    finally:
        nursery.stop()
    print(f"{asked.kills} kills: nothing lost, nothing twice")
    return 0


def one(nursery: Nursery, made: Path, folder: Path, seed: int, kills: int) -> str:
    storm = Storm(nursery, made, folder, seed)
    try:
        storm.run(kills)
        storm.heal()
        storm.assert_once()
    except BaseException:
        again = f"python -m tests.crash --kills {kills} --seed {seed}"
        print(f"failed; to repeat: {again}", flush=True)
        raise
    finally:
        storm.house.kill()
    return storm.summary()


if __name__ == "__main__":
    sys.exit(main())
