"""What channels and phones are still to be told of warnings, and what became of each attempt."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from server.store.database import Tx

PUSH = "push"  # the channel of people's own browsers


class Digest(Struct, frozen=True, kw_only=True):
    """One text for one channel, or for one person's phone. Its id says what it is about."""

    id: str
    incident_id: str
    channel_id: str
    edition: int
    why: str  # begun, changed, stood_down; repeat, deputy, chief, secretary; asked
    title: str
    text: str
    until_at: str
    person_id: str = ""
    device_id: str = ""
    building_ids: tuple[str, ...] = ()
    tries: int = 0
    parts_accepted: int = 0
    state: str = "waiting"  # accepted, refused, given_up, replaced, over


_COLUMNS = (
    "id, incident_id, channel_id, edition, why, title, text, until_at, person_id, device_id,"
    " building_ids, tries, parts_accepted, state"
)
_HOLDS = """
    digest.until_at > :now and exists (
      select 1 from alert
      where alert.community_id = digest.community_id and alert.id = digest.incident_id
        and (alert.state = 'open' or (alert.state = 'closed' and digest.why = 'stood_down'))
        and alert.edition = digest.edition
    )
"""


def known(tx: Tx, community_id: str, incident_ids: Iterable[str]) -> list[Digest]:
    """All that was put down for groups about some incidents."""
    found = []
    for incident_id in incident_ids:
        found += tx.rows(
            f"""
            select {_COLUMNS} from digest
            where community_id = :community and incident_id = :incident and channel_id <> 'push'
            order by made_at, id
            """,
            community=community_id,
            incident=incident_id,
        )
    return [_digest(row) for row in found]


def put(tx: Tx, community_id: str, one: Digest, now: str) -> bool:
    """Put it down, once; whether it was not there yet."""
    changed = tx.run(
        f"""
        insert into digest (community_id, {_COLUMNS}, made_at, due_at)
        values (:community, :id, :incident, :channel, :edition, :why, :title, :text, :until,
          :person, :device, :buildings, 0, 0, 'waiting', :now, :now)
        on conflict (community_id, id) do nothing
        """,
        community=community_id,
        id=one.id,
        incident=one.incident_id,
        channel=one.channel_id,
        edition=one.edition,
        why=one.why,
        title=one.title,
        text=one.text,
        until=one.until_at,
        person=one.person_id,
        device=one.device_id,
        buildings=msgspec.json.encode(one.building_ids).decode(),
        now=now,
    )
    return changed == 1


def drop_stale(tx: Tx, community_id: str, now: str) -> int:
    """What nobody should be told any more: another text holds now, or it is over. How many."""
    return tx.run(
        f"""
        update digest set state = 'over'
        where community_id = :community and state = 'waiting' and not ({_HOLDS})
        """,
        community=community_id,
        now=now,
    )


def waiting(tx: Tx, community_id: str, now: str) -> bool:
    """Whether anything is due that nobody is sending, or waits though it is over."""
    found = tx.value(
        f"""
        select 1 from digest
        left join channel on channel.community_id = digest.community_id
          and channel.id = digest.channel_id
        where digest.community_id = :community and digest.state = 'waiting'
          and ((digest.due_at <= :now and digest.claimed_until <= :now
              and (digest.channel_id = 'push' or channel.is_on = 1))
            or not ({_HOLDS}))
        limit 1
        """,
        community=community_id,
        now=now,
    )
    return found is not None


def claim(
    tx: Tx, community_id: str, by: str, now: str, until: str, limit: int
) -> list[tuple[Digest, dict[str, Any]]]:
    """Take what is due, for nobody else until then; with its channel or its subscription. A warning
    comes before what follows from it."""
    rows = tx.rows(
        f"""
        select {", ".join(f"digest.{name.strip()}" for name in _COLUMNS.split(","))},
          channel.secret as secret, push_subscription.endpoint as endpoint,
          push_subscription.keys as keys
        from digest
        left join channel on channel.community_id = digest.community_id
          and channel.id = digest.channel_id and channel.is_on = 1
        left join push_subscription on digest.channel_id = 'push'
          and push_subscription.community_id = digest.community_id
          and push_subscription.person_id = digest.person_id
          and push_subscription.device_id = digest.device_id
        where digest.community_id = :community and digest.state = 'waiting'
          and digest.due_at <= :now and digest.claimed_until <= :now
          and (channel.id is not null or digest.channel_id = 'push') and {_HOLDS}
        order by digest.channel_id = 'push', digest.due_at,
          digest.why not in ('begun', 'changed', 'stood_down'), digest.id
        limit :limit
        """,
        community=community_id,
        now=now,
        limit=limit,
    )
    for row in rows:
        tx.run(
            """
            update digest set claim = :by, claimed_until = :until
            where community_id = :community and id = :id
            """,
            community=community_id,
            id=row["id"],
            by=by,
            until=until,
        )
    outside = ("secret", "endpoint", "keys")
    return [(_digest(row), {name: row[name] for name in outside}) for row in rows]


def is_ours(tx: Tx, community_id: str, digest_id: str, by: str, now: str) -> bool:
    """Whether it is still claimed by us and still to be told."""
    found = tx.value(
        f"""
        select 1 from digest
        where community_id = :community and id = :id and claim = :by and claimed_until > :now
          and state = 'waiting' and {_HOLDS}
        """,
        community=community_id,
        id=digest_id,
        by=by,
        now=now,
    )
    return found is not None


def settle(
    tx: Tx, community_id: str, one: Digest, by: str, *, state: str, due_at: str, parts: int
) -> None:
    """What an attempt has come to. One that was taken over by somebody else counts only when it
    was accepted."""
    tx.run(
        """
        update digest set state = :state, due_at = :due, tries = tries + 1, claim = '',
          claimed_until = '', parts_accepted = max(parts_accepted, :parts)
        where community_id = :community and id = :id
          and (claim = :by or (:state = 'accepted' and state <> 'accepted'))
        """,
        community=community_id,
        id=one.id,
        by=by,
        state=state,
        due=due_at,
        parts=parts,
    )


def _digest(row: dict[str, Any]) -> Digest:
    told = {name: row[name] for name in Digest.__struct_fields__}
    told["building_ids"] = msgspec.json.decode(row["building_ids"], type=tuple[str, ...])
    return Digest(**told)
