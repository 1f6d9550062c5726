"""The messages that an index leads to, fetched a few at a time."""

import asyncio
import hashlib
from datetime import datetime

import httpx
from msgspec import Struct, structs

from server.alerts.addresses import Unreachable, checked
from server.alerts.feed_index import Link
from server.alerts.feed_state import Feed, Fetched, Seen
from server.alerts.fetching import Answer, fetch, origin
from server.alerts.reading import read

AT_ONCE = 4


class Body(Struct, frozen=True, kw_only=True):
    """How asking for one message went; nothing fetched where it was the old one."""

    url: str
    seen: Seen
    fetched: Fetched | None = None


class Way(Struct, frozen=True, kw_only=True):
    """By what a feed is asked, and which networks it may lead to."""

    feed: Feed
    client: httpx.AsyncClient
    networks: frozenset[str]
    now: datetime

    async def fetch(self, url: str, known: Seen) -> Answer:
        is_own = origin(checked(url)) == origin(checked(self.feed.url))
        return await fetch(
            self.client,
            url,
            self.networks,
            etag=known.etag,
            last_modified=known.last_modified,
            secrets=self.feed.secrets if is_own else (),
            timeout_s=self.feed.timeout_s,
        )


async def bodies(way: Way, links: list[Link], seen: dict[str, Seen]) -> tuple[list[Body], int]:
    """Those that were answered in time, and how many were not."""
    if not links:
        return [], 0
    places = asyncio.Semaphore(AT_ONCE)

    async def one(link: Link) -> Body:
        async with places:
            return await _body(way, link, seen.get(link.url, Seen()))

    tasks = [asyncio.ensure_future(one(link)) for link in links]
    try:
        await asyncio.wait(tasks, timeout=way.feed.round_s)
    finally:
        late = [task for task in tasks if not task.done()]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    return [task.result() for task in tasks if task not in late], len(late)


async def _body(way: Way, link: Link, before: Seen) -> Body:
    asked = structs.replace(
        before, mark=link.mark, expires=link.expires, checked_at=way.now.isoformat()
    )
    try:
        answer = await way.fetch(link.url, before)
    except Unreachable as problem:
        return _in_vain(link, asked, str(problem), is_gone=problem.is_gone)
    well = structs.replace(asked, problem="", is_gone=False, tries=0)
    if answer.is_same:
        return Body(url=link.url, seen=well)
    reading = await asyncio.to_thread(read, answer.content)
    if reading.outcome == "rejected":
        return _in_vain(link, asked, reading.reason)
    came = structs.replace(
        well,
        etag=answer.etag,
        last_modified=answer.last_modified,
        sha256=digest(answer.content),
    )
    if came.sha256 == before.sha256:
        return Body(url=link.url, seen=came)
    fetched = Fetched(url=link.url, content=answer.content, reading=reading)
    return Body(url=link.url, seen=came, fetched=fetched)


def _in_vain(link: Link, asked: Seen, problem: str, *, is_gone: bool = False) -> Body:
    seen = structs.replace(asked, problem=problem, is_gone=is_gone, tries=asked.tries + 1)
    return Body(url=link.url, seen=seen)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
