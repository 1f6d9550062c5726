"""Records that were merged: where their ids lead, and of whom it was said that they are two."""

from typing import Any

import msgspec

from server.store.database import Tx

SHOWN = 100


def kept(tx: Tx, community_id: str, record_id: str) -> str:
    """The id of what a record has become; its own when nobody merged it."""
    found = tx.tuples(
        """
        with recursive path (id, step) as (
          values (:id, 0)
          union
          select redirect."into", path.step + 1
          from path
          join redirect on redirect.community_id = :community and redirect.id = path.id
        )
        select id from path order by step desc limit 1
        """,
        community=community_id,
        id=record_id,
    )
    return str(found[0][0])


def merges(tx: Tx, community_id: str, into: str = "") -> list[dict[str, Any]]:
    """The merges that stand, the latest first; those into one record only, if it is named.

    `is_last` is 1 where nothing was merged into the same record since.
    """
    rows = tx.rows(
        """
        select redirect.id, redirect."of" as kind, redirect."into" as kept_id, redirect.by_name,
          redirect.at, redirect.dropped,
          coalesce(resident.name, household.label, '') as kept_name,
          coalesce(resident.merged_ids, household.merged_ids, '[]') as merged_ids
        from redirect
        left join resident on resident.community_id = redirect.community_id
          and resident.id = redirect."into"
        left join household on household.community_id = redirect.community_id
          and household.id = redirect."into"
        where redirect.community_id = :community and (redirect."into" = :into or :into = '')
        order by redirect.at desc, redirect.id
        limit :limit
        """,
        community=community_id,
        into=into,
        limit=SHOWN,
    )
    for row in rows:
        dropped = row["dropped"] = msgspec.json.decode(row["dropped"])
        row["dropped_name"] = dropped["name"] if row["kind"] == "resident" else dropped["label"]
        tail = [row["id"], *dropped["merged_ids"]]
        row["is_last"] = int(msgspec.json.decode(row["merged_ids"])[-len(tail) :] == tail)
    return rows


def differ(
    tx: Tx, community_id: str, kind: str, pair: tuple[str, str], by: str, at: str, why: str
) -> None:
    """Somebody knows that these are two."""
    one, other = sorted(pair)
    tx.run(
        """
        insert into not_same (community_id, kind, one_id, other_id, "by", at, why)
        values (:community, :kind, :one, :other, :by, :at, :why)
        on conflict (community_id, kind, one_id, other_id) do nothing
        """,
        community=community_id,
        kind=kind,
        one=one,
        other=other,
        by=by,
        at=at,
        why=why,
    )


def differ_no_more(tx: Tx, community_id: str, kind: str, pair: tuple[str, str]) -> None:
    one, other = sorted(pair)
    tx.run(
        """
        delete from not_same
        where community_id = :community and kind = :kind and one_id = :one and other_id = :other
        """,
        community=community_id,
        kind=kind,
        one=one,
        other=other,
    )


def different(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Of whom it was said that they are two, by whom, when and why; the latest first."""
    return tx.rows(
        """
        select not_same.kind, not_same.one_id, not_same.other_id, not_same.at, not_same.why,
          coalesce(person.name, '') as by_name,
          coalesce(one_person.name, one_door.label, '') as one_name,
          coalesce(other_person.name, other_door.label, '') as other_name
        from not_same
        left join person on person.community_id = not_same.community_id
          and person.id = not_same."by"
        left join resident as one_person on one_person.community_id = not_same.community_id
          and one_person.id = not_same.one_id
        left join resident as other_person on other_person.community_id = not_same.community_id
          and other_person.id = not_same.other_id
        left join household as one_door on one_door.community_id = not_same.community_id
          and one_door.id = not_same.one_id
        left join household as other_door on other_door.community_id = not_same.community_id
          and other_door.id = not_same.other_id
        where not_same.community_id = :community
        order by not_same.at desc, not_same.one_id, not_same.other_id
        limit :limit
        """,
        community=community_id,
        limit=SHOWN,
    )
