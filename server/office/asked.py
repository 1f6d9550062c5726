"""What people were asked at a visit, and what is known of them, in the words that were seen."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sync.checklists import Checklist
from sync.records import Answers, Followup, Resident, Visit

YES_NO = {"yes": "是", "no": "否", "na": "不适用"}
CONSENT = {"yes": "同意", "no": "不愿意"}
CALLS = {
    "self": "老人",
    "contact": "家属",
    "neighbour": "邻居",
    "office": "社区",
    "gas": "燃气公司",
    "mistaken": "点错了",
}


class Line(NamedTuple):
    """One question with what was said; `followup` is what it led to, if anything."""

    ask: str
    said: str
    on: str
    unchanged: int
    restricted: int
    level: str
    text: str
    followup: Followup | None


class Asked(NamedTuple):
    """One list that one person was asked. `cards` are [title, opened, [[whom, when]], closed]."""

    name: str
    title: str
    edition: int
    consent: str
    lines: list[Line]
    cards: list[dict[str, Any]]


def of_visit(
    visit: Visit,
    names: dict[str, str],
    checklists: Iterable[Checklist],
    followups: Iterable[Followup],
) -> list[Asked]:
    editions = {(one.code, one.edition): one for one in checklists}
    opened = {
        (one.resident_id, one.item): (one, entry)
        for one in followups
        for entry in one.entries
        if entry["visit_id"] == visit.id
    }
    return [_asked(one, names, editions, opened) for one in visit.checkups]


def of_people(
    people: Iterable[Resident], answers: Iterable[Answers], checklists: Iterable[Checklist]
) -> list[Asked]:
    """The newest answer to each question, with its day; nobody who was never asked."""
    titles = {one.code: one.title for one in checklists}
    known = {one.id: one.items for one in answers}
    found = []
    for person in people:
        by_list: dict[str, list[Line]] = {}
        for name, item in known.get(person.id, {}).items():
            code, point, question = name.partition(".")
            if point and item["value"] not in ("", []):
                by_list.setdefault(code, []).append(_line(question, item))
        consent = CONSENT.get(person.consent, "")
        found += [
            Asked(person.name, titles.get(code, code), 0, consent, lines, [])
            for code, lines in by_list.items()
        ]
    return found


def _asked(checkup: dict[str, Any], names: Any, editions: Any, opened: Any) -> Asked:
    code, edition = checkup["checklist_id"], checkup["version"]
    checklist = editions.get((code, edition))
    titles = {one.id: one.title for one in checklist.cards} if checklist else {}
    titles["no_answer"] = "无人应答"
    lines = []
    for name, answer in checkup["answers"].items():
        followup, entry = opened.get((checkup["resident_id"], f"{code}.{name}"), (None, {}))
        told = {"level": entry.get("level", ""), "text": entry.get("text", "")}
        lines.append(_line(name, answer)._replace(**told, followup=followup))
    return Asked(
        name=names.get(checkup["resident_id"], "已搬走的人"),
        title=checklist.title if checklist else code,
        edition=edition,
        consent=CONSENT.get(checkup.get("consent", ""), ""),
        lines=lines,
        cards=[
            {
                "title": titles.get(one["id"], one["id"]),
                "opened_at": one["opened_at"],
                "closed_at": one["closed_at"],
                "calls": [[CALLS.get(call["to"], call["to"]), call["at"]] for call in one["calls"]],
            }
            for one in checkup.get("cards", [])
        ],
    )


def _line(name: str, answer: dict[str, Any]) -> Line:
    value = answer["value"]
    plain = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return Line(
        ask=answer.get("asked") or name,
        said="、".join(answer.get("said") or []) or YES_NO.get(plain, plain),
        on=answer.get("on", ""),
        unchanged=int(bool(answer.get("unchanged"))),
        restricted=int(bool(answer.get("restricted"))),
        level="",
        text="",
        followup=None,
    )
