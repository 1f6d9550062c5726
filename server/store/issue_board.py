"""The issues of a community as the office's board lists them."""

from typing import Any, NamedTuple

from server.store.database import Tx, listed

NOBODY = "nobody"
ENDED = "ended"

# More than a big community ever has at once.
MAX_LISTED = 50_000
_STATUS = "case when issue.side <> '' then issue.side else issue.state end"
# What has to happen next, and by when: somebody looks at it, then it is closed.
_DUE = "case when issue.first_at = '' then issue.first_due else issue.close_due end"
_WHERE = """
  where issue.community_id = :community
    and (:category = '' or issue.category = :category)
    and (:grid = '' or issue.building_id in (
      select id from building where community_id = :community and grid_id = :grid
    ))
    and (:building = '' or issue.building_id = :building)
    and (:source = '' or issue.source = :source)
    and (:holder = '' or issue.holder = :holder or (:holder = 'nobody' and issue.holder = ''))
    and (:hard = 0 or issue.hard = 1)
    and (:unasked = 0 or (issue.state = 'closed' and issue.side = '' and issue.satisfied = ''))
"""
# An open one that had to be seen to or closed by then; while it rests, its time stands still.
_DUE_BEFORE = f"(:before = '' or (issue.suspended_at = '' and {_DUE} < :before))"
_SHOWN = f"""
  issue.id, issue.version, issue.category, issue.place, issue.text, issue.source,
  issue.source_number, issue.by_name, issue.reported_at, issue.first_due, issue.first_at,
  issue.close_due, issue.suspended_at, issue.holder, issue.holder_name, issue.hard,
  issue.extended, issue.climbed, issue.reopened, issue.ended_at, issue.building_id,
  json_array_length(issue.joined) as joined, coalesce(building.label, '') as building,
  {_STATUS} as status
  from issue
  left join building on building.community_id = issue.community_id
    and building.id = issue.building_id
"""


class Wanted(NamedTuple):
    """Which issues; "" means any. `before` is an instant by which an open one is due, `since` one
    after which an ended one ended; `unasked` those of whom nobody asked whether it was good."""

    category: str = ""
    grid: str = ""
    building: str = ""
    holder: str = ""
    source: str = ""
    hard: int = 0
    unasked: int = 0
    before: str = ""
    since: str = ""


def open_ones(tx: Tx, community_id: str, wanted: Wanted) -> list[tuple[str, str]]:
    """Id and status of each, what is due first first, what rests last."""
    return tx.tuples(
        f"""
        select issue.id, {_STATUS} from issue {_WHERE}
          and issue.ended_at = '' and {_DUE_BEFORE}
        order by issue.suspended_at <> '', {_DUE}, issue.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_LISTED,
        **wanted._asdict(),
    )


def count(tx: Tx, community_id: str, wanted: Wanted) -> int:
    """How many of them are open."""
    found = tx.value(
        f"select count(*) from issue {_WHERE} and issue.ended_at = '' and {_DUE_BEFORE}",
        community=community_id,
        **wanted._asdict(),
    )
    return int(found or 0)


def ended_ones(tx: Tx, community_id: str, wanted: Wanted) -> list[tuple[str, str]]:
    """Id and status of each, what ended last first."""
    return tx.tuples(
        f"""
        select issue.id, {_STATUS} from issue {_WHERE}
          and issue.ended_at <> '' and issue.ended_at >= :since
        order by issue.ended_at desc, issue.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_LISTED,
        **wanted._asdict(),
    )


def lines(tx: Tx, community_id: str, issue_ids: list[str]) -> list[dict[str, Any]]:
    """These issues as a list shows them, in the same order."""
    if not issue_ids:
        return []
    marks, given = listed(issue_ids)
    rows = tx.rows(
        f"select {_SHOWN} where issue.community_id = :community and issue.id in ({marks})",
        community=community_id,
        **given,
    )
    by_id = {row["id"]: row for row in rows}
    return [by_id[one] for one in issue_ids if one in by_id]


def near(tx: Tx, community_id: str, issue: Any, since: str, until: str) -> list[dict[str, Any]]:
    """Open ones of the same building and kind, reported between two instants."""
    return tx.rows(
        f"""
        select {_SHOWN}
        where issue.community_id = :community and issue.building_id = :building
          and issue.category = :category and issue.reported_at >= :since
          and issue.reported_at <= :until and issue.id <> :id and issue.ended_at = ''
        order by issue.reported_at, issue.id
        limit 10
        """,
        community=community_id,
        building=issue.building_id,
        category=issue.category,
        since=since,
        until=until,
        id=issue.id,
    )


def holders(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Who has open ones in hand."""
    return tx.rows(
        """
        select holder as id, max(holder_name) as name, count(*) as n
        from issue
        where community_id = :community and ended_at = '' and holder <> ''
        group by holder
        order by 2, 1
        """,
        community=community_id,
    )


def standing(tx: Tx, community_id: str, now: str) -> dict[str, int]:
    """How many are open, are late, and are to be checked by somebody else."""
    row = tx.row(
        f"""
        select count(*) as n, coalesce(sum(side = '' and state = 'done_pending_check'), 0) as done,
          coalesce(sum({_DUE_BEFORE}), 0) as late
        from issue
        where community_id = :community and ended_at = ''
        """,
        community=community_id,
        before=now,
    )
    assert row is not None
    return row


def by_building(tx: Tx, community_id: str, now: str) -> dict[str, tuple[int, int]]:
    """How many are open in each building, and how many of these are late."""
    rows = tx.tuples(
        f"""
        select building_id, count(*), sum({_DUE_BEFORE})
        from issue
        where community_id = :community and ended_at = '' and building_id <> ''
        group by building_id
        """,
        community=community_id,
        before=now,
    )
    return {building_id: (n, late) for building_id, n, late in rows}


def waiting(tx: Tx, community_id: str, now: str) -> int:
    """How many open ones nobody accepted yet, wait for a check, or are late without a rest."""
    found = tx.value(
        """
        select count(*) from issue
        where community_id = :community and ended_at = '' and side = ''
          and (state in ('reported', 'done_pending_check') or close_due < :now)
        """,
        community=community_id,
        now=now,
    )
    return int(found or 0)


def staff(tx: Tx, community_id: str, building_id: str, today: str) -> list[dict[str, Any]]:
    """Who can see to an issue: whoever looks after its building, then the office."""
    return tx.rows(
        """
        select person.id, person.name, person.role
        from person
        where person.community_id = :community and person.active = 1
          and (person.role in ('office', 'secretary') or (
            person.role in ('worker', 'chief', 'social') and (:building = '' or exists (
              select 1 from person_building
              where person_building.community_id = person.community_id
                and person_building.person_id = person.id
                and person_building.building_id = :building
                and person_building.from_on <= :today
                and (person_building.until_on = '' or person_building.until_on >= :today)
            ))
          ))
        order by person.role in ('office', 'secretary'), person.role desc, person.name, person.id
        """,
        community=community_id,
        building=building_id,
        today=today,
    )
