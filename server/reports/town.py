"""What the rows of reports say beside themselves: people, numbers, names, words of checklists."""

from typing import Any, NamedTuple

from server.office.labels import named
from server.reports.definition import Column
from server.store import records
from server.store import reports as reads
from server.store.database import Tx
from server.store.reports import Numbers, Someone
from sync.care import age_on
from sync.checklists import Question
from sync.records import Checklist, Community


class Town(NamedTuple):
    """A community, read once for a whole report. `questions` by code, edition and question."""

    people: dict[str, Someone]
    numbers: Numbers
    names: dict[str, list[str]]
    reasons: dict[str, str]
    questions: dict[tuple[str, int, str], Question]
    timezone: str
    today: str


def read(tx: Tx, community: Community, today: str) -> Town:
    return Town(
        people=reads.people(tx, community.id),
        numbers=reads.numbers(tx, community.id),
        names=reads.names(tx, community.id),
        reasons=reads.reasons(tx, community.id),
        questions={
            (one.code, one.edition, question.id): question
            for one in records.all_records(tx, community.id, "checklist")
            if isinstance(one, Checklist)
            for question in one.questions
        },
        timezone=community.timezone,
        today=today,
    )


def of_doors() -> list[Column]:
    """Where a row was, in parts, for forms that want them apart."""

    def part(code: str, head: str, width: int) -> Column:
        return Column(code, head, width, lambda row: str(row.at_door[code]), is_extra=True)

    return [
        part("grid_name", "网格", 12),
        part("compound", "小区", 12),
        part("building_name", "楼栋", 10),
        part("unit", "单元", 8),
        part("door_no", "门牌", 8),
    ]


def age_of(person: Someone, on: str) -> str:
    age = age_on(person.birth_on, on)
    return str(age) if age >= 0 else ""


def categories_of(person: Someone) -> str:
    return "、".join(named(code, "category") for code in person.categories)


def names_at(town: Town, door: dict[str, Any], more: list[Someone]) -> list[str]:
    """Everybody whom a row may name: the people of the building and those it is about."""
    return [*town.names.get(door["building_id"], []), *(one.name for one in more)]
