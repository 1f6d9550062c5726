"""Disks that take nothing in any more, and then do again."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.crash.rig import House, Nursery

# Less than a page, more than a line of the log.
ALMOST_NOTHING = 4096
SIZE = "4m"


class Disk(Protocol):
    """What a server's data lies on."""

    house: House

    def fill(self) -> None: ...

    def free(self) -> None: ...


class Limited:
    """Works everywhere: the kernel lets the server's files grow no further."""

    def __init__(self, house: House) -> None:
        self.house = house

    def fill(self) -> None:
        self._limit(ALMOST_NOTHING)

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        resource.prlimit(self.house.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class Small:
    """A disk of a few megabytes with a file that fills it; needs the right to mount."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.filler = house.folder / "filler"

    def fill(self) -> None:
        with self.filler.open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    continue

    def free(self) -> None:
        self.filler.unlink()


Maker = Callable[[Nursery, Path, Path], "Iterator[Disk]"]


@contextmanager
def limited(nursery: Nursery, made: Path, folder: Path) -> Iterator[Disk]:
    house = House(nursery, folder / "data", made)
    yield Limited(house)
    house.kill()


@contextmanager
def small(nursery: Nursery, made: Path, folder: Path) -> Iterator[Disk]:
    data = folder / "small"
    data.mkdir()
    mount(data)
    house = House(nursery, data, made)
    try:
        yield Small(house)
    finally:
        house.kill()
        subprocess.run(["umount", str(data)], check=True)


def mount(folder: Path) -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)


def may_mount() -> bool:
    """Whether this machine lets us have a small disk of our own."""
    if os.geteuid() or not shutil.which("mount"):
        return False
    folder = Path(tempfile.mkdtemp())
    try:
        mount(folder)
    except subprocess.CalledProcessError:
        return False
    else:
        subprocess.run(["umount", str(folder)], check=True)
        return True
    finally:
        folder.rmdir()


# A real full disk wherever that can be had, and always one that is told to be full.
DISKS = {"limited": limited, **({"small": small} if may_mount() else {})}
