"""The groups and services that an office hands warnings to: added, switched, removed."""

from typing import Any

import uuid_utils

from server import audit
from server.alerts.digests import AUDIENCES
from server.alerts.outlets import address_of, locked
from server.audit import Author
from server.identities import Vault
from server.intake.writing import Writing
from server.store import channels as rows
from server.store.channels import Channel
from server.store.database import Tx
from sync.refusals import Refusal

MAX_CHANNELS = 100
KINDS = {
    "wecom": "企业微信群机器人",
    "dingtalk": "钉钉群机器人",
    "feishu": "飞书群机器人",
    "extra": "邮件、ntfy、Bark、短信",
}


def add(
    writing: Writing,
    by: Author,
    vault: Vault,
    name: str,
    pasted: str,
    secret: str,
    audience: str,
    grid_id: str,
) -> str:
    """The id of the new channel. Where it leads is locked at once and told to nobody again."""
    tx, home = writing.tx, writing.community_id
    if audience not in AUDIENCES:
        raise Refusal("field.unknown", field="给谁看", value=audience[:20])
    if grid_id and grid_id not in rows.grids(tx, home):
        raise Refusal("field.unknown", field="哪个网格", value=grid_id[:20])
    if len(rows.every(tx, home)) >= MAX_CHANNELS:
        raise Refusal("channel.too_many", limit=MAX_CHANNELS)
    address = address_of(pasted, secret)
    channel_id = str(uuid_utils.uuid7())
    one = Channel(
        id=channel_id,
        kind=address.kind,
        name=name,
        audience=audience,
        grid_id=grid_id,
        is_on=True,
        secret=locked(vault, home, channel_id, address),
    )
    rows.add(tx, home, one)
    audit.note(writing, by, "channel.add", channel_id, detail=f"{one.kind} {audience}")
    return channel_id


def switch(writing: Writing, by: Author, channel_id: str, is_on: bool) -> None:
    find(writing.tx, writing.community_id, channel_id)
    if rows.switch(writing.tx, writing.community_id, channel_id, is_on):
        audit.note(writing, by, "channel.change", channel_id, detail="on" if is_on else "off")


def remove(writing: Writing, by: Author, channel_id: str) -> None:
    if not rows.remove(writing.tx, writing.community_id, channel_id):
        raise Refusal("channel.unknown")
    audit.note(writing, by, "channel.remove", channel_id)


def find(tx: Tx, community_id: str, channel_id: str) -> Channel:
    found = rows.find(tx, community_id, channel_id)
    if found is None:
        raise Refusal("channel.unknown")
    return found


def shown(one: Channel, grids: dict[str, str], last: list[dict[str, Any]]) -> dict[str, Any]:
    """What a page may know of a channel: nothing that leads there."""
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "audience": one.audience,
        "grid": grids.get(one.grid_id, one.grid_id),
        "is_on": int(one.is_on),
        "last": last,
    }
