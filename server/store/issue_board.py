"""The issues of a community as the office's board lists them."""

from typing import Any, NamedTuple

from server.store.database import Tx

NOBODY = "nobody"
ENDED = "ended"

_STATUS = "case when issue.side <> '' then issue.side else issue.state end"
# What has to happen next, and by when: somebody looks at it, then it is closed.
_DUE = "case when issue.first_at = '' then issue.first_due else issue.close_due end"
_FROM = """
  from issue
  left join building on building.community_id = issue.community_id
    and building.id = issue.building_id
"""
_WHERE = """
  where issue.community_id = :community
    and (:category = '' or issue.category = :category)
    and (:grid = '' or coalesce(building.grid_id, '') = :grid)
    and (:building = '' or issue.building_id = :building)
    and (:source = '' or issue.source = :source)
    and (:holder = '' or issue.holder = :holder or (:holder = 'nobody' and issue.holder = ''))
    and (:hard = 0 or issue.hard = 1)
"""
_OPEN = f"and issue.ended_at = '' and (:before = '' or {_DUE} < :before)"
_CLOSED = "and issue.ended_at <> '' and issue.ended_at >= :since"
_SHOWN = f"""
  issue.id, issue.version, issue.category, issue.place, issue.text, issue.source,
  issue.source_number, issue.by_name, issue.reported_at, issue.first_due, issue.first_at,
  issue.close_due, issue.suspended_at, issue.holder, issue.holder_name, issue.hard,
  issue.extended, issue.reopened, issue.ended_at, issue.building_id,
  json_array_length(issue.joined) as joined, coalesce(building.label, '') as building,
  {_STATUS} as status
"""


class Wanted(NamedTuple):
    """Which issues; "" means any. `before` is an instant by which an open one is due, `since` one
    at which an ended one ended."""

    show: str = ""
    category: str = ""
    grid: str = ""
    building: str = ""
    holder: str = ""
    source: str = ""
    hard: int = 0
    before: str = ""
    since: str = ""


def tally(tx: Tx, community_id: str, wanted: Wanted) -> dict[str, int]:
    """How many have each status, whichever is asked for; open ones only."""
    rows = tx.tuples(
        f"select {_STATUS} as status, count(*) {_FROM} {_WHERE} {_OPEN} group by 1 order by 1",
        **_given(community_id, wanted),
    )
    return dict(rows)


def ended(tx: Tx, community_id: str, wanted: Wanted) -> int:
    """How many ended since then."""
    found = tx.value(f"select count(*) {_FROM} {_WHERE} {_CLOSED}", **_given(community_id, wanted))
    return int(found or 0)


def window(
    tx: Tx, community_id: str, wanted: Wanted, limit: int, offset: int
) -> list[dict[str, Any]]:
    """Open ones, what is due first first; of ended ones what ended last."""
    return tx.rows(
        f"""
        select {_SHOWN} {_FROM} {_WHERE} {_among(wanted)}
        order by {_order(wanted)}
        limit :limit offset :offset
        """,
        **_given(community_id, wanted),
        limit=limit,
        offset=offset,
    )


def place_of(tx: Tx, community_id: str, wanted: Wanted, issue_id: str) -> int | None:
    """How many stand before an issue on the list; None when it is not on it."""
    found = tx.value(
        f"""
        select n from (
          select issue.id, row_number() over (order by {_order(wanted)}) - 1 as n
          {_FROM} {_WHERE} {_among(wanted)}
        ) as listed
        where id = :id
        """,
        **_given(community_id, wanted),
        id=issue_id,
    )
    return None if found is None else int(found)


def columns(tx: Tx, community_id: str, wanted: Wanted, each: int) -> list[dict[str, Any]]:
    """The first open ones of each status, what is due first first."""
    return tx.rows(
        f"""
        select {_SHOWN} {_FROM}
        where issue.community_id = :community and issue.id in (
          select id from (
            select issue.id,
              row_number() over (partition by {_STATUS} order by {_DUE}, issue.id) as n
            {_FROM} {_WHERE} {_OPEN}
          ) as numbered
          where n <= :each
        )
        order by {_DUE}, issue.id
        """,
        **_given(community_id, wanted),
        each=each,
    )


def near(tx: Tx, community_id: str, issue: Any, since: str) -> list[dict[str, Any]]:
    """Open ones of the same building and kind, reported since then."""
    return tx.rows(
        f"""
        select {_SHOWN} {_FROM}
        where issue.community_id = :community and issue.building_id = :building
          and issue.category = :category and issue.reported_at >= :since and issue.id <> :id
          and issue.ended_at = ''
        order by issue.reported_at, issue.id
        limit 10
        """,
        community=community_id,
        building=issue.building_id,
        category=issue.category,
        since=since,
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


def _among(wanted: Wanted) -> str:
    if wanted.show == ENDED:
        return _CLOSED
    return f"{_OPEN} and (:show = '' or {_STATUS} = :show)"


def _order(wanted: Wanted) -> str:
    if wanted.show == ENDED:
        return "issue.ended_at desc, issue.id"
    return f"{_DUE}, issue.id"


def _given(community_id: str, wanted: Wanted) -> dict[str, Any]:
    return {"community": community_id, **wanted._asdict()}
