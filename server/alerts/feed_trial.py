"""One round of a feed for somebody who sets it up: what it would bring. Nothing is kept."""

import asyncio
from datetime import datetime

from msgspec import Struct

from server.alerts.feed_binding import bound, ours
from server.alerts.feed_settings import Setup, feed_of
from server.alerts.feed_state import Feed, Round, State
from server.alerts.feeds import poll
from server.alerts.fetching import new_client
from sync.alert_areas import Place
from sync.alert_signs import spoken
from sync.alerts import Message

MOST_SHOWN = 12
MOST_WARNINGS = 5
PATIENCE_S = 15.0


class Brought(Struct, frozen=True, kw_only=True):
    title: str
    sent: str
    expires: str
    areas: str


class Trial(Struct, frozen=True, kw_only=True):
    """`reason` says why nothing came. `count` is all that was read, `ours` what may be for us."""

    kind: str = ""
    reason: str = ""
    count: int = 0
    ours: int = 0
    left: int = 0
    shown: tuple[Brought, ...] = ()
    warnings: tuple[str, ...] = ()


def trial(setup: Setup, place: Place, now: datetime) -> Trial:
    """Takes no longer than half a minute."""
    how = feed_of(setup, place.code)
    feed = Feed(
        url=how.url,
        code=how.code,
        secrets=how.secrets,
        every_s=how.every_s,
        most_new=MOST_SHOWN,
        round_s=PATIENCE_S,
        timeout_s=PATIENCE_S,
    )
    found = asyncio.run(_round(feed, now))
    code = place.code if setup.scope == "here" else ""
    readings = [bound(one.reading, code) for one in found.fetched]
    messages = [message for one in readings for message in one.messages]
    chosen = ours(messages, place)
    warnings = [*found.warnings, *(said for one in readings for said in one.warnings)]
    return Trial(
        kind=found.state.kind,
        reason=found.reason,
        count=len(messages),
        ours=len(chosen),
        left=found.left,
        shown=tuple(_brought(one) for one in chosen[:MOST_SHOWN]),
        warnings=tuple(warnings[:MOST_WARNINGS]),
    )


async def _round(feed: Feed, now: datetime) -> Round:
    async with new_client() as client:
        return await poll(feed, State(), now, client)


def _brought(message: Message) -> Brought:
    info = spoken(message.infos)
    areas = "；".join(one.description for one in info.areas if one.description) if info else ""
    return Brought(
        title=(info.headline or info.event if info else "")[:80] or message.identifier,
        sent=message.sent,
        expires=info.expires if info else "",
        areas=areas[:80],
    )
