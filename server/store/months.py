"""Months of the register as they were counted, and what they are counted from."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx
from sync import days
from sync.months import Meeting, Standing
from sync.records import Resident

# Longer than any interval that older people have: what fell due in a month is told from here on.
LOOK_BACK_DAYS = 62


class Subject(NamedTuple):
    """Somebody who may be on the register, and whether they declined in writing."""

    resident: Resident
    refused_in_writing: bool


def subjects(tx: Tx, community_id: str) -> list[Subject]:
    """Everybody with a category, also those who moved out or died."""
    rows = tx.tuples(
        """
        select resident.id, resident.household_id, resident.building_id, resident.name,
          resident.birth_on, resident.categories, resident.status, resident.status_until,
          resident.added_on,
          coalesce(json_extract(answers.items, '$.consent.value'), '') = 'no'
            and coalesce(json_extract(answers.items, '$.consent.method'), '') = 'written'
        from resident
        left join answers on answers.community_id = resident.community_id
          and answers.id = resident.id
        where resident.community_id = :community and resident.categories <> '[]'
        order by resident.id
        """,
        community=community_id,
    )
    return [_subject(*row) for row in rows]


def meetings(
    tx: Tx, community_id: str, since: str, until: str, timezone: str
) -> dict[str, list[Meeting]]:
    """Effective contacts between two instants by person, in the order of days."""
    found: dict[str, list[Meeting]] = defaultdict(list)
    rows = tx.tuples(
        """
        select min(true_at, received_at), method, resident_ids from visit
        where community_id = :community and true_at >= :since and true_at < :until
          and result in ('met', 'met_family', 'phone_ok') and withdrawn = 0
          and resident_ids <> '[]'
        order by true_at, id
        """,
        community=community_id,
        since=since,
        until=until,
    )
    for at, method, named in rows:
        met = Meeting(days.day(at, timezone), method)
        for resident_id in msgspec.json.decode(named):
            found[resident_id].append(met)
    return found


def write(
    tx: Tx, community_id: str, month: str, standings: Iterable[Standing], counted_on: str
) -> None:
    """Keep how a month stands for these people; `counted_on` is whose register it was."""
    for one in standings:
        categories = msgspec.json.encode(one.categories).decode()
        row = (community_id, month, one.resident_id, one.building_id, categories, *one[3:])
        tx.later(_WRITE, (month, one.resident_id), (*row, counted_on))


def read(tx: Tx, community_id: str, month: str) -> list[Standing]:
    """A month as it was kept; empty when it was not."""
    rows = tx.tuples(
        """
        select resident_id, building_id, categories, interval, apart, seen_on, contacts, at_door,
          due, on_time
        from month_standing
        where community_id = :community and month = :month
        order by resident_id
        """,
        community=community_id,
        month=month,
    )
    return [Standing(*row)._replace(categories=msgspec.json.decode(row[2])) for row in rows]


def by_month(tx: Tx, community_id: str, since: str) -> list[dict[str, Any]]:
    """The months that were kept from one on, oldest first, each added up."""
    return tx.rows(
        """
        select month, max(counted_on) as counted_on, sum(apart = '') as counted,
          sum(apart = '' and seen_on <> '') as reached,
          sum(case when apart = '' and interval <= 7 then contacts else 0 end) as weekly,
          sum(case when apart = '' and interval <= 7 then at_door else 0 end) as weekly_at_door,
          sum(case when apart = '' then due else 0 end) as due,
          sum(case when apart = '' then on_time else 0 end) as on_time
        from month_standing
        where community_id = :community and month >= :since
        group by month
        order by month
        """,
        community=community_id,
        since=since,
    )


def kept(tx: Tx, community_id: str) -> set[str]:
    """The months that were kept."""
    rows = tx.tuples(
        "select distinct month from month_standing where community_id = :community",
        community=community_id,
    )
    return {month for (month,) in rows}


def first_visit_at(tx: Tx, community_id: str) -> str:
    """When the oldest visit was made; "" when there is none."""
    found = tx.value(
        "select min(true_at) from visit where community_id = :community", community=community_id
    )
    return found or ""


def names(tx: Tx, community_id: str) -> dict[str, dict[str, Any]]:
    """Name and door of everybody with a category, for the lists behind the numbers."""
    rows = tx.rows(
        """
        select resident.id, resident.name, resident.household_id, resident.status,
          household.label, household.door_no
        from resident
        join household on household.community_id = resident.community_id
          and household.id = resident.household_id
        where resident.community_id = :community and resident.categories <> '[]'
        """,
        community=community_id,
    )
    return {row["id"]: row for row in rows}


_WRITE = """
    insert into month_standing (
      community_id, month, resident_id, building_id, categories, interval, apart, seen_on,
      contacts, at_door, due, on_time, counted_on
    ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (community_id, month, resident_id) do update set
      seen_on = excluded.seen_on, contacts = excluded.contacts, at_door = excluded.at_door,
      due = excluded.due, on_time = excluded.on_time
"""


def _subject(*row: Any) -> Subject:
    names = (
        "id",
        "household_id",
        "building_id",
        "name",
        "birth_on",
        "categories",
        "status",
        "status_until",
        "added_on",
    )
    given = dict(zip(names, row[:-1], strict=True))
    given["categories"] = msgspec.json.decode(given["categories"])
    return Subject(Resident(**given), bool(row[-1]))
