"""Visits of the whole community: filtered, in pages, and all at once for an export."""

from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx, listed


class Wanted(NamedTuple):
    """Which visits; "" means any. `since` and `until` are instants, `until` not included."""

    since: str
    until: str
    building_id: str = ""
    person_id: str = ""
    result: str = ""
    review: str = ""
    household_id: str = ""
    text: str = ""

    @property
    def values(self) -> dict[str, str]:
        escaped = self.text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        return {**self._asdict(), "like": f"%{escaped}%"}


WHERE = """
    where visit.community_id = :community and visit.true_at >= :since and visit.true_at < :until
      and (:building_id = '' or visit.building_id = :building_id)
      and (:person_id = '' or visit."by" = :person_id)
      and (:result = '' or visit.result = :result)
      and (:review = '' or visit.review = :review)
      and (:household_id = '' or visit.household_id = :household_id)
      and (:text = '' or visit.note like :like escape '!' or household.label like :like escape '!'
        or exists (
          select 1 from resident
          where resident.community_id = visit.community_id
            and resident.household_id = visit.household_id
            and resident.name like :like escape '!'))
"""


def count(tx: Tx, community_id: str, wanted: Wanted) -> int:
    found: int = tx.value(
        f"""
        select count(*)
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        {WHERE}
        """,
        community=community_id,
        **wanted.values,
    )
    return found


def some(
    tx: Tx, community_id: str, wanted: Wanted, limit: int, skip: int = 0
) -> list[dict[str, Any]]:
    """Newest first, with their doors."""
    rows = tx.rows(
        f"""
        select visit.id, visit.household_id, visit.by_name, visit.true_at, visit.received_at,
          visit.type, visit.method, visit.result, visit.note, visit.resident_ids, visit.review,
          visit.corrected, visit.withdrawn, visit.followup, visit.media, visit.building_id,
          household.label
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        {WHERE}
        order by visit.true_at desc, visit.id desc
        limit :limit offset :skip
        """,
        community=community_id,
        limit=limit,
        skip=skip,
        **wanted.values,
    )
    for row in rows:
        row["resident_ids"] = msgspec.json.decode(row["resident_ids"])
        row["media"] = msgspec.json.decode(row["media"])
    return rows


def names(tx: Tx, community_id: str, visits: list[dict[str, Any]]) -> dict[str, str]:
    """The names of everybody these visits name."""
    wanted = sorted({one for visit in visits for one in visit["resident_ids"]})
    if not wanted:
        return {}
    marks, given = listed(wanted)
    rows = tx.tuples(
        f"""
        select id, name from resident
        where community_id = :community and id in ({marks})
        """,
        community=community_id,
        **given,
    )
    return dict(rows)


def visitors(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Everybody who ever recorded a visit, for a filter."""
    return tx.rows(
        """
        select person.id, person.name, person.role
        from person
        where person.community_id = :community
          and exists (
            select 1 from visit
            where visit.community_id = person.community_id and visit."by" = person.id)
        order by person.role, person.username, person.id
        """,
        community=community_id,
    )
