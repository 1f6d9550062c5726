"""Groups and services that warnings are handed to; their addresses are kept locked."""

from typing import Any

from msgspec import Struct

from server.store.database import Tx


class Channel(Struct, frozen=True, kw_only=True):
    id: str
    kind: str  # wecom, dingtalk, feishu, extra
    name: str
    audience: str  # staff, leaders, residents
    grid_id: str  # "" for all
    is_on: bool
    secret: str  # locked


_COLUMNS = "id, kind, name, audience, grid_id, is_on, secret"


def every(tx: Tx, community_id: str) -> list[Channel]:
    found = tx.rows(
        f"select {_COLUMNS} from channel where community_id = :community order by name, id",
        community=community_id,
    )
    return [_channel(row) for row in found]


def find(tx: Tx, community_id: str, channel_id: str) -> Channel | None:
    found = tx.row(
        f"select {_COLUMNS} from channel where community_id = :community and id = :id",
        community=community_id,
        id=channel_id,
    )
    return _channel(found) if found else None


def add(tx: Tx, community_id: str, one: Channel) -> None:
    tx.run(
        """
        insert into channel
          (community_id, id, kind, name, audience, grid_id, is_on, secret)
        values (:community, :id, :kind, :name, :audience, :grid, :is_on, :secret)
        """,
        community=community_id,
        id=one.id,
        kind=one.kind,
        name=one.name,
        audience=one.audience,
        grid=one.grid_id,
        is_on=int(one.is_on),
        secret=one.secret,
    )


def switch(tx: Tx, community_id: str, channel_id: str, is_on: bool) -> bool:
    """Whether it was otherwise before."""
    changed = tx.run(
        """
        update channel set is_on = :is_on
        where community_id = :community and id = :id and is_on <> :is_on
        """,
        community=community_id,
        id=channel_id,
        is_on=int(is_on),
    )
    return changed == 1


def remove(tx: Tx, community_id: str, channel_id: str) -> bool:
    changed = tx.run(
        "delete from channel where community_id = :community and id = :id",
        community=community_id,
        id=channel_id,
    )
    return changed == 1


def grids(tx: Tx, community_id: str) -> dict[str, str]:
    """The grids of the community's buildings with their names."""
    found = tx.tuples(
        """
        select grid_id, max(grid_name) from building
        where community_id = :community and grid_id <> ''
        group by grid_id order by max(grid_name), grid_id
        """,
        community=community_id,
    )
    return dict(found)


def _channel(row: dict[str, Any]) -> Channel:
    return Channel(**{**row, "is_on": bool(row["is_on"])})
