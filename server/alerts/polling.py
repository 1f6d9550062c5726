"""The job that asks the feeds. What they bring goes in by `taking`, like any other warning.

Each feed is claimed before it is asked, so that two runs at once do no harm, and a run that dies
half way is made good by the next: a message that is known already changes nothing.
"""

import asyncio
import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import uuid_utils
from apscheduler.schedulers.background import BackgroundScheduler
from msgspec import Struct, json, structs

from server.alerts import feed_settings
from server.alerts.feed_binding import bound, ours
from server.alerts.feed_settings import Kept
from server.alerts.feed_state import Fetched, Round, State
from server.alerts.feeds import poll
from server.alerts.fetching import new_client
from server.alerts.taking import Source, Taken, take
from server.identities import Vault
from server.intake import Intake
from server.store import alert_feeds as rows
from server.store import system
from server.store.records import Records
from sync.alert_areas import Place, place_of
from sync.operations import stamp
from sync.records import Community

log = logging.getLogger("jinlin.feeds")

HELD_FOR = timedelta(minutes=3)  # longer than any round may take
EVERY_S = 10
MOST_RUNS = 10
STOP_WAIT_S = 10
NO_PLACE = "还没有填本社区的区划代码和位置，分不出哪些预警和本社区有关。请先到“设置”里填。"
LOCKED = "存着的地址和密钥解不开：密钥文件（JINLIN_SECRET）换过。请把地址和请求头再填一次。"
NOT_KEPT = "取到的预警没有存下来，程序出错，已记入日志，会再试。"


class _Asked(Struct, frozen=True, kw_only=True):
    community_id: str
    claim: str
    feed: Kept
    place: Place


class Polling:
    """Asks feeds whenever some are due, until it is stopped."""

    def __init__(self, intake: Intake, secret: bytes) -> None:
        self._intake = intake
        self._vault = Vault(secret)
        self._lock = threading.Lock()
        self._ended = threading.Condition(self._lock)
        self._runs = 0
        self._tasks: dict[asyncio.Task[Any], asyncio.AbstractEventLoop] = {}
        self._is_over = False

    def schedule(self, scheduler: BackgroundScheduler) -> None:
        """A slow feed holds up no other: several runs may be on their way at once."""
        scheduler.add_job(
            self.run, "interval", seconds=EVERY_S, name="feeds", max_instances=MOST_RUNS
        )

    def run(self) -> int:
        """Ask every feed that is due, of every community; how many were asked."""
        with self._lock:
            if self._is_over:
                return 0
            self._runs += 1
        try:
            return self._run()
        finally:
            with self._lock:
                self._runs -= 1
                self._ended.notify_all()

    def stop(self) -> None:
        """Let go of what is on its way; nothing is written after this."""
        with self._lock:
            self._is_over = True
            for task, loop in self._tasks.items():
                loop.call_soon_threadsafe(task.cancel)
            self._ended.wait_for(lambda: not self._runs, STOP_WAIT_S)

    def _run(self) -> int:
        with self._intake.store.read() as tx:
            communities = system.community_ids(tx)
        claimed = [one for home in communities for one in _claimed(self._intake, self._vault, home)]
        if claimed:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._all(claimed))
        return len(claimed)

    async def _all(self, claimed: list[_Asked]) -> None:
        task = asyncio.current_task()
        assert task is not None
        with self._lock:
            if self._is_over:
                return
            self._tasks[task] = asyncio.get_running_loop()
        try:
            await asyncio.gather(*(self._one(asked) for asked in claimed))
        finally:
            with self._lock:
                del self._tasks[task]

    async def _one(self, asked: _Asked) -> None:
        found = await ask(asked.feed, asked.place, self._intake.clock())
        await asyncio.to_thread(_keep, self._intake, asked, found)


def _claimed(intake: Intake, vault: Vault, community_id: str) -> list[_Asked]:
    now = intake.clock()
    claim, at, until = str(uuid_utils.uuid7()), stamp(now), stamp(now + HELD_FOR)
    with intake.store.read() as tx:
        due = rows.due(tx, community_id, at)
    if not due:
        return []
    got = intake.do(
        community_id,
        lambda writing: [
            one for one in due if rows.claim(writing.tx, community_id, one, claim, at, until)
        ],
    )
    with intake.store.read() as tx:
        community = Records(tx, community_id).get("community", community_id)
        assert isinstance(community, Community)
        feeds = [feed_settings.find(tx, vault, community_id, one) for one in got]
    place = place_of(community.division_code, community.latitude, community.longitude)
    return [
        _Asked(community_id=community_id, claim=claim, feed=one, place=place)
        for one in feeds
        if one is not None
    ]


async def ask(feed: Kept, place: Place, now: datetime) -> Round:
    """One round of a feed, whose messages are those that may be for us."""
    if reason := _hindrance(feed, place):
        state = structs.replace(
            feed.state,
            reason=reason,
            failing_since=feed.state.failing_since or now.isoformat(),
            next_at=(now + timedelta(minutes=1)).isoformat(),
        )
        return Round(outcome="failing", state=state, reason=reason)
    async with new_client() as client:
        how = feed_settings.feed_of(feed.setup, place.code)
        found = await poll(how, feed.state, now, client)
    code = place.code if feed.setup.scope == "here" else ""
    return structs.replace(found, fetched=tuple(_of_ours(found.fetched, code, place)))


def _hindrance(feed: Kept, place: Place) -> str:
    """Why it cannot be asked at all."""
    if not feed.setup.url:
        return LOCKED
    if not place.code and (feed.setup.scope == "here" or place.point is None):
        return NO_PLACE
    return ""


def _of_ours(fetched: Iterable[Fetched], code: str, place: Place) -> Iterable[Fetched]:
    for one in fetched:
        reading = bound(one.reading, code)
        reading = structs.replace(reading, messages=ours(reading.messages, place))
        yield structs.replace(one, reading=reading)


def _keep(intake: Intake, asked: _Asked, found: Round) -> None:
    """Take in what came; a round of which anything could not be kept is done again."""
    state, taken = found.state, 0
    for one in found.fetched:
        if not one.reading.messages:
            continue
        try:
            taken += _taken(intake, asked, one)
        except Exception:
            log.exception("feed %s: a message could not be kept", asked.feed.id)
            state = _undone(asked.feed.state, state.next_at, intake.clock())
    intake.do(
        asked.community_id,
        lambda writing: rows.keep(
            writing.tx,
            asked.community_id,
            asked.feed.id,
            asked.claim,
            json.encode(state).decode(),
            stamp(datetime.fromisoformat(state.next_at)),
            taken,
            stamp(intake.clock()),
        ),
    )


def _undone(before: State, next_at: str, now: datetime) -> State:
    return structs.replace(
        before,
        next_at=next_at,
        failing_since=before.failing_since or now.isoformat(),
        reason=NOT_KEPT,
    )


def _taken(intake: Intake, asked: _Asked, one: Fetched) -> int:
    """How many warnings its new messages are of."""
    source = Source(kind="feed", feed_id=asked.feed.id)
    taken: Taken = intake.do(
        asked.community_id, lambda writing: take(writing, one.reading, one.content, source)
    )
    return len(taken.alerts)
