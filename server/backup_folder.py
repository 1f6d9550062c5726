"""A folder of backups: which are there, how they stand, which may go."""

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from server.backup_rotation import staying
from server.settings import Keep
from sync.operations import instant

MANIFEST = "backup.json"
# Names are moments, so that they sort; everything else in the folder is not ours to touch.
NAME = "%Y%m%dT%H%M%SZ"
BROKEN = "broken-"
MAX_BROKEN = 3
OLD = timedelta(hours=48)
NIGHT = 3  # o'clock


class Backup(msgspec.Struct, frozen=True):
    """What a backup says of itself. `faults` is empty when it was verified."""

    made_at: str
    epoch: str
    operations: int
    schema: int
    size: int
    sha256: str
    media: int
    secret: str  # which secret its ID numbers need, see `mark_of`
    faults: list[str]
    media_lacking: int = 0  # pictures the database knows and nobody has


class Found(NamedTuple):
    path: Path
    backup: Backup


class Standing(NamedTuple):
    """Of the newest verified backup: when and how large. `state`: good, old, none, broken, off."""

    state: str
    at: str = ""
    size: int = 0


def listed(folder: Path) -> list[Found]:
    """The verified backups of a folder, newest first."""
    return [one for one in _found(folder, "2*") if not one.backup.faults]


def broken(folder: Path) -> list[Found]:
    """Backups that failed their verification, newest first."""
    return _found(folder, f"{BROKEN}*")


def rotate(folder: Path, keep: Keep) -> list[Path]:
    """Delete the backups that nobody needs any more; which ones."""
    verified = {_moment(one): one for one in listed(folder)}
    stay = staying(verified, keep)
    gone = [one.path for at, one in verified.items() if at not in stay]
    gone += [one.path for one in broken(folder)[MAX_BROKEN:]]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone


def standing(folder: Path | None, now: datetime) -> Standing:
    """How the backups stand, for whoever has to look after them."""
    if folder is None:
        return Standing("off")
    newest, failed = (next(iter(found), None) for found in (listed(folder), broken(folder)))
    if newest is None:
        return Standing("broken" if failed else "none")
    at, size = _moment(newest), newest.backup.size
    if failed and _moment(failed) > at:
        return Standing("broken", newest.backup.made_at, size)
    state = "old" if now - at > OLD else "good"
    return Standing(state, newest.backup.made_at, size)


def is_due(folder: Path, now: datetime, timezone: str) -> bool:
    """Whether the last night that began has no verified backup yet."""
    here = now.astimezone(ZoneInfo(timezone))
    night = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    if night > here:
        night -= timedelta(days=1)
    newest = next(iter(listed(folder)), None)
    return newest is None or _moment(newest) < night


def mega(count: int) -> int:
    return -(-count // 1_000_000)


def _found(folder: Path, pattern: str) -> list[Found]:
    found = []
    for path in sorted(folder.glob(pattern), reverse=True):
        with suppress(OSError, msgspec.MsgspecError):
            text = (path / MANIFEST).read_bytes()
            found.append(Found(path, msgspec.json.decode(text, type=Backup)))
    return found


def _moment(found: Found) -> datetime:
    at = instant(found.backup.made_at)
    assert at, "a backup knows when it was made"
    return at
