"""人员 and 楼栋 as a workbook: what a file would change, row by row."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from server.audit import Author
from server.bulk_sheets import BUILDINGS, HEADS, PEOPLE, table
from server.field.words import CHINESE, words
from server.roster_files import read_sheets
from server.store import areas as reads
from server.store import people as rows
from server.store import team as accounts
from server.store.database import Tx
from server.store.records import Records
from server.team import Account
from sync import people as rules
from sync.grids import grid_id, grid_name
from sync.records import Building
from sync.refusals import Refusal
from sync.scope import OFFICE, ROLES

NUMBERS = {"单元数": "units", "层数": "floors", "每层户数": "doors", "顺序": "order"}
STATES = {"在用": 1, "停用": 0}
MOST_NUMBER = 9999

_label = words(CHINESE).label
ROLE_OF = {_label(role, "role"): role for role in ROLES}


class Line(NamedTuple):
    """A row of the file: `state` is new, change, same or error; `says` what changes or why not."""

    sheet: str
    row: int
    state: str
    title: str
    says: list[str]
    asked: dict[str, Any]


class Plan(NamedTuple):
    lines: list[Line]
    digest: str

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)


def plan(tx: Tx, community_id: str, by: Author, data: bytes, today: str) -> Plan:
    """What a file would do now. Raises Refusal for one that is no such workbook."""
    found = [
        (sheet.name, table(sheet.name, sheet.rows))
        for sheet in read_sheets(data)
        if sheet.name in HEADS
    ]
    if not any(lines_of for _, lines_of in found):
        raise Refusal("bulk.no_sheet")
    new: set[str] = set()
    lines: list[Line] = []
    for name in (BUILDINGS, PEOPLE):
        seen: set[str] = set()
        for title, lines_of in found:
            if title == name:
                read = _reader(tx, community_id, by, name, today, new)
                lines += [_line(name, row, cells, read, seen) for row, cells in lines_of]
    return Plan(lines, hashlib.sha256(repr(lines).encode()).hexdigest())


def state(tx: Tx, community_id: str, today: str) -> dict[str, list[list[str | int]]]:
    """What there is, in the shape of the file: read again it changes nothing."""
    held = _held(tx, community_id, today)
    return {
        PEOPLE: [
            [
                one.username,
                one.name,
                _label(one.role, "role"),
                one.phone,
                "在用" if one.active else "停用",
                "、".join(sorted(held.get(one.id, {}).values())),
            ]
            for one in accounts.everybody(tx, community_id)
        ],
        BUILDINGS: [
            [one.compound, one.name, one.grid_name, one.units, one.floors, one.doors, one.order]
            for one in buildings_of(tx, community_id).values()
        ],
    }


Reader = Callable[[dict[str, str]], tuple[str, list[str], dict[str, Any]]]


def _line(name: str, row: int, cells: dict[str, str], read: Reader, seen: set[str]) -> Line:
    key = "|".join(
        cells.get(head, "") for head in (HEADS[name][:2] if name == BUILDINGS else ["账号"])
    )
    title = " ".join(cells.get(head, "") for head in HEADS[name][:2]).strip()
    try:
        if key.lower() in seen:
            raise Refusal("bulk.twice")
        seen.add(key.lower())
        verdict, says, asked = read(cells)
    except Refusal as refusal:
        return Line(name, row, "error", title, [refusal.sentence], {})
    return Line(name, row, verdict, title, says, asked)


def _reader(tx: Tx, community_id: str, by: Author, name: str, today: str, new: set[str]) -> Reader:
    buildings = buildings_of(tx, community_id)
    if name == BUILDINGS:
        return lambda cells: _read_building(cells, buildings, by, new)
    held = _held(tx, community_id, today)
    labels = {one.label: one.id for one in buildings.values()} | dict.fromkeys(new, "")
    return lambda cells: _read_person(tx, community_id, cells, by, held, labels)


def _read_building(
    cells: dict[str, str], known: dict[str, Building], by: Author, new: set[str]
) -> tuple[str, list[str], dict[str, Any]]:
    if by.role not in OFFICE:
        raise Refusal("role.not_allowed")
    compound, name = cells.get("小区", "")[:40], cells.get("楼栋", "")[:40]
    if not name:
        raise Refusal("field.empty", field="楼栋")
    label = f"{compound} {name}".strip()
    wanted: dict[str, Any] = {}
    for head, field in NUMBERS.items():
        if cells.get(head, ""):
            wanted[field] = _number(head, cells[head])
    if cells.get("网格", ""):
        wanted |= _grid(cells["网格"][:40], known)
    before = known.get(label)
    if before is None:
        new.add(label)
        return "new", [], {"compound": compound, "name": name, **wanted}
    changes = {field: value for field, value in wanted.items() if getattr(before, field) != value}
    heads = {field: head for head, field in NUMBERS.items()} | {"grid_name": "网格"}
    says = [
        f"{heads[field]}：{getattr(before, field) or '无'} → {value}"
        for field, value in changes.items()
        if field in heads
    ]
    return ("change" if changes else "same"), says, {"id": before.id, "changes": changes}


def _grid(said: str, known: dict[str, Building]) -> dict[str, str]:
    """By the name it has here, else by its number."""
    named = {one.grid_name: one.grid_id for one in known.values()}
    found = named.get(said) or grid_id(said)
    names = {one.grid_id: one.grid_name for one in known.values()}
    return {"grid_id": found, "grid_name": names.get(found) or grid_name(found)}


def _number(head: str, said: str) -> int:
    if not (said.isascii() and said.isdigit() and int(said) <= MOST_NUMBER):
        raise Refusal("field.not_a_number", field=head, least=0, most=MOST_NUMBER)
    return int(said)


def _read_person(
    tx: Tx,
    community_id: str,
    cells: dict[str, str],
    by: Author,
    held: dict[str, dict[str, str]],
    labels: dict[str, str],
) -> tuple[str, list[str], dict[str, Any]]:
    username = rules.username(cells.get("账号", ""))
    account = _account(cells)
    rules.refuse_unmanaged(by.role, account.role)
    wanted = [
        one for one in cells.get("楼栋", "").replace(",", "、").replace("，", "、").split("、")
    ]
    wanted = [one.strip() for one in wanted if one.strip()]
    unknown = [one for one in wanted if one not in labels]
    if unknown:
        raise Refusal("bulk.building_unknown", name=unknown[0][:40])
    if wanted and account.role not in rules.HOLDS_BUILDINGS:
        raise Refusal("person.holds_no_building")
    before = rows.by_username(tx, username)
    if before and before.community_id != community_id:
        raise Refusal("person.same_username", username=username)
    if before is None:
        says = [f"分 {len(wanted)} 栋楼"] if wanted else []
        return "new", says, {"username": username, "account": account, "buildings": wanted}
    rules.refuse_unmanaged(by.role, before.role)
    if before.id == by.id and (account.role, account.active) != (before.role, before.active):
        raise Refusal("person.self")
    words_of = {"name": "姓名", "role": "岗位", "phone": "电话", "active": "状态"}
    says = [
        f"{words_of[field]}：{_shown(field, getattr(before, field))} → {_shown(field, value)}"
        for field, value in account._asdict().items()
        if getattr(before, field) != value
    ]
    more = sorted(set(wanted) - set(held.get(before.id, {}).values()))
    says += [f"分给他：{'、'.join(more)}"] if more else []
    asked = {
        "id": before.id,
        "account": account,
        "buildings": more,
        "edited": len(says) > bool(more),
    }
    return ("change" if says else "same"), says, asked


def _account(cells: dict[str, str]) -> Account:
    role, active = cells.get("岗位", ""), cells.get("状态", "") or "在用"
    if role not in ROLE_OF:
        raise Refusal("person.role_misfit", role=role[:20])
    if active not in STATES:
        raise Refusal("field.unknown", field="状态", value=active[:20])
    phone = "".join(one for one in cells.get("电话", "") if one not in " -()（）")
    if phone and not (phone.lstrip("+").isdigit() and 3 <= len(phone) <= 16):
        raise Refusal("phone.misfit")
    return Account(rules.name(cells.get("姓名", "")), ROLE_OF[role], phone, STATES[active])


def _shown(field: str, value: Any) -> str:
    if field == "role":
        return _label(value, "role")
    return ("在用" if value else "停用") if field == "active" else str(value) or "无"


def buildings_of(tx: Tx, community_id: str) -> dict[str, Building]:
    """By label, in the order of the streets."""
    records = Records(tx, community_id)
    found = [records.get("building", one["id"]) for one in reads.buildings(tx, community_id)]
    return {one.label: one for one in found if isinstance(one, Building)}


def _held(tx: Tx, community_id: str, today: str) -> dict[str, dict[str, str]]:
    """Buildings that each person holds today or will: ids with labels."""
    found: dict[str, dict[str, str]] = {}
    for person_id, building_id, label in accounts.held_on(tx, community_id, today):
        found.setdefault(person_id, {})[building_id] = label
    return found
