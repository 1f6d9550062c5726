"""What workers told that only the office may settle: deaths, removals, categories with money."""

from typing import Any

import msgspec

from server.store import quarantine
from server.store.database import Tx
from sync.operations import data_as_sent

OFFICE_ONLY = "category.office_only"
# Of all kept items, so that none of these hides behind others.
MOST = 10_000


def departures(tx: Tx, community_id: str, household_id: str = "") -> list[dict[str, Any]]:
    """Visits that wait for review and say that somebody died or moved away; at one door if named.

    `residents` are the ids of whom they name; of a door where nobody is named, of all there.
    """
    rows = tx.rows(
        """
        select visit.id, visit.version, visit.household_id, visit.result, visit.note,
          visit.by_name, visit.true_at, visit.resident_ids, household.label,
          household.building_id
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        where visit.community_id = :community and visit.review = 'waiting'
          and visit.result in ('moved_out', 'deceased') and visit.withdrawn = 0
          and (:household = '' or visit.household_id = :household)
        order by visit.received_at, visit.id
        """,
        community=community_id,
        household=household_id,
    )
    return [_named(tx, community_id, row) for row in rows]


def categories(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Kept changes of categories that only the office gives or takes, with what they say."""
    waiting = quarantine.waiting(tx, community_id, MOST)
    kept = [one for one in waiting if one["code"] == OFFICE_ONLY]
    return [{**one, "data": data_as_sent(bytes(one["body"]))} for one in kept]


def count(tx: Tx, community_id: str) -> int:
    found: int = tx.value(
        """
        select
          (select count(*) from visit
           where community_id = :community and review = 'waiting'
             and result in ('moved_out', 'deceased') and withdrawn = 0)
          + (select count(*) from quarantine
             where community_id = :community and state = 'waiting' and code = :code)
        """,
        community=community_id,
        code=OFFICE_ONLY,
    )
    return found


def _named(tx: Tx, community_id: str, row: dict[str, Any]) -> dict[str, Any]:
    named = set(msgspec.json.decode(row["resident_ids"]))
    behind = tx.rows(
        """
        select id, name, status from resident
        where community_id = :community and household_id = :household
        order by relation_to_head <> 'head', birth_on, id
        """,
        community=community_id,
        household=row["household_id"],
    )
    concerned = [one for one in behind if one["id"] in named] if named else behind
    told = [one for one in concerned if one["status"] == row["result"]]
    return {**row, "residents": told}
