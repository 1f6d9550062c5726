"""What a community decided about keeping, what is held back from going, and what went."""

from typing import Any

import msgspec

from server.store.database import Tx
from server.store.wishes import WHOSE


def own(tx: Tx, community_id: str) -> dict[str, int]:
    """Days by rule, where the community has its own."""
    return dict(
        tx.tuples(
            "select code, days from retention where community_id = :community",
            community=community_id,
        )
    )


def decide(tx: Tx, community_id: str, code: str, days: int, by: str, at: str) -> None:
    tx.run(
        """
        insert into retention (community_id, code, days, set_by, set_at)
        values (:community, :code, :days, :by, :at)
        on conflict (community_id, code) do update set
          days = excluded.days, set_by = excluded.set_by, set_at = excluded.set_at
        """,
        community=community_id,
        code=code,
        days=days,
        by=by,
        at=at,
    )


def hold(
    tx: Tx, community_id: str, hold_id: str, household_id: str, reason: str, by: str, at: str
) -> bool:
    """Nothing of this door goes until that ends; False when the same form came before."""
    made = tx.run(
        """
        insert into retention_hold (community_id, id, household_id, reason, set_by, set_at)
        values (:community, :id, :household, :reason, :by, :at)
        on conflict (community_id, id) do nothing
        """,
        community=community_id,
        id=hold_id,
        household=household_id,
        reason=reason,
        by=by,
        at=at,
    )
    return made == 1


def release(tx: Tx, community_id: str, hold_id: str, by: str, at: str) -> bool:
    """End a hold; False when it had ended."""
    ended = tx.run(
        """
        update retention_hold set ended_by = :by, ended_at = :at
        where community_id = :community and id = :id and ended_at = ''
        """,
        community=community_id,
        id=hold_id,
        by=by,
        at=at,
    )
    return ended == 1


def is_hold(tx: Tx, community_id: str, hold_id: str) -> bool:
    found = tx.value(
        "select id from retention_hold where community_id = :community and id = :id",
        community=community_id,
        id=hold_id,
    )
    return found is not None


def holds(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Holds that go on, latest first."""
    return tx.rows(
        """
        select hold.id, hold.household_id, hold.reason, hold.set_at,
          coalesce(household.label, '') as label, coalesce(person.name, '') as by_name
        from retention_hold as hold
        left join household on household.community_id = hold.community_id
          and household.id = hold.household_id
        left join person on person.community_id = hold.community_id and person.id = hold.set_by
        where hold.community_id = :community and hold.ended_at = ''
        order by hold.set_at desc, hold.id
        """,
        community=community_id,
    )


def held_by_hand(tx: Tx, community_id: str) -> set[str]:
    """Doors that the office holds, and those whose people wait for an answer about their data."""
    rows = tx.tuples(
        f"""
        select household_id from retention_hold
        where community_id = :community and ended_at = ''
        union
        select resident.household_id from wish {WHOSE}
        where wish.community_id = :community and wish.answered_at = ''
        """,
        community=community_id,
    )
    return {household_id for (household_id,) in rows}


def held_doors(tx: Tx, community_id: str) -> set[str]:
    """And those with a matter that is still open."""
    rows = tx.tuples(
        """
        select household_id from followup where community_id = :community and status = 'open'
        union
        select household_id from task where community_id = :community and status = 'open'
        union
        select household_id from issue where community_id = :community and ended_at = ''
        union
        select household_id from dispute where community_id = :community and state = 'open'
        """,
        community=community_id,
    )
    return held_by_hand(tx, community_id) | {door for (door,) in rows if door}


def claim(tx: Tx, community_id: str, code: str, day: str, at: str, until: str) -> bool:
    """Take a rule's work of a day; again when whoever took it is late. False when it is taken."""
    taken = tx.run(
        """
        insert into retention_run (community_id, code, day, at, claimed_until)
        values (:community, :code, :day, :at, :until)
        on conflict (community_id, code, day) do update set
          at = excluded.at, claimed_until = excluded.claimed_until
        where retention_run.state = 'running' and retention_run.claimed_until < excluded.at
        """,
        community=community_id,
        code=code,
        day=day,
        at=at,
        until=until,
    )
    return taken == 1


def finish(
    tx: Tx, community_id: str, code: str, day: str, before: str, went: dict[str, int], held: int
) -> None:
    tx.run(
        """
        update retention_run set state = 'done', before = :before, went = :went, held = :held
        where community_id = :community and code = :code and day = :day
        """,
        community=community_id,
        code=code,
        day=day,
        before=before,
        went=msgspec.json.encode(went).decode(),
        held=held,
    )


def runs(tx: Tx, community_id: str, limit: int) -> list[dict[str, Any]]:
    """What went, latest first; nights on which nothing had to go are left out."""
    found = tx.rows(
        """
        select code, day, at, state, before, went, held from retention_run
        where community_id = :community and went <> '{}'
        order by day desc, code
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )
    return [{**one, "went": msgspec.json.decode(one["went"])} for one in found]
