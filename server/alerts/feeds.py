"""One round of asking a feed: what is new in it for us, or since when it fails.

A feed that fails is told as failing and never as having no alerts. What has to be remembered from
round to round is a plain struct that goes in and comes back; where it is kept is nobody's here.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from msgspec import structs

from server.alerts import feed_index
from server.alerts.addresses import Unreachable, addresses_of, checked, network_of
from server.alerts.documents import Unreadable
from server.alerts.feed_bodies import Body, Way, bodies, digest
from server.alerts.feed_index import Link
from server.alerts.feed_kinds import kind_of
from server.alerts.feed_state import Feed, Fetched, Round, Seen, State, is_open, waiting
from server.alerts.fetching import Answer
from server.alerts.reading import read
from server.alerts.scripts import is_script

LONGEST_ASKED_WAIT = timedelta(hours=1)

logger = logging.getLogger(__name__)


async def poll(feed: Feed, state: State, now: datetime, client: httpx.AsyncClient) -> Round:
    """Ask once. Takes no longer than `round_s` and `timeout_s`, and never raises for a feed."""
    try:
        async with asyncio.timeout(feed.round_s + feed.timeout_s):
            return await _round(feed, state, now, client)
    except Unreachable as problem:
        return _failing(feed, state, now, str(problem), _asked_wait(problem.retry_after, now))
    except Unreadable as problem:
        return _failing(feed, state, now, str(problem))
    except TimeoutError:
        return _failing(feed, state, now, "服务器太慢，等了很久没有取完。")
    except Exception:
        logger.exception("alert feed")
        return _failing(feed, state, now, "读取这个来源时程序出错，已记入日志。")


async def _round(feed: Feed, state: State, now: datetime, client: httpx.AsyncClient) -> Round:
    own = await addresses_of(checked(feed.url))
    networks = frozenset({"public", *map(network_of, own)})
    way = Way(feed=feed, client=client, networks=networks, now=now)
    answer = await way.fetch(feed.url, Seen(etag=state.etag, last_modified=state.last_modified))
    if answer.is_same:
        links, whole = _undated(state), None
    else:
        links, whole = await _listed(feed, state, answer)
    links = [
        link
        for link in links
        if feed_index.concerns(link, feed.code) and not feed_index.is_over(link, now)
    ]
    wanted = [link for link in links if is_open(link, state.seen.get(link.url), now, feed.every_s)]
    wanted.sort(key=lambda link: _order(link, state, now))
    came, late = await bodies(way, wanted[: feed.most_new], state.seen)
    left = max(len(wanted) - feed.most_new, 0) + late
    after = _after(state, answer, links, came)
    return _told(feed, state, after, now, (whole, came, left))


def _undated(state: State) -> list[Link]:
    """Under an index that is the old one, addresses may be rewritten that no date tells of."""
    return [
        Link(url=url, expires=seen.expires) for url, seen in state.seen.items() if not seen.mark
    ]


async def _listed(feed: Feed, state: State, answer: Answer) -> tuple[list[Link], Fetched | None]:
    """Its links; and the document itself where it holds messages and is another than before."""
    reading = await asyncio.to_thread(read, answer.content)
    if reading.outcome == "rejected":
        raise Unreadable(reading.reason)
    links: list[Link] = []
    if not is_script(answer.content):
        links = await asyncio.to_thread(feed_index.links, answer.content, feed.url)
    is_new = digest(answer.content) != state.sha256
    if is_new and (reading.messages or reading.warnings):
        return links, Fetched(url=feed.url, content=answer.content, reading=reading)
    return links, None


def _order(link: Link, state: State, now: datetime) -> tuple[bool, str, float]:
    """New ones first, the newest of them before the others; then who waited longest."""
    seen = state.seen.get(link.url)
    is_again = seen is not None and seen.mark == link.mark
    return is_again, seen.checked_at if seen and is_again else "", -feed_index.age(link, now.tzinfo)


def _after(state: State, answer: Answer, links: list[Link], came: list[Body]) -> State:
    """What is remembered now: of the messages, those that the index still lists."""
    fresh = {one.url: one.seen for one in came}
    if answer.is_same:
        return structs.replace(state, seen={**state.seen, **fresh})
    listed = {link.url for link in links}
    kept = {url: seen for url, seen in state.seen.items() if url in listed}
    return structs.replace(
        state,
        seen={**kept, **fresh},
        etag=answer.etag,
        last_modified=answer.last_modified,
        sha256=digest(answer.content),
        kind=kind_of(answer.content),
    )


def _told(
    feed: Feed,
    before: State,
    after: State,
    now: datetime,
    found: tuple[Fetched | None, list[Body], int],
) -> Round:
    whole, came, left = found
    fetched = (*([whole] if whole else []), *(one.fetched for one in came if one.fetched))
    troubled = {url: seen for url, seen in after.seen.items() if seen.problem}
    warnings = tuple(f"{url}：{seen.problem}" for url, seen in troubled.items())
    if left or troubled:
        # The index is asked for whole next time: an answer of "not changed" would hide the rest.
        after = structs.replace(after, etag="", last_modified="")
    next_at = now + timedelta(seconds=feed.every_s)
    after = structs.replace(after, next_at=next_at.isoformat(), failures=0)
    if problems := [seen.problem for seen in troubled.values() if not seen.is_gone]:
        since = before.failing_since or now.isoformat()
        reason = f"有 {len(problems)} 条预警没有取到：{problems[0]}"
        return Round(
            outcome="failing",
            state=structs.replace(after, failing_since=since, reason=reason),
            fetched=fetched,
            left=left,
            reason=reason,
            failing_since=since,
            warnings=warnings,
        )
    is_still = not fetched and not left and after.sha256 == before.sha256
    return Round(
        outcome="not_changed" if is_still else "ok",
        state=structs.replace(after, failing_since="", reason="", ok_at=now.isoformat()),
        fetched=fetched,
        left=left,
        warnings=warnings,
    )


def _failing(
    feed: Feed, state: State, now: datetime, reason: str, asked_wait: timedelta = timedelta()
) -> Round:
    since = state.failing_since or now.isoformat()
    next_at = now + max(waiting(feed.every_s, state.failures), asked_wait)
    state = structs.replace(
        state,
        failing_since=since,
        failures=state.failures + 1,
        next_at=next_at.isoformat(),
        reason=reason,
    )
    return Round(outcome="failing", state=state, reason=reason, failing_since=since)


def _asked_wait(said: str, now: datetime) -> timedelta:
    """How long the server asks to be left alone, as far as we agree to."""
    try:
        if said.isascii() and said.isdigit():
            wait = timedelta(seconds=int(said[:9]))
        else:
            wait = parsedate_to_datetime(said) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(wait, LONGEST_ASKED_WAIT)
