"""Backups: a verified copy of the database with its media, made beside a running server."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from server import backup_media
from server.backup_rotation import staying
from server.settings import Keep
from server.store import copies, holding
from sync.operations import instant, stamp

DATABASE = "jinlin.db"
MANIFEST = "backup.json"
MEDIA = "media"
SECRET = "secret"

# Names are moments, so that they sort; everything else in the folder is not ours to touch.
NAME = "%Y%m%dT%H%M%SZ"
BROKEN = "broken-"
MAKING = ".making-"
MAX_BROKEN = 3
OLD = timedelta(hours=48)
NIGHT = 3  # o'clock
# A copy needs as much as the database, and the disk needs some air afterwards.
SPARE = 32 * 1024 * 1024


class BackupProblem(Exception):
    """Why there is no backup, and what to do about it."""


class BusyElsewhere(BackupProblem):
    """Somebody else is making one here."""


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


def make(
    data: Path, folder: Path, now: datetime, secret: bytes = b"", *, with_secret: bool = False
) -> Found:
    """A new backup in `folder`. One that fails its verification is kept apart as `broken-…`.

    Raises BackupProblem, and then nothing is left behind.
    """
    source = data / DATABASE
    if not source.exists():
        raise BackupProblem(f"{data} 里没有数据库，没有可备份的。请检查 JINLIN_DATA。")
    _prepare(folder)
    try:
        with holding.alone(folder):
            _tidy(folder)
            _refuse_too_little_room(data, folder)
            return _make(data, folder, now, secret, with_secret)
    except holding.InUse:
        raise BusyElsewhere(f"{folder} 里正在做另一份备份，请等它做完。") from None
    except (OSError, copies.CopyProblem) as problem:
        _tidy(folder)
        raise _explained(problem, folder) from None


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


def is_due(folder: Path, now: datetime, timezone: str) -> bool:
    """Whether the last night that began has no verified backup yet."""
    here = now.astimezone(ZoneInfo(timezone))
    night = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    if night > here:
        night -= timedelta(days=1)
    newest = next(iter(listed(folder)), None)
    return newest is None or _moment(newest) < night


def mark_of(secret: bytes) -> str:
    """Tells one secret from another without telling it."""
    return hashlib.sha256(b"jinlin backup " + secret).hexdigest()[:16] if secret else ""


def write_secretly(path: Path, text: bytes) -> None:
    """A new file that only this user reads."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    copies.to_disk(path)


def _make(data: Path, folder: Path, now: datetime, secret: bytes, with_secret: bool) -> Found:
    making = folder / f"{MAKING}{os.getpid()}"
    making.mkdir(mode=0o700)
    copy = making / DATABASE
    with _in_use(data):
        copies.copy(data / DATABASE, copy)
        backup_media.take(data / MEDIA, folder / MEDIA)
    if with_secret:
        write_secretly(making / SECRET, secret)
    backup = _described(copy, now, folder / MEDIA, mark_of(secret))
    write_secretly(making / MANIFEST, msgspec.json.format(msgspec.json.encode(backup), indent=1))
    copies.to_disk(making)
    path = _free_name(folder, (BROKEN if backup.faults else "") + now.strftime(NAME))
    making.rename(path)
    copies.to_disk(folder)
    return Found(path, backup)


@contextmanager
def _in_use(data: Path) -> Iterator[None]:
    """Nobody replaces the database meanwhile."""
    try:
        handle = holding.hold(data)
    except holding.InUse:
        raise BackupProblem(f"{data} 正在恢复备份，请等它做完。") from None
    try:
        yield
    finally:
        holding.release(handle)


def _described(copy: Path, now: datetime, media: Path, secret: str) -> Backup:
    """Open the copy, check it as `jinlin check` does, and put down what it holds."""
    copy.chmod(0o600)
    held = copies.Figures("", 0, 0, frozenset())
    try:
        held, faults = copies.verified(copy, now)
    except copies.CopyProblem as problem:
        faults = [f"pages: {problem}"]
    return Backup(
        made_at=stamp(now),
        epoch=held.epoch,
        operations=held.operations,
        schema=held.schema,
        size=copy.stat().st_size,
        sha256=digest_of(copy),
        media=sum(1 for _ in backup_media.arrived(media)),
        secret=secret,
        faults=faults,
        media_lacking=backup_media.lacking(media, held.pictures),
    )


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_too_little_room(data: Path, folder: Path) -> None:
    needed = SPARE + sum(
        path.stat().st_size for path in (data / DATABASE, data / f"{DATABASE}-wal") if path.exists()
    )
    needed += backup_media.room_for(data / MEDIA, folder / MEDIA)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupProblem(
            f"{folder} 所在的磁盘只剩 {mega(free)} MB，这份备份要 {mega(needed)} MB。"
            "请腾出空间，或用 JINLIN_BACKUPS 换一个磁盘。"
        )


def mega(count: int) -> int:
    return -(-count // 1_000_000)


def _explained(problem: Exception, folder: Path) -> BackupProblem:
    is_full = getattr(problem, "errno", 0) == errno.ENOSPC or "full" in str(problem)
    if is_full:
        return BackupProblem(
            f"{folder} 所在的磁盘满了，备份没有做成。请腾出空间，或用 JINLIN_BACKUPS 换一个磁盘。"
        )
    return BackupProblem(f"备份没有做成：{problem}")


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise BackupProblem(
            f"不能使用备份目录 {folder}：{problem.strerror}。请换一个 JINLIN_BACKUPS。"
        ) from None


def _tidy(folder: Path) -> None:
    """Away with what a killed backup left."""
    for path in folder.glob(f"{MAKING}*"):
        shutil.rmtree(path, ignore_errors=True)


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


def _free_name(folder: Path, name: str) -> Path:
    path, again = folder / name, 1
    while path.exists():
        again += 1
        path = folder / f"{name}-{again}"
    return path
