"""Hand-overs of buildings: what was agreed, how it was before, and who was told."""

from typing import Any

import msgspec

from server.store import people
from server.store.database import Tx, listed

MAX_LISTED = 100

_COLUMNS = """
    handover.id, handover.from_id, handover.to_id, handover.from_on, handover.buildings,
    handover.before, handover.after, handover.note, handover.told, handover.set_at,
    handover.undone_at, giver.name as giver, giver.role as giver_role, taker.name as taker,
    coalesce(setter.name, '') as set_by_name, coalesce(undoer.name, '') as undone_by_name
"""
_FROM = """
    from handover
    join person as giver on giver.community_id = handover.community_id
      and giver.id = handover.from_id
    join person as taker on taker.community_id = handover.community_id
      and taker.id = handover.to_id
    left join person as setter on setter.community_id = handover.community_id
      and setter.id = handover.set_by
    left join person as undoer on undoer.community_id = handover.community_id
      and undoer.id = handover.undone_by
"""
_LISTS = ("buildings", "before", "after", "told")


def add(tx: Tx, community_id: str, **handover: Any) -> None:
    """Keys: the columns of `handover`."""
    texts = {name: msgspec.json.encode(handover[name]).decode() for name in _LISTS[:3]}
    tx.run(
        """
        insert into handover (community_id, id, from_id, to_id, from_on, buildings, before, after,
          note, set_by, set_at)
        values (:community, :id, :from_id, :to_id, :from_on, :buildings, :before, :after, :note,
          :set_by, :set_at)
        """,
        community=community_id,
        **{**handover, **texts},
    )


def find(tx: Tx, community_id: str, handover_id: str) -> dict[str, Any] | None:
    row = tx.row(
        f"select {_COLUMNS} {_FROM} where handover.community_id = :community and handover.id = :id",
        community=community_id,
        id=handover_id,
    )
    return _read(row) if row else None


def latest(tx: Tx, community_id: str, limit: int = MAX_LISTED) -> list[dict[str, Any]]:
    """Those that come and that were, the latest day first."""
    rows = tx.rows(
        f"select {_COLUMNS} {_FROM} where handover.community_id = :community"
        " order by handover.from_on desc, handover.set_at desc, handover.id limit :limit",
        community=community_id,
        limit=limit,
    )
    return [_read(row) for row in rows]


def of_buildings(tx: Tx, community_id: str, building_ids: list[str]) -> list[dict[str, Any]]:
    """Who handed one of these on to whom from which day, oldest first; what was undone is left
    out."""
    marks, given = listed(building_ids)
    return tx.rows(
        f"""
        select handover.from_on, giver.name as giver, taker.name as taker,
          building.label as building {_FROM}
        join building on building.community_id = handover.community_id
          and building.id in ({marks})
          and exists (select 1 from json_each(handover.buildings) where value = building.id)
        where handover.community_id = :community and handover.undone_at = ''
        order by handover.from_on, handover.set_at, handover.id, building.label
        """,
        community=community_id,
        **given,
    )


def labels(tx: Tx, community_id: str, building_ids: list[str]) -> list[str]:
    """What these buildings are called, in the order of the street."""
    marks, given = listed(building_ids)
    rows = tx.tuples(
        f"""
        select label from building where community_id = :community and id in ({marks})
        order by "order", label, id
        """,
        community=community_id,
        **given,
    )
    return [label for (label,) in rows]


def begun(tx: Tx, community_id: str, first: str, last: str) -> list[str]:
    """Hand-overs whose day lies in this span, those agreed on the day itself left out: of them
    both heard at once."""
    rows = tx.tuples(
        """
        select id from handover
        where community_id = :community and undone_at = '' and from_on between :first and :last
          and substr(set_at, 1, 10) < from_on
        order by id
        """,
        community=community_id,
        first=first,
        last=last,
    )
    return [handover_id for (handover_id,) in rows]


