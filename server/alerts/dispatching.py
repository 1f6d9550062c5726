"""Hands digests to their channels: claimed first, tried again with patience, every answer kept.

It may run twice over one database, and be ended at any moment. What was claimed by a server that is
no more is sent again: a warning that is said twice does less harm than one that is never said.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from server.alerts import digests as turns
from server.alerts.channels import Channel, Delivery, Notice, Outcome
from server.alerts.channels.webpush import Subscription
from server.alerts.outlets import Outlets, unlocked
from server.alerts.telling import CLAIMED_FOR, notice_of, settle
from server.identities import Vault, WrongSecret
from server.intake import Intake
from server.intake.writing import Writing
from server.store import digests as rows
from server.store import system
from server.store.database import Tx
from server.store.digests import PUSH, Digest
from sync.operations import stamp

log = logging.getLogger("jinlin.alerts")

POLL_S = 5.0
# What follows from one another is looked at together.
SOON_S = 0.2
AT_ONCE, MOST = 16, 64
NEWS = ("community:", "person:")
# A digest, and the secret of its channel or the address of a phone.
Claimed = tuple[Digest, dict[str, Any]]
UNREADABLE = Delivery(
    outcome=Outcome.REFUSED,
    code="secret",
    sentence="这个通道的密钥解不开：JINLIN_SECRET 和存的时候不一样。请删掉它，重新添加。",
)
GONE = Delivery(outcome=Outcome.REFUSED, code="gone", sentence="这部手机已不再接收推送。")
FAILED = Delivery(
    outcome=Outcome.UNREACHABLE, code="failed", sentence="发送时程序出错，已记入日志。"
)


class Dispatcher:
    """The one of a process. It looks again after every change of a warning and now and then."""

    def __init__(self, intake: Intake, secret: bytes, outlets: Outlets) -> None:
        self.intake, self.secret, self.outlets = intake, secret, outlets
        self.name = secrets.token_hex(8)
        self._awake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._working: set[asyncio.Future[Any]] = set()
        self._looking = asyncio.Lock()
        self._queues: dict[str, asyncio.Lock] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    def heard(self, _community_id: str, numbers: dict[str, int]) -> None:
        """Called by the writer's thread after a commit."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        if any(stream.startswith(NEWS) for stream in numbers):
            loop.call_soon_threadsafe(self._awake.set)

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """What is on its way is not waited for: its claim runs out. What is being written is."""
        self._loop = None
        tasks = [one for one in (self._watcher, *self._sending) if one is not None]
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*self._working, return_exceptions=True)
        await self.outlets.close()

    async def round(self) -> None:
        """Look once, and wait until all that is being sent has its answer."""
        await self._begin()
        while self._sending:
            await asyncio.gather(*self._sending)
            await self._begin()

    async def deliver(
        self, community_id: str, channel_id: str, secret: str, said: Notice
    ) -> Delivery:
        """Hand one notice to one channel. Never raises."""
        try:
            address = unlocked(Vault(self.secret), community_id, channel_id, secret)
        except WrongSecret:
            return UNREADABLE
        return await self._hand(self.outlets.channel(address), said)

    async def _watch(self) -> None:
        while True:
            try:
                await self._begin()
            except Exception:  # the next look may do better
                log.exception("warnings cannot be handed on just now")
            try:
                async with asyncio.timeout(POLL_S):  # wait_for may overhear that all ends
                    await self._awake.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(SOON_S)
            self._awake.clear()

    async def _begin(self) -> None:
        """Claim what is due and begin to send it."""
        async with self._looking:
            for community_id in await self._apart(self._busy):
                for row in in_rows(await self._apart(self._claimed, community_id)):
                    is_push = row[0][0].channel_id == PUSH
                    work = self._send(community_id, *row[0]) if is_push else None
                    task = asyncio.create_task(work or self._send_row(community_id, row))
                    self._sending.add(task)
                    task.add_done_callback(self._sending.discard)

    async def _apart(self, work: Callable[..., Any], *given: Any) -> Any:
        """In a thread that ends what it began, whoever stopped waiting for it."""
        working = asyncio.ensure_future(asyncio.to_thread(work, *given))
        self._working.add(working)
        working.add_done_callback(self._working.discard)
        return await asyncio.shield(working)

    def _busy(self) -> list[str]:
        """Communities in which there is something to do; mostly there are none."""
        now = stamp(self.intake.clock())
        with self.intake.store.read() as tx:
            return [
                one
                for one in system.community_ids(tx)
                if turns.missing(tx, one, now) or rows.waiting(tx, one, now)
            ]

    def _claimed(self, community_id: str) -> list[Claimed]:
        found: list[Claimed] = self.intake.do(community_id, self._claim)
        return found

    def _claim(self, writing: Writing) -> list[Claimed]:
        tx, home, now = writing.tx, writing.community_id, stamp(writing.now)
        for one in turns.missing(tx, home, now):
            rows.put(tx, home, one, now)
        rows.drop_stale(tx, home, now)
        until = stamp(writing.now + CLAIMED_FOR)
        room = MOST - len(self._sending)
        return rows.claim(tx, home, self.name, now, until, room) if room > 0 else []

    async def _send_row(self, community_id: str, row: list[Claimed]) -> None:
        async with self._queues.setdefault(row[0][0].channel_id, asyncio.Lock()):
            for digest, outside in row:
                if await self._apart(self._is_ours, community_id, digest):
                    await self._send(community_id, digest, outside)

    def _is_ours(self, community_id: str, one: Digest) -> bool:
        """What waited its turn may have been replaced meanwhile."""
        now = stamp(self.intake.clock())
        with self.intake.store.read() as tx:
            return rows.is_ours(tx, community_id, one.id, self.name, now)

    async def _send(self, community_id: str, one: Digest, outside: dict[str, Any]) -> None:
        async with self._places:
            said = notice_of(one, is_push=one.channel_id == PUSH)
            if one.channel_id != PUSH:
                answer = await self.deliver(community_id, one.channel_id, outside["secret"], said)
            elif outside["endpoint"] is None:
                answer = GONE
            else:
                keys = msgspec.json.decode(outside["keys"])
                browser = Subscription(endpoint=outside["endpoint"], **keys)
                answer = await self._hand(self.outlets.push(browser), said)
        try:
            await self._apart(self._settle, community_id, one, answer, outside)
        except Tx.trouble:
            log.exception("the answer of a channel could not be kept")
        self._awake.set()

    def _settle(
        self, community_id: str, one: Digest, answer: Delivery, outside: dict[str, Any]
    ) -> None:
        endpoint = outside["endpoint"] or ""
        self.intake.do(
            community_id, lambda writing: settle(writing, one, self.name, answer, endpoint)
        )

    async def _hand(self, channel: Channel, said: Notice) -> Delivery:
        try:
            return await channel.send(said)
        except Exception:  # one channel's trouble is not another's
            log.exception("a channel")
            return FAILED


def in_rows(claimed: list[Claimed]) -> list[list[Claimed]]:
    """What one group is told goes out one after the other; phones wait for nobody."""
    rows: dict[str, list[Claimed]] = {}
    for one in claimed:
        digest = one[0]
        alone = digest.id if digest.channel_id == PUSH else digest.channel_id
        rows.setdefault(alone, []).append(one)
    return list(rows.values())
