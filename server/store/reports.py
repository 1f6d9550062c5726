"""The rows of reports: visits and follow-ups of a stretch of time with their doors.

What was taken back is in no report. Rows come as they are found, so that a long time takes no more
memory than a short one; names and numbers of the community are read once.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx
from server.store.visits import WHERE, Wanted

_DOOR = """
    household.label, household.unit, household.floor, household.door_no, building.compound,
    building.name as building_name, building.grid_name
"""
_VISIT_JSON = ("resident_ids", "task_ids", "checkups")


class Someone(NamedTuple):
    """What reports say of a person."""

    id: str
    household_id: str
    name: str
    sex: str
    birth_on: str
    consent: str
    categories: list[str]


class Numbers(NamedTuple):
    """Telephone numbers by person and, of whoever is asked for first, by door."""

    of_person: dict[str, str]
    of_door: dict[str, str]


class Work(NamedTuple):
    """What was done in a building: visits by what came of them, and follow-ups."""

    building_id: str
    visits: int
    effective: int
    at_door: int
    not_home: int
    no_answer: int
    declined: int
    raised: int
    red: int
    closed: int
    open: int


def visits(
    tx: Tx, community_id: str, wanted: Wanted, grid: str, limit: int
) -> Iterator[dict[str, Any]]:
    """Visits with what came of their follow-ups, oldest first."""
    names = (
        *("id", "household_id", "by_name", "true_at", "started_at", "ended_at", "type", "method"),
        "building_id",
        *("result", "note", "resident_ids", "task_ids", "checkups", "followup", "label", "unit"),
        *("floor", "door_no", "compound", "building_name", "grid_name", "followup_result"),
        "followup_note",
    )
    rows = tx.each(
        f"""
        select visit.id, visit.household_id, visit.by_name, visit.true_at, visit.started_at,
          visit.ended_at, visit.type, visit.method, visit.building_id, visit.result,
          visit.note, visit.resident_ids, visit.task_ids, visit.checkups, visit.followup, {_DOOR},
          coalesce(followup.result, '') as followup_result,
          coalesce(followup.note, '') as followup_note
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        join building on building.community_id = visit.community_id
          and building.id = visit.building_id
        left join followup on followup.community_id = visit.community_id
          and followup.id = visit.id
        {WHERE} and visit.withdrawn = 0 and (:grid = '' or building.grid_name = :grid)
        order by visit.true_at, visit.id
        limit :limit
        """,
        community=community_id,
        grid=grid,
        limit=limit,
        **wanted.values,
    )
    for values in rows:
        row = dict(zip(names, values, strict=True))
        yield {**row, **{name: msgspec.json.decode(row[name]) for name in _VISIT_JSON}}


def followups(
    tx: Tx, community_id: str, wanted: Wanted, grid: str, limit: int
) -> Iterator[dict[str, Any]]:
    """Follow-ups that were open at some time of the stretch, by the day they were opened.

    Those for the office alone are left out: a report is made to be handed on.
    """
    names = (
        *("id", "household_id", "visit_id", "what", "status", "opened_at", "by_name", "result"),
        *("note", "closed_by", "closed_at", "resident_id", "item", "level", "kind", "due_at"),
        "building_id",
        *("label", "unit", "floor", "door_no", "compound", "building_name", "grid_name"),
    )
    rows = tx.each(
        f"""
        select followup.id, followup.household_id, followup.visit_id, followup.what,
          followup.status, followup.opened_at, followup.by_name, followup.result, followup.note,
          followup.closed_by, followup.closed_at, followup.resident_id, followup.item,
          followup.level, followup.kind, followup.due_at, followup.building_id, {_DOOR}
        from followup
        join household on household.community_id = followup.community_id
          and household.id = followup.household_id
        join building on building.community_id = followup.community_id
          and building.id = followup.building_id
        where followup.community_id = :community and followup.opened_at < :until
          and (followup.status = 'open' or followup.closed_at >= :since)
          and followup.result <> 'withdrawn' and followup.restricted = 0
          and (:building_id = '' or followup.building_id = :building_id)
          and (:grid = '' or building.grid_name = :grid)
        order by followup.opened_at, followup.id
        limit :limit
        """,
        community=community_id,
        since=wanted.since,
        until=wanted.until,
        building_id=wanted.building_id,
        grid=grid,
        limit=limit,
    )
    for values in rows:
        yield dict(zip(names, values, strict=True))


def work(tx: Tx, community_id: str, wanted: Wanted) -> list[Work]:
    """Each building's visits of a stretch, the follow-ups that it raised and closed, and those that
    stood open at its end. Those for the office alone are counted, too: a number names nobody."""
    rows = tx.tuples(
        """
        select building.id, coalesce(made.visits, 0), coalesce(made.effective, 0),
          coalesce(made.at_door, 0), coalesce(made.not_home, 0), coalesce(made.no_answer, 0),
          coalesce(made.declined, 0), coalesce(asked.raised, 0), coalesce(asked.red, 0),
          coalesce(asked.closed, 0), coalesce(asked.open, 0)
        from building
        left join (
          select building_id, count(*) as visits,
            sum(result in ('met', 'met_family', 'phone_ok')) as effective,
            sum(method = 'door') as at_door, sum(result = 'not_home') as not_home,
            sum(result = 'no_answer') as no_answer, sum(result = 'refused') as declined
          from visit
          where community_id = :community and true_at >= :since and true_at < :until
            and withdrawn = 0
          group by building_id
        ) as made on made.building_id = building.id
        left join (
          select building_id, sum(opened_at >= :since) as raised,
            sum(opened_at >= :since and level in ('now', 'red')) as red,
            sum(closed_at >= :since and closed_at < :until) as closed,
            sum(status = 'open' or closed_at >= :until) as open
          from followup
          where community_id = :community and opened_at < :until and result <> 'withdrawn'
          group by building_id
        ) as asked on asked.building_id = building.id
        where building.community_id = :community
        order by building."order", building.compound, building.name, building.id
        """,
        community=community_id,
        since=wanted.since,
        until=wanted.until,
    )
    return [Work(*row) for row in rows]


def people(tx: Tx, community_id: str) -> dict[str, Someone]:
    """Everybody, by id."""
    rows = tx.each(
        """
        select id, household_id, name, sex, birth_on, consent, categories
        from resident
        where community_id = :community
        order by id
        """,
        community=community_id,
    )
    return {row[0]: _someone(row) for row in rows}


def numbers(tx: Tx, community_id: str) -> Numbers:
    """A person's own number before that of a relative; verified ones first."""
    of_person: dict[str, str] = {}
    of_door: dict[str, str] = {}
    rows = tx.each(
        """
        select household_id, resident_id, phone from contact
        where community_id = :community
        order by household_id, relation not in ('self', 'head'), verified_on desc, id
        """,
        community=community_id,
    )
    for household_id, resident_id, phone in rows:
        of_door.setdefault(household_id, phone)
        if resident_id:
            of_person.setdefault(resident_id, phone)
    return Numbers(of_person, of_door)


def names(tx: Tx, community_id: str) -> dict[str, list[str]]:
    """Who is known in each building, residents and those to call: what masking looks for.

    Notes speak of neighbours as well.
    """
    found: dict[str, list[str]] = defaultdict(list)
    rows = tx.each(
        """
        select building_id, name from resident where community_id = :community
        union
        select building_id, name from contact where community_id = :community and name <> ''
        order by 1, 2
        """,
        community=community_id,
    )
    for building_id, name in rows:
        found[building_id].append(name)
    return dict(found)


def reasons(tx: Tx, community_id: str) -> dict[str, str]:
    """What the office asked for, by the id of the request."""
    rows = tx.tuples(
        "select id, reason from task where community_id = :community order by id",
        community=community_id,
    )
    return dict(rows)


def _someone(row: tuple[Any, ...]) -> Someone:
    given = dict(zip(Someone._fields, row, strict=True))
    return Someone(**{**given, "categories": msgspec.json.decode(given["categories"])})
