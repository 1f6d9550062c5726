"""Keys by which a neighbouring system files issues: only a hash of each is kept."""

from datetime import datetime
from typing import NamedTuple

from server.store.database import Tx
from sync.known import Actor
from sync.operations import stamp
from sync.scope import SERVICE


class ApiKey(NamedTuple):
    """A key and what came in with it. `withdrawn_at` is "" while it works."""

    id: str
    name: str
    created_at: str
    made_by: str
    withdrawn_at: str
    filed: int
    last_at: str


def add(
    tx: Tx, community_id: str, key_id: str, name: str, key_hash: str, made_by: str, at: datetime
) -> None:
    tx.run(
        """
        insert into api_key (community_id, id, name, key_hash, made_by, created_at, withdrawn_at)
        values (:community, :id, :name, :hash, :by, :at, '')
        """,
        community=community_id,
        id=key_id,
        name=name,
        hash=key_hash,
        by=made_by,
        at=stamp(at),
    )


def withdraw(tx: Tx, community_id: str, key_id: str, at: datetime) -> bool:
    """False when there is no such key that works."""
    changed = tx.run(
        """
        update api_key set withdrawn_at = :at
        where community_id = :community and id = :id and withdrawn_at = ''
        """,
        community=community_id,
        id=key_id,
        at=stamp(at),
    )
    return changed == 1


def of_hash(tx: Tx, community_id: str, key_hash: str) -> str:
    """The id of a key of this community that works; "" for none."""
    found = tx.value(
        """
        select id from api_key
        where community_id = :community and key_hash = :hash and withdrawn_at = ''
        """,
        community=community_id,
        hash=key_hash,
    )
    return str(found or "")


def listed(tx: Tx, community_id: str) -> list[ApiKey]:
    """Those that work first, the newest first."""
    rows = tx.tuples(
        """
        select api_key.id, api_key.name, api_key.created_at, coalesce(person.name, ''),
          api_key.withdrawn_at, count(issue.id), coalesce(max(issue.received_at), '')
        from api_key
        left join person on person.community_id = api_key.community_id
          and person.id = api_key.made_by
        left join issue on issue.community_id = api_key.community_id
          and issue."by" = api_key.id
        where api_key.community_id = :community
        group by api_key.id, api_key.name, api_key.created_at, person.name, api_key.withdrawn_at
        order by api_key.withdrawn_at <> '', api_key.created_at desc, api_key.id
        """,
        community=community_id,
    )
    return [ApiKey(*row) for row in rows]


def open_communities(tx: Tx) -> list[str]:
    """Communities that have a key that works, by id."""
    rows = tx.tuples(
        "select distinct community_id from api_key where withdrawn_at = '' order by community_id"
    )
    return [community_id for (community_id,) in rows]


def actor(tx: Tx, community_id: str, key_id: str, device_id: str) -> Actor | None:
    """A key as who acts, withdrawn or not; None when there is none of this id."""
    row = tx.row(
        "select name from api_key where community_id = :community and id = :id",
        community=community_id,
        id=key_id,
    )
    if row is None:
        return None
    return Actor(key_id, row["name"], SERVICE, device_id, frozenset(), frozenset())
