"""Everything the database has about one person, for the person who asks what is kept of them."""

from typing import Any

import msgspec

from server.store.database import Tx, listed
from server.store.records import STORED, Records, of_person
from sync import issue_raising, ladder
from sync.newest import RECORDED
from sync.operations import data_as_sent
from sync.records import KINDS, Issue, Record


def records(tx: Tx, community_id: str, resident_id: str) -> dict[str, list[Record]]:
    """The records that are this person or name them, by kind; new kinds come by themselves.

    A follow-up that a visitor wished for names nobody: it goes with its visit.
    """
    found: dict[str, list[Record]] = {}
    for kind in STORED:
        names = {field.name for field in msgspec.structs.fields(KINDS[kind])}
        by = {
            "id": kind in ("resident", "answers"),
            "resident_id": "resident_id" in names,
            "resident_ids": "resident_ids" in names,
        }
        column = next((name for name, holds in by.items() if holds), "")
        if column:
            found[kind] = of_person(tx, community_id, kind, column, resident_id)
    known = Records(tx, community_id)
    wished = [known.get("followup", one.id) for one in found["visit"]]
    found["followup"] += [one for one in wished if one is not None]
    person = known.get("resident", resident_id)
    home = getattr(person, "household_id", "")
    # Whoever lives where nobody answered was looked for, though such a case names nobody.
    told = {one.id for one in found["followup"]}
    cases = known.of_household("followup", home)
    found["followup"] += [
        one for one in cases if getattr(one, "item", "") == ladder.ITEM and one.id not in told
    ]
    found["issue"] = _issues(known, home, {one.id for one in found["followup"]})
    merged = [known.get("redirect", one) for one in getattr(person, "merged_ids", ())]
    found["redirect"] = [one for one in merged if one is not None]
    return found


def _issues(known: Records, home: str, followups: set[str]) -> list[Record]:
    """What was raised about the door, and what answers of this person raised; of who was there
    again the visits tell."""
    behind = known.of_household("issue", home) if home else []
    mine = {issue_raising.id_of(one) for one in followups}
    return [
        msgspec.structs.replace(
            one, entries=[entry for entry in one.entries if "visit_id" not in entry]
        )
        for one in behind
        if isinstance(one, Issue) and (not one.item or one.id in mine)
    ]


def history(
    tx: Tx, community_id: str, resident_id: str, doors: list[str], mine: set[str]
) -> list[dict[str, Any]]:
    """Applied operations that name the person or one of the records that are theirs alone.

    Looked for at the doors where they live or were visited, oldest first. Those about visits are
    left out: the visits are told as they stand.
    """
    marks, given = listed(sorted(doors))
    rows = tx.rows(
        f"""
        select operation.id, operation.kind, operation.at, operation.received_at, operation.body,
          coalesce(person.name, '') as by_name, coalesce(person.role, '') as role
        from operation
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        where operation.community_id = :community and operation.state = 'applied'
          and operation.household_id in ({marks}) and operation.kind not like 'visit.%'
        order by operation.received_at, operation.id
        """,
        community=community_id,
        **given,
    )
    found = []
    for row in rows:
        data = data_as_sent(bytes(row.pop("body")))
        if _is_about(row["id"], data, resident_id, mine):
            found.append({**row, "data": data})
    return found


def looks(tx: Tx, community_id: str, ids: list[str]) -> list[dict[str, Any]]:
    """Who looked at this person's page or number, or took something of it, oldest first.

    `ids` are theirs: their own, and those that were merged into it.
    """
    marks, given = listed([f"resident:{one}" for one in ids])
    return tx.rows(
        f"""
        select audit.at, audit.action, audit.outcome, audit.detail, audit.role,
          coalesce(person.name, '') as by_name
        from audit
        left join person on person.community_id = audit.community_id
          and person.id = audit.person_id
        where audit.community_id = :community and audit.target in ({marks})
        order by audit.at, audit.id
        """,
        community=community_id,
        **given,
    )


def said_by_rosters(tx: Tx, community_id: str, resident_id: str) -> dict[str, Any]:
    """What the last roster said of the person; empty when none did."""
    found = tx.value(
        """
        select said from roster_said
        where community_id = :community and record_id = :resident
        """,
        community=community_id,
        resident=resident_id,
    )
    said = msgspec.json.decode(found) if found else {}
    return said if isinstance(said, dict) else {"said": said}


def consents(tx: Tx, community_id: str, resident_id: str) -> list[dict[str, Any]]:
    """Every time the person said whether they may be asked: at visits and outside, latest first."""
    asked = tx.rows(
        """
        select visit.id, visit.true_at as at, visit.by_name, visit.checkups
        from checked_visit
        join visit on visit.community_id = checked_visit.community_id
          and visit.id = checked_visit.visit_id
        where checked_visit.community_id = :community
          and checked_visit.resident_id = :resident and visit.withdrawn = 0
        """,
        community=community_id,
        resident=resident_id,
    )
    found = [
        {
            "at": row["at"],
            "on": "",
            "consent": one["consent"],
            "method": one["consent_method"],
            "by_name": row["by_name"],
            "visit_id": row["id"],
        }
        for row in asked
        for one in msgspec.json.decode(row["checkups"])
        if one["resident_id"] == resident_id and one["consent"]
    ]
    found += _recorded(tx, community_id, resident_id)
    return sorted(found, key=lambda one: (one["at"], one["visit_id"]), reverse=True)


def _recorded(tx: Tx, community_id: str, resident_id: str) -> list[dict[str, Any]]:
    """What was recorded without a visit: the answers know the operations by their ids."""
    kept = tx.value(
        "select items from answers where community_id = :community and id = :resident",
        community=community_id,
        resident=resident_id,
    )
    items = {
        name.removeprefix(RECORDED): one
        for name, one in msgspec.json.decode(kept or "{}").items()
        if name.startswith(RECORDED)
    }
    marks, given = listed(items)
    rows = tx.tuples(
        f"""
        select operation.id, person.name
        from operation
        join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        where operation.community_id = :community and operation.id in ({marks})
        """,
        community=community_id,
        **given,
    )
    names = dict(rows)
    return [
        {
            "at": one["at"],
            "on": one["on"],
            "consent": one["value"],
            "method": one.get("method", ""),
            "by_name": names.get(operation_id, ""),
            "visit_id": "",
        }
        for operation_id, one in items.items()
    ]


def _is_about(operation_id: str, data: dict[str, Any], resident_id: str, mine: set[str]) -> bool:
    named = data.get("resident_ids")
    about = {operation_id, str(data.get("id", "")), str(data.get("resident_id", ""))}
    known = {*mine, resident_id}
    return bool(about & mine) or (isinstance(named, list) and not known.isdisjoint(named))
