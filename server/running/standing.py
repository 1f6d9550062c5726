"""How the installation stands: asked by machines at /health, read by people in words."""

import shutil
from concurrent.futures import TimeoutError as TookTooLong
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Litestar

from server import backup_folder
from server.intake import Intake
from server.settings import Settings
from server.store import system, trouble
from server.store.database import Tx

ANSWER_S = 5.0
NIGHT_MISSED = timedelta(hours=30)


class Sign(NamedTuple):
    """One thing that is watched. `state`: good, warn (somebody should look) or bad (it fails).

    `facts` are numbers and instants for the sentence and the figures.
    """

    name: str
    state: str
    facts: dict[str, Any]


def signs(app: Litestar, *, writing: bool = True) -> list[Sign]:
    """Everything that is watched, in the order of the page."""
    state = app.state
    settings: Settings = state.settings
    intake: Intake = state.intake
    now = intake.clock()
    return [
        database(intake, settings.database, writing=writing),
        disk(settings),
        backups(settings, now),
        night(state.nights, state.started_at, now),
        errors(state.faults, now),
    ]


def worst(found: list[Sign]) -> str:
    states = {one.state for one in found}
    return next(one for one in ("bad", "warn", "good") if one in states)


def database(intake: Intake, path: Path, *, writing: bool) -> Sign:
    """Whether the database can be read, and written within a few seconds."""
    facts: dict[str, Any] = {"size": _size(path), "log": _size(path.with_name(f"{path.name}-wal"))}
    try:
        with intake.store.read() as tx:
            communities = system.community_ids(tx)
        if writing and communities:
            intake.later(communities[0], lambda _: None).result(timeout=ANSWER_S)
    except (Tx.trouble, TookTooLong) as problem:
        return Sign("database", "bad", {**facts, "cause": trouble.cause(problem) or "slow"})
    return Sign("database", "good", {**facts, "cause": ""})


def disk(settings: Settings) -> Sign:
    """Free space where the data lies, and where the backups go."""
    places = [settings.data, *([settings.backups] if settings.backups else [])]
    free = min(_free(one) for one in places)
    state = "good" if free >= settings.disk_free else "warn"
    return Sign("disk", state, {"free": free, "least": settings.disk_free})


def backups(settings: Settings, now: datetime) -> Sign:
    found = backup_folder.standing(settings.backups, now)
    state = "good" if found.state in ("good", "off") else "warn"
    return Sign("backups", state, {"state_of": found.state, "at": found.at, "size": found.size})


def night(nights: dict[str, Any], started_at: datetime, now: datetime) -> Sign:
    """When the jobs of the night were last done by this process, and whether all of them."""
    at, failed = nights.get("at"), bool(nights.get("failed"))
    missed = now - (at or started_at) > NIGHT_MISSED
    return Sign("night", "warn" if failed or missed else "good", {"at": at, "failed": failed})


def errors(faults: Any, now: datetime) -> Sign:
    """Unexpected failures of the last day."""
    count = faults.since(now - timedelta(days=1))
    return Sign("errors", "warn" if count else "good", {"n": count, "kinds": faults.kinds()})


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _free(place: Path) -> int:
    """Of the nearest folder that is there: that of the backups may come with the first one."""
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
