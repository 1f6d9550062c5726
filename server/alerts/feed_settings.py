"""The feeds of a community: what the office says of each, kept so that no key lies open.

An address may carry a key as well as a header does: both are sealed, and what is shown of the
address has dots where the values of its query were.
"""

from collections.abc import Mapping
from typing import Any

import httpx
from msgspec import Struct, json

from server.alerts.feed_state import Feed, State
from server.identities import Vault, WrongSecret
from server.store import alert_feeds as rows
from server.store.database import Tx

# list: of many places, to be chosen from by code. here: what this address gives is for us.
SCOPES = ("list", "here")
RHYTHMS = (60, 120, 300, 600, 1800)
HIDDEN = "••••"


class Setup(Struct, frozen=True, kw_only=True):
    """What the office says of a feed. `headers` go to its own host only."""

    name: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    scope: str = "list"
    every_s: int = 60
    is_on: bool = True


class Kept(Struct, frozen=True, kw_only=True):
    """A feed of a community, with its setup and what is remembered of it.

    Its address is "" when it can no longer be read, as after a restore without the old secret.
    """

    id: str
    setup: Setup
    shown_url: str
    state: State
    taken: int = 0  # messages so far
    taken_at: str = ""


class _Sealed(Struct, frozen=True):
    url: str
    headers: tuple[tuple[str, str], ...] = ()


def columns(vault: Vault, community_id: str, feed_id: str, setup: Setup) -> dict[str, Any]:
    """A row's values, but for who set it up and when."""
    hidden = json.encode(_Sealed(setup.url, setup.headers))
    return {
        "id": feed_id,
        "name": setup.name,
        "shown_url": shown(setup.url),
        "sealed": vault.lock(hidden, _about(community_id, feed_id)),
        "scope": setup.scope,
        "every_s": setup.every_s,
        "is_on": int(setup.is_on),
    }


def kept(vault: Vault, community_id: str, row: Mapping[str, Any]) -> Kept:
    """Without address and headers when the installation's secret is another than it was."""
    try:
        opened = vault.unlock(bytes(row["sealed"]), _about(community_id, row["id"]))
        hidden = json.decode(opened, type=_Sealed)
    except WrongSecret:
        hidden = _Sealed(url="")
    return Kept(
        id=row["id"],
        setup=Setup(
            name=row["name"],
            url=hidden.url,
            headers=hidden.headers,
            scope=row["scope"],
            every_s=row["every_s"],
            is_on=bool(row["is_on"]),
        ),
        shown_url=row["shown_url"],
        state=json.decode(row["state"], type=State),
        taken=row["taken"],
        taken_at=row["taken_at"],
    )


def find(tx: Tx, vault: Vault, community_id: str, feed_id: str) -> Kept | None:
    row = rows.find(tx, community_id, feed_id)
    return kept(vault, community_id, row) if row else None


def all_of(tx: Tx, vault: Vault, community_id: str) -> list[Kept]:
    return [kept(vault, community_id, row) for row in rows.all_of(tx, community_id)]


def feed_of(setup: Setup, code: str) -> Feed:
    """How it is asked. What is for here is not chosen from: ids may begin with the city's code."""
    return Feed(
        url=setup.url,
        code=code if setup.scope == "list" else "",
        secrets=setup.headers,
        every_s=setup.every_s,
    )


def shown(address: str) -> str:
    """An address without what might be a key."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        return HIDDEN
    names = dict.fromkeys(name for name, _ in url.params.multi_items())
    query = "&".join(f"{name}={HIDDEN}" for name in names)
    place = url.host if url.port is None else f"{url.host}:{url.port}"
    return f"{url.scheme}://{place}{url.path}{'?' + query if query else ''}"[:300]


def _about(community_id: str, feed_id: str) -> str:
    return f"alert feed {community_id} {feed_id}"
