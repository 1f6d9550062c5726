"""Departments that a community's issues may call, with the telephones that are answered."""

from typing import Any

from msgspec import Struct, convert

from server.store.database import Tx


class Department(Struct, frozen=True, kw_only=True):
    """`arrives` is by when somebody comes who was called, as a limit such as "2h"."""

    id: str
    name: str
    phone: str
    arrives: str
    note: str
    is_on: bool


_COLUMNS = "id, name, phone, arrives, note, is_on"


def every(tx: Tx, community_id: str) -> list[Department]:
    """Those that may be called first."""
    rows = tx.rows(
        f"""
        select {_COLUMNS} from department
        where community_id = :community
        order by is_on desc, name, id
        """,
        community=community_id,
    )
    return [_department(row) for row in rows]


def find(tx: Tx, community_id: str, department_id: str) -> Department | None:
    row = tx.row(
        f"select {_COLUMNS} from department where community_id = :community and id = :id",
        community=community_id,
        id=department_id,
    )
    return _department(row) if row else None


def keep(tx: Tx, community_id: str, one: Department) -> None:
    """A new one, or what is now said of one that is known."""
    tx.run(
        """
        insert into department (community_id, id, name, phone, arrives, note, is_on)
        values (:community, :id, :name, :phone, :arrives, :note, :is_on)
        on conflict (community_id, id) do update
        set name = excluded.name, phone = excluded.phone, arrives = excluded.arrives,
          note = excluded.note, is_on = excluded.is_on
        """,
        community=community_id,
        id=one.id,
        name=one.name,
        phone=one.phone,
        arrives=one.arrives,
        note=one.note,
        is_on=int(one.is_on),
    )


def _department(row: dict[str, Any]) -> Department:
    return convert({**row, "is_on": bool(row["is_on"])}, Department)
