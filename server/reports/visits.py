"""探访台账 and 民情日志: what was done at doors, by person and by visit."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from server import spans
from server.office.labels import named
from server.reports import town as towns
from server.reports.answers import aspects
from server.reports.definition import Column, Order, Report, blanks
from server.reports.town import Town
from server.store import reports as reads
from server.store.database import Tx
from server.store.reports import Someone
from server.store.visits import Wanted
from sync import days
from sync.operations import instant
from sync.records import Community

# One more than a file takes, so that a file that is not whole is never handed out.
MAX_VISITS = 100_001


class Seen(NamedTuple):
    """A visit, and of the people it names one or, in the diary, all."""

    number: int
    at: str
    at_door: dict[str, Any]
    people: list[Someone]
    names: list[str]
    town: Town

    @property
    def visit(self) -> dict[str, Any]:
        return self.at_door

    @property
    def person(self) -> Someone | None:
        return self.people[0] if self.people else None


def by_person(tx: Tx, community: Community, order: Order, today: str) -> Iterator[Seen]:
    """A row for each person a visit names; one for a visit that names nobody."""
    number = 0
    for row in by_visit(tx, community, order, today):
        for people in [[one] for one in row.people] or [[]]:
            number += 1
            yield row._replace(number=number, people=people)


def by_visit(tx: Tx, community: Community, order: Order, today: str) -> Iterator[Seen]:
    town = towns.read(tx, community, today)
    wanted = wanted_of(order, community.timezone)
    found = reads.visits(tx, community.id, wanted, order.grid, MAX_VISITS)
    for number, visit in enumerate(found, 1):
        people = [town.people[one] for one in visit["resident_ids"] if one in town.people]
        yield Seen(
            number=number,
            at=days.local(visit["true_at"], community.timezone),
            at_door=visit,
            people=people,
            names=towns.names_at(town, visit, people),
            town=town,
        )


def wanted_of(order: Order, timezone: str) -> Wanted:
    span = spans.of_days(order.first, order.last, timezone)
    filters = order._asdict()
    names = ("building_id", "person_id", "result", "review", "household_id", "text")
    return Wanted(*span, **{name: filters[name] for name in names})


def _on(row: Seen) -> str:
    return row.at[:10]


def _clock(row: Seen) -> str:
    return row.at[11:16]


def _minutes(row: Seen) -> str:
    begun, ended = instant(row.visit["started_at"]), instant(row.visit["ended_at"])
    return str(round((ended - begun).total_seconds() / 60)) if begun and ended else ""


def _name(row: Seen) -> str:
    return row.person.name if row.person else "按户"


def _sex(row: Seen) -> str:
    return named(row.person.sex, "sex") if row.person and row.person.sex else ""


def _age(row: Seen) -> str:
    return towns.age_of(row.person, _on(row)) if row.person else ""


def _categories(row: Seen) -> str:
    return towns.categories_of(row.person) if row.person else ""


def _phone(row: Seen) -> str:
    numbers = row.town.numbers
    at_door = numbers.of_door.get(row.visit["household_id"], "")
    return numbers.of_person.get(row.person.id, at_door) if row.person else at_door


def _door_phone(row: Seen) -> str:
    return row.town.numbers.of_door.get(row.visit["household_id"], "")


def _result(row: Seen) -> str:
    return named(row.visit["result"], "result")


def _came_of_it(row: Seen) -> str:
    visit = row.visit
    parts = [f"要跟进：{visit['followup']}"] if visit["followup"] else []
    if visit["followup_result"]:
        parts.append(f"已办结：{visit['followup_result']}")
    return "；".join([*parts, visit["followup_note"]] if visit["followup_note"] else parts)


def _plan(row: Seen) -> str:
    reasons = row.town.reasons
    asked = [reasons[one] for one in row.visit["task_ids"] if one in reasons]
    return "；".join([named(row.visit["type"], "type"), *(f"交办：{one}" for one in asked)])


def _who(row: Seen) -> str:
    return "；".join(_described(one, _on(row)) for one in row.people) or "按户"


def _described(person: Someone, on: str) -> str:
    age = towns.age_of(person, on)
    facts = [f"{age} 岁"] if age else []
    facts += [named(code, "category") for code in person.categories]
    return person.name + (f"（{'、'.join(facts)}）" if facts else "")


def _done(row: Seen) -> str:
    parts = named(row.visit["method"], "method"), row.visit["note"]
    return "；".join(part for part in parts if part)


def _feedback(row: Seen) -> str:
    return "；".join(part for part in (_result(row), _came_of_it(row)) if part)


_WHEN: Iterable[Column] = (Column("on", "日期", 12, _on), Column("clock", "时间", 8, _clock))
_BY = Column("by", "走访人", 10, lambda row: row.visit["by_name"])
_LABEL = Column("label", "住址", 26, lambda row: row.visit["label"])
_NUMBER = Column("number", "序号", 6, lambda row: row.number)
_MINUTES = Column("minutes", "分钟", 8, _minutes, is_extra=True)

LEDGER = Report(
    code="ledger",
    title="探访台账",
    about="一人一行：什么时候、怎样看望了谁、情况怎样、跟进了什么。",
    columns=(
        _NUMBER,
        Column("on", "探访日期", 12, _on),
        Column("clock", "时间", 8, _clock, is_extra=True),
        _MINUTES,
        _LABEL,
        *towns.of_doors(),
        Column("name", "姓名", 10, _name, is_private=True),
        Column("sex", "性别", 6, _sex),
        Column("age", "年龄", 6, _age),
        Column("categories", "人员类别", 20, _categories),
        Column("phone", "联系电话", 14, _phone, is_private=True),
        Column("type", "探访类型", 12, lambda row: named(row.visit["type"], "type")),
        Column("method", "探访方式", 10, lambda row: named(row.visit["method"], "method")),
        Column("result", "探访结果", 12, _result),
        Column("note", "情况记录", 36, lambda row: row.visit["note"], is_private=True),
        *aspects(),
        Column("followup", "跟进办理", 28, _came_of_it, is_private=True),
        Column("by", "探访人", 10, lambda row: row.visit["by_name"]),
        *blanks(),
    ),
    rows=by_person,
)

# The four of the street's form stand in its order; before them who, when and where.
DIARY = Report(
    code="diary",
    title="民情日志",
    about="一次走访一行：今日安排、群众信息、采取措施、结果反馈。",
    columns=(
        Column("number", "序号", 6, lambda row: row.number, is_extra=True),
        *_WHEN,
        _MINUTES,
        _BY,
        _LABEL,
        *towns.of_doors(),
        Column("plan", "今日安排", 24, _plan, is_private=True),
        Column("people", "群众信息", 34, _who, is_private=True),
        Column("done", "采取措施", 44, _done, is_private=True),
        Column("feedback", "结果反馈", 34, _feedback, is_private=True),
        Column("phone", "联系电话", 14, _door_phone, is_private=True),
        *blanks(),
    ),
    rows=by_visit,
)
