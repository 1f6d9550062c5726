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


_WHERE = """
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
        {_WHERE}
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
          visit.corrected, visit.withdrawn, visit.followup, visit.media, household.label
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        {_WHERE}
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


def for_diary(tx: Tx, community_id: str, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    """Everything the work diary says of a visit, oldest first; withdrawn ones are left out."""
    rows = tx.rows(
        f"""
        select visit.id, visit.true_at, visit.by_name, visit.type, visit.method, visit.result,
          visit.note, visit.resident_ids, visit.task_ids, visit.followup, visit.household_id,
          household.label, coalesce(followup.result, '') as followup_result,
          coalesce(followup.note, '') as followup_note
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        left join followup on followup.community_id = visit.community_id
          and followup.id = visit.id
        {_WHERE} and visit.withdrawn = 0
        order by visit.true_at, visit.id
        limit :limit
        """,
        community=community_id,
        limit=limit,
        **wanted.values,
    )
    for row in rows:
        row["resident_ids"] = msgspec.json.decode(row["resident_ids"])
        row["task_ids"] = msgspec.json.decode(row["task_ids"])
    return rows


def people(tx: Tx, community_id: str) -> dict[str, dict[str, Any]]:
    """Name, birth date and categories of everybody, by id."""
    rows = tx.rows(
        """
        select id, name, birth_on, categories
        from resident
        where community_id = :community
        order by id
        """,
        community=community_id,
    )
    return {
        row["id"]: {**row, "categories": msgspec.json.decode(row["categories"])} for row in rows
    }


def phones(tx: Tx, community_id: str) -> dict[str, str]:
    """One number for each door: that of somebody who lives there, if there is one."""
    rows = tx.tuples(
        """
        select household_id, phone from contact
        where community_id = :community
        order by household_id, relation not in ('self', 'head'), verified_on, id
        """,
        community=community_id,
    )
    found: dict[str, str] = {}
    for household_id, phone in rows:
        found.setdefault(household_id, phone)
    return found


def task_reasons(tx: Tx, community_id: str) -> dict[str, str]:
    rows = tx.tuples(
        "select id, reason from task where community_id = :community order by id",
        community=community_id,
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
