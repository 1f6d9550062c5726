"""Puts a backup in the place of the database: nothing is deleted, and phones learn a new epoch."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from server import backup_folder, backup_media, backups
from server.backup_folder import MANIFEST, NAME, Backup
from server.backups import DATABASE, MEDIA, SECRET
from server.store import copies, holding

WORKING = ".restoring"
ASIDE = "replaced-"


class RestoreProblem(Exception):
    """Why nothing was restored, and what to do about it."""


class Restored(NamedTuple):
    """What is served now, and where what was served before lies; None when there was nothing."""

    epoch: str
    made_at: str
    operations: int
    secret: str
    faults: list[str]
    aside: Path | None
    strangers: list[str]  # usernames that only the replaced database knows


def restore(
    chosen: Path, data: Path, now: datetime, *, epoch: str = "", anyway: bool = False
) -> Restored:
    """Serve a backup from `data` from now on, under a new epoch.

    `chosen` is a backup, a folder of backups (its newest verified one is taken) or a database.
    The backup is checked first; `anyway` takes one that has faults. What it replaces is moved into
    `replaced-…`. Raises RestoreProblem, and then nothing has changed.
    """
    source = find(chosen)
    said = _manifest(source)
    data.mkdir(parents=True, exist_ok=True)
    try:
        with holding.alone(data):
            working = data / WORKING
            shutil.rmtree(working, ignore_errors=True)
            try:
                made, faults = _ready(source, said, working, now, epoch)
                if faults and not anyway:
                    raise RestoreProblem(_faulty(source, faults))
                if said:
                    backup_media.take(source.parent.parent / MEDIA, data / MEDIA)
                aside = _swap(working / DATABASE, data, now)
                _take_secret(source.parent / SECRET, data / SECRET, now)
            finally:
                shutil.rmtree(working, ignore_errors=True)
    except holding.InUse:
        raise RestoreProblem(
            f"{data} 正有服务或命令在用。请先停掉 jinlin serve（和别的 jinlin 命令），再恢复。"
        ) from None
    except OSError as problem:
        raise RestoreProblem(f"没有恢复：{problem}。原来的数据没有动。") from None
    made_at = said.made_at if said else ""
    secret = said.secret if said else ""
    strangers = _only_in(aside / DATABASE, data / DATABASE) if aside else []
    return Restored(made.epoch, made_at, made.operations, secret, faults, aside, strangers)


def find(chosen: Path) -> Path:
    """The database that is meant. Raises RestoreProblem."""
    if chosen.is_file():
        return chosen
    if (chosen / DATABASE).is_file():
        return chosen / DATABASE
    verified = backup_folder.listed(chosen) if chosen.is_dir() else []
    if not verified:
        raise RestoreProblem(f"{chosen} 里没有核对过的备份。请给出一份备份的目录或文件。")
    return verified[0].path / DATABASE


def _manifest(source: Path) -> Backup | None:
    """What the backup says of itself; None for a bare database."""
    path = source.parent / MANIFEST
    if not path.is_file() or source.name != DATABASE:
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Backup)
    except msgspec.MsgspecError:
        raise RestoreProblem(f"{path} 读不出来，这份备份不完整。") from None


def _ready(
    source: Path, said: Backup | None, working: Path, now: datetime, epoch: str
) -> tuple[copies.Figures, list[str]]:
    """A copy of the backup that can be served, and what is wrong with it."""
    working.mkdir(mode=0o700)
    copy = working / DATABASE
    for side in ("", *copies.SIDES[:1]):
        beside = source.with_name(source.name + side)
        if beside.is_file():
            shutil.copyfile(beside, copy.with_name(copy.name + side))
    copy.chmod(0o600)
    changed = said is not None and backups.digest_of(copy) != said.sha256
    try:
        made, faults = copies.make_ready(copy, said.made_at if said else "", now, epoch)
    except copies.CopyProblem as problem:
        raise RestoreProblem(f"{source} 打不开：{problem}。没有恢复，请换一份备份。") from None
    except copies.NewerRelease:
        raise RestoreProblem(f"{source} 是更新的版本做的，请先升级 jinlin。没有恢复。") from None
    return made, [*(["file: changed since it was made"] if changed else []), *faults]


def _faulty(source: Path, faults: list[str]) -> str:
    first = "\n".join(faults[:5])
    return (
        f"{source} 没有通过核对（{len(faults)} 处）：\n{first}\n"
        "没有恢复。请换一份备份；只有这一份时可以加 --anyway。"
    )


def _swap(ready: Path, data: Path, now: datetime) -> Path | None:
    """Put a database in its place. At every moment there is one, the old or the new."""
    place = data / DATABASE
    if not place.exists():
        _in_place(ready, place)
        return None
    aside = _free(data / f"{ASIDE}{now.strftime(NAME)}")
    aside.mkdir(mode=0o700)
    if copies.can_be_read(place):
        copies.fold(place)
    # Whatever still lies beside it must not meet another database.
    for side in copies.SIDES:
        beside = place.with_name(place.name + side)
        if beside.exists():
            beside.rename(aside / beside.name)
    copies.link(place, aside / DATABASE)
    copies.to_disk(aside)
    _in_place(ready, place)
    return aside


def _in_place(ready: Path, place: Path) -> None:
    ready.replace(place)
    copies.to_disk(place.parent)


def _take_secret(brought: Path, place: Path, now: datetime) -> None:
    """A backup that holds its secret brings it along; another one is kept beside."""
    if not brought.is_file():
        return
    text = brought.read_bytes()
    if place.is_file():
        if place.read_bytes().strip() == text.strip():
            return
        place.rename(_free(place.with_name(f"{SECRET}-{ASIDE}{now.strftime(NAME)}")))
    backups.write_secretly(place, text)


def _only_in(old: Path, new: Path) -> list[str]:
    here = copies.people_of(new)
    return [username for person, username in copies.people_of(old).items() if person not in here]


def _free(path: Path) -> Path:
    again, free = 1, path
    while free.exists():
        again += 1
        free = path.with_name(f"{path.name}-{again}")
    return free
