"""Backups: a verified copy of the database with its media, made beside a running server."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from server import backup_media
from server.backup_folder import BROKEN, MANIFEST, NAME, Backup, Found, mega
from server.store import copies, holding
from sync.operations import stamp

DATABASE = "jinlin.db"
MEDIA = "media"
SECRET = "secret"

MAKING = ".making-"

# Besides the copy, so much stays free for the database that is being served, and once its size.
SPARE = 32 * 1024 * 1024


class BackupProblem(Exception):
    """Why there is no backup, and what to do about it."""


class BusyElsewhere(BackupProblem):
    """Somebody else is making one here."""


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
    needed = SPARE + 2 * sum(
        path.stat().st_size for path in (data / DATABASE, data / f"{DATABASE}-wal") if path.exists()
    )
    needed += backup_media.room_for(data / MEDIA, folder / MEDIA)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupProblem(
            f"{folder} 所在的磁盘只剩 {mega(free)} MB，做这份备份要有 {mega(needed)} MB。"
            "请腾出空间，或用 JINLIN_BACKUPS 换一个磁盘。"
        )


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


def _free_name(folder: Path, name: str) -> Path:
    path, again = folder / name, 1
    while path.exists():
        again += 1
        path = folder / f"{name}-{again}"
    return path
