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


def changes(
    before: list[dict[str, Any]], after: list[dict[str, Any]], visit: Visit, names: dict[str, str]
) -> list[tuple[str, str, str]]:
    """What a correction of answers changed: the question, what was said, what is said now.

    An answer for the office alone stays when a phone does not name it.
    """
    known, now = _answers(before), _answers(after)
    untold = {key for key, one in _answers(visit.checkups).items() if one.get("restricted")}
    found = []
    for key in [*known, *(key for key in now if key not in known)]:
        was = _line(key[2], known[key]) if key in known else None
        will = _line(key[2], now[key]) if key in now else None
        if (was and was.said) == (will and will.said) or (will is None and key in untold):
            continue
        ask = next(one.ask for one in (will, was) if one is not None)
        person = names.get(key[0], "已搬走的人")
        told = [one.said if one is not None else "" for one in (was, will)]
        found.append((f"{person}：{ask}", told[0] or "没有答", told[1] or "没有答"))
    return found


def _answers(checkups: Iterable[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {
        (one["resident_id"], one["checklist_id"], name): answer
        for one in checkups
        for name, answer in one["answers"].items()
    }


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