def undo(tx: Tx, community_id: str, handover_id: str, by: str, at: str) -> None:
    tx.run(
        """
        update handover set undone_by = :by, undone_at = :at
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=handover_id,
        by=by,
        at=at,
    )


def tell(tx: Tx, community_id: str, handover_id: str, told: list[dict[str, str]]) -> None:
    """Who was told, by whom and when; the whole list."""
    tx.run(
        "update handover set told = :told where community_id = :community and id = :id",
        community=community_id,
        id=handover_id,
        told=msgspec.json.encode(told).decode(),
    )


def stretches(
    tx: Tx, community_id: str, people: list[str], building_ids: list[str]
) -> list[list[str]]:
    """[person, building, first day, last day] of their own, without what a leave lends them."""
    who, given = listed(people)
    where = {f"b{n}": one for n, one in enumerate(building_ids)}
    rows = tx.tuples(
        f"""
        select person_id, building_id, from_on, until_on from person_building
        where community_id = :community and leave_id = '' and person_id in ({who})
          and building_id in ({", ".join(f":{name}" for name in where)})
        order by person_id, building_id, from_on
        """,
        community=community_id,
        **given,
        **where,
    )
    return [list(row) for row in rows]


def restore(tx: Tx, community_id: str, after: list[list[str]], before: list[list[str]]) -> None:
    """Put the stretches back that a hand-over changed."""
    for person_id, building_id, from_on, _ in after:
        tx.run(
            """
            delete from person_building
            where community_id = :community and person_id = :person
              and building_id = :building and from_on = :from_on and leave_id = ''
            """,
            community=community_id,
            person=person_id,
            building=building_id,
            from_on=from_on,
        )
    for person_id, building_id, from_on, until_on in before:
        people.assign(tx, community_id, person_id, building_id, from_on, until_on)


def held_on(tx: Tx, community_id: str, person_id: str, on: str) -> list[dict[str, Any]]:
    """The buildings that are somebody's own on a day, in the order of the street."""
    return tx.rows(
        """
        select distinct building.id, building.label, building.grid_name, building."order"
        from person_building
        join building on building.community_id = person_building.community_id
          and building.id = person_building.building_id
        where person_building.community_id = :community and person_building.person_id = :person
          and person_building.leave_id = '' and person_building.from_on <= :on
          and (person_building.until_on = '' or person_building.until_on >= :on)
        order by building.grid_name, building."order", building.label, building.id
        """,
        community=community_id,
        person=person_id,
        on=on,
    )


def late_work(
    tx: Tx, community_id: str, person_id: str, building_ids: list[str], since: str
) -> int:
    """Visits of the one who gave, recorded before the hand-over and received after it."""
    marks, given = listed(building_ids)
    found: int = tx.value(
        f"""
        select count(*) from visit
        where community_id = :community and "by" = :person and before_transfer = 1
          and received_at >= :since and building_id in ({marks})
        """,
        community=community_id,
        person=person_id,
        since=since,
        **given,
    )
    return found


def doors(tx: Tx, community_id: str, building_ids: list[str]) -> list[dict[str, Any]]:
    """The doors of these buildings in walking order, with the names behind each."""
    marks, given = listed(building_ids)
    return tx.rows(
        f"""
        select household.id, household.building_id, household.label, household.due_on,
          household.due_category, household.due_method, household.interval,
          household.rest_until, household.last_visit_at, household.last_result,
          (
            select group_concat(name, '、') from (
              select resident.name from resident
              where resident.community_id = household.community_id
                and resident.household_id = household.id
                and resident.status not in ('moved_out', 'deceased')
              order by resident.relation_to_head <> 'head', resident.birth_on, resident.id)
          ) as names,
          (
            select group_concat(name, '、') from (
              select pairing.name from pairing
              where pairing.community_id = household.community_id
                and pairing.household_id = household.id and pairing.status = 'active'
              order by pairing.name)
          ) as paired
        from household
        join building on building.community_id = household.community_id
          and building.id = household.building_id
        where household.community_id = :community and household.status = 'active'
          and household.building_id in ({marks})
        order by building."order", building.label, household.unit, household.floor desc,
          household.door_no, household.id
        """,
        community=community_id,
        **given,
    )


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: msgspec.json.decode(row[name]) for name in _LISTS}}
