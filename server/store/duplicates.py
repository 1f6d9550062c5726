"""Who, or which door, may be on the register twice, and what makes one think so."""

from typing import Any

from server.store.database import Tx, listed

Pair = tuple[str, str]


def people(tx: Tx, community_id: str) -> dict[Pair, list[str]]:
    """Pairs of residents with the reasons, those with most to be said for them first.

    One telephone makes nobody suspicious behind one door: families share theirs.
    """
    found: dict[Pair, list[str]] = {}
    for reason, sql in _PEOPLE.items():
        for one, other in tx.tuples(sql, community=community_id):
            found.setdefault((one, other), []).append(reason)
    return _ranked(found, different(tx, community_id, "resident"))


def doors(tx: Tx, community_id: str) -> dict[Pair, list[str]]:
    """Pairs of households of one building, likewise."""
    found: dict[Pair, list[str]] = {}
    for reason, sql in _DOORS.items():
        for one, other in tx.tuples(sql, community=community_id):
            found.setdefault((one, other), []).append(reason)
    return _ranked(found, different(tx, community_id, "household"))


def different(tx: Tx, community_id: str, kind: str) -> set[Pair]:
    """Pairs of whom somebody knows that they are two."""
    rows = tx.tuples(
        "select one_id, other_id from not_same where community_id = :community and kind = :kind",
        community=community_id,
        kind=kind,
    )
    return set(rows)


def residents(tx: Tx, community_id: str, ids: list[str]) -> dict[str, dict[str, Any]]:
    """What tells people apart, by id."""
    marks, given = listed(ids)
    rows = tx.rows(
        f"""
        select resident.id, resident.name, resident.birth_on, resident.sex, resident.status,
          resident.last_contact_on, resident.household_id, household.label,
          coalesce(identity.last4, '') as last4,
          coalesce((select group_concat(distinct contact.phone) from contact
            where contact.community_id = resident.community_id
              and contact.household_id = resident.household_id
              and contact.resident_id = resident.id), '') as phones
        from resident
        join household on household.community_id = resident.community_id
          and household.id = resident.household_id
        left join identity on identity.community_id = resident.community_id
          and identity.resident_id = resident.id
        where resident.community_id = :community and resident.id in ({marks})
        """,
        community=community_id,
        **given,
    )
    return {row["id"]: row for row in rows}


def households(tx: Tx, community_id: str, ids: list[str]) -> dict[str, dict[str, Any]]:
    """What tells doors apart, by id."""
    marks, given = listed(ids)
    rows = tx.rows(
        f"""
        select household.id, household.label, household.last_visit_at, household.tenure,
          coalesce((select group_concat(resident.name, '、') from resident
            where resident.community_id = household.community_id
              and resident.household_id = household.id
              and resident.status not in ('moved_out', 'deceased')), '') as people
        from household
        where household.community_id = :community and household.id in ({marks})
        """,
        community=community_id,
        **given,
    )
    return {row["id"]: row for row in rows}


def _ranked(found: dict[Pair, list[str]], not_same: set[Pair]) -> dict[Pair, list[str]]:
    left = [(pair, reasons) for pair, reasons in found.items() if pair not in not_same]
    left.sort(key=lambda one: (-len(one[1]), one[1], one[0]))
    return dict(left)


_ALIVE = """one.community_id = :community
    and not (one.status in ('moved_out', 'deceased') and other.status in ('moved_out', 'deceased'))
"""

_PEOPLE = {
    "identity": f"""
        select one.id, other.id
        from identity
        join identity as twin on twin.community_id = identity.community_id
          and twin.hash = identity.hash and twin.resident_id > identity.resident_id
        join resident as one on one.community_id = identity.community_id
          and one.id = identity.resident_id
        join resident as other on other.community_id = identity.community_id
          and other.id = twin.resident_id
        where {_ALIVE}
    """,
    "birth": f"""
        select one.id, other.id
        from resident as one
        join resident as other on other.community_id = one.community_id
          and other.name = one.name and other.id > one.id
        where {_ALIVE} and one.birth_on = other.birth_on and one.birth_on <> ''
    """,
    "door": f"""
        select one.id, other.id
        from resident as one
        join resident as other on other.community_id = one.community_id
          and other.household_id = one.household_id and other.id > one.id
        where {_ALIVE}
          and (one.name = other.name or one.birth_on = other.birth_on and one.birth_on <> ''
            and one.pinyin = other.pinyin and one.pinyin <> '')
    """,
    "phone": f"""
        select distinct one.id, other.id
        from contact
        join contact as twin on twin.community_id = contact.community_id
          and twin.phone = contact.phone and twin.relation in ('self', '')
        join resident as one on one.community_id = contact.community_id
          and one.id = contact.resident_id
        join resident as other on other.community_id = twin.community_id
          and other.id = twin.resident_id and other.id > one.id
        where {_ALIVE} and contact.relation in ('self', '')
          and (one.household_id <> other.household_id or one.name = other.name)
    """,
}

_DOORS = {
    "spelling": """
        select one.id, other.id
        from household as one
        join household as other on other.community_id = one.community_id
          and other.building_id = one.building_id and other.id > one.id
        where one.community_id = :community
          and ltrim(one.door_no, '0') = ltrim(other.door_no, '0')
          and (ltrim(one.unit, '0') = ltrim(other.unit, '0') or one.unit = '' or other.unit = '')
    """,
    "people": """
        select distinct one.household_id, other.household_id
        from resident as one
        join resident as other on other.community_id = one.community_id
          and other.name = one.name and other.birth_on = one.birth_on
          and other.building_id = one.building_id and other.household_id > one.household_id
        where one.community_id = :community and one.birth_on <> ''
    """,
}
