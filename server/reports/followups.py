"""跟进清单: what was asked to be done and was open at some time, with what came of it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from server.office.labels import named
from server.reports import town as towns
from server.reports.definition import Column, Order, Report, blanks
from server.reports.town import Town
from server.reports.visits import wanted_of
from server.store import reports as reads
from server.store.database import Tx
from server.store.reports import Someone
from sync import days
from sync.records import Community

MAX_FOLLOWUPS = 100_001
LEVELS = {"now": "立即处理", "red": "红色", "amber": "黄色"}
STATUSES = {"open": "未办结", "closed": "已办结"}


class Open(NamedTuple):
    number: int
    at_door: dict[str, Any]
    person: Someone | None
    names: list[str]
    town: Town

    @property
    def it(self) -> dict[str, Any]:
        return self.at_door


def rows(tx: Tx, community: Community, order: Order, today: str) -> Iterator[Open]:
    town = towns.read(tx, community, today)
    wanted = wanted_of(order, community.timezone)
    found = reads.followups(tx, community.id, wanted, order.grid, MAX_FOLLOWUPS)
    for number, one in enumerate(found, 1):
        person = town.people.get(one["resident_id"])
        named_here = towns.names_at(town, one, [person] if person else [])
        yield Open(number, one, person, named_here, town)


def _day(row: Open, name: str) -> str:
    return days.day(row.it[name], row.town.timezone)


def _due(row: Open) -> str:
    return days.local(row.it["due_at"], row.town.timezone).replace("T", " ")


def _phone(row: Open) -> str:
    numbers = row.town.numbers
    at_door = numbers.of_door.get(row.it["household_id"], "")
    return numbers.of_person.get(row.person.id, at_door) if row.person else at_door


def _is_late(row: Open) -> str:
    """Closed after its limit, or still open when the limit's day is over."""
    due, closed = row.it["due_at"], row.it["closed_at"]
    if not due:
        return ""
    is_late = closed > due if closed else _day(row, "due_at") < row.town.today
    return "是" if is_late else "否"


FOLLOWUPS = Report(
    code="followups",
    title="跟进清单",
    about="这段时间里办着的每一件：谁提出、期限、办得怎样、谁办结。只给办公室看的不列。",
    columns=(
        Column("number", "序号", 6, lambda row: row.number),
        Column("opened_on", "提出日期", 12, lambda row: _day(row, "opened_at")),
        Column("label", "住址", 26, lambda row: row.it["label"]),
        *towns.of_doors(),
        Column("name", "姓名", 10, lambda row: row.person.name if row.person else "按户", True),
        Column("phone", "联系电话", 14, _phone, is_private=True, is_extra=True),
        Column("what", "跟进事项", 34, lambda row: row.it["what"], is_private=True),
        Column("kind", "种类", 12, lambda row: named(row.it["kind"], "followup_kind")),
        Column("level", "轻重", 10, lambda row: LEVELS.get(row.it["level"], row.it["level"])),
        Column("due", "期限", 17, _due),
        Column("by", "提出人", 10, lambda row: row.it["by_name"]),
        Column("status", "状态", 10, lambda row: STATUSES[row.it["status"]]),
        Column("result", "办理结果", 30, lambda row: row.it["result"], is_private=True),
        Column("note", "备注", 24, lambda row: row.it["note"], is_private=True),
        Column("closed_by", "办结人", 10, lambda row: row.it["closed_by"]),
        Column("closed_on", "办结日期", 12, lambda row: _day(row, "closed_at")),
        Column("late", "超过期限", 10, _is_late),
        *blanks(),
    ),
    rows=rows,
)
