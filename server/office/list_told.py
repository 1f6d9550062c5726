"""The lines of what residents asked, what rosters and workers told, and what was looked for."""

from collections.abc import Callable, Iterable
from typing import Any

from server.office import finding, kpis, numbers, proposals, reject_sheet, typed
from server.office.labels import named
from server.office.list_at import LIMIT, At, Row, joined, word, words
from server.reports import consents as consented
from server.reports.personal_tables import WISH_ANSWERS, WISH_KINDS, WISH_WAYS
from server.store import corrections, feedback, roster_missing, search, wishes
from server.store import handovers as handed
from server.store import proposals as proposed


def _consents(at: At) -> Iterable[Row]:
    show = at.param("show") or "missing"
    for one in consented.standings(at.tx, at.home, at.param("building"), at.today):
        if show in ("all", one["standing"]) or show not in consented.STANDINGS:
            yield "", consented.line(one, masked=False)


def _wishes(at: At) -> Iterable[Row]:
    for one in wishes.listed(at.tx, at.home):
        who = [one["name"] or "已删除的人", one["label"]]
        asked = [WISH_KINDS[one["kind"]], one["note"], one["asked_on"], WISH_WAYS[one["how"]]]
        answer = WISH_ANSWERS[one["answer"]] if one["answer"] else ""
        done = [answer, one["reply"], one["answered_by_name"], at.clock(one["answered_at"])]
        yield one["building_id"], [*who, *asked, one["by_name"], one["due_on"], *done]


def _proposals(at: At) -> Iterable[Row]:
    for one in proposed.departures(at.tx, at.home):
        who = "、".join(person["name"] for person in one["residents"])
        told = [named(one["result"], "result"), one["note"], one["by_name"]]
        yield one["building_id"], ["去世和迁出", who, one["label"], *told, at.clock(one["true_at"])]
    for one in proposals.compared(at.tx, at.home):
        given = f"加{words(one['given'], 'category')}" if one["given"] else ""
        taken = f"去掉{words(one['taken'], 'category')}" if one["taken"] else ""
        who, door = ("", one["about"]) if one["is_door"] else (one["about"], "")
        told = [joined(given, taken), "", one["person_name"], at.clock(one["received_at"])]
        yield "", ["身份类别", who, door, *told]


def _missing(at: At) -> Iterable[Row]:
    for one in roster_missing.waiting(at.tx, at.home, LIMIT):
        yield "", [one["name"], one["label"], one["last_contact_on"], one["file_name"]]


def _rejects(at: At) -> Iterable[Row]:
    for row in corrections.waiting(at.tx, at.home, at.param("batch"), LIMIT):
        draft = reject_sheet.draft_of(row)
        door = " ".join(filter(None, (draft.compound, draft.building, draft.unit, draft.door)))
        said = [draft.name, draft.address or door, named(row.kind, "reject")]
        yield "", [row.file_name, row.sheet, row.row, *said]


def _handovers(at: At) -> Iterable[Row]:
    for one in handed.latest(at.tx, at.home, LIMIT):
        begun = "已生效" if one["from_on"] <= at.today else "还没生效"
        state = f"{at.clock(one['undone_at'])} 撤销" if one["undone_at"] else begun
        who = [one["from_on"], one["giver"], one["taker"], len(one["buildings"])]
        yield "", [*who, one["note"], state, one["set_by_name"], at.clock(one["set_at"])]


def _records(at: At) -> Iterable[Row]:
    show = at.param("show") if at.param("show") in kpis.SHOWS else "red"
    month = numbers.month_in(at.request, at.today)
    for one in kpis.records(at.tx, at.community, month, show, at.today, LIMIT):
        yield one["building_id"], [kpis.SHOWS[show], one["label"], *RECORDED[show](at, one)]


def _red(at: At, one: dict[str, Any]) -> list[Any]:
    done = joined(at.clock(one["closed_at"]), one["result"]) if one["closed_at"] else "没办结"
    return [one["name"], one["what"], at.clock(one["opened_at"]), at.clock(one["due_at"]), done]


def _slow(at: At, one: dict[str, Any]) -> list[Any]:
    times = [at.clock(one["true_at"]), at.clock(one["received_at"])]
    return ["", named(one["result"], "result"), *times, f"隔了 {one['minutes']} 分钟"]


def _returned(at: At, one: dict[str, Any]) -> list[Any]:
    times = [at.clock(one["true_at"]), at.clock(one["returned_at"])]
    return ["", one["reason"], *times, named(one["review"], "review")]


def _disputed(at: At, one: dict[str, Any]) -> list[Any]:
    decided = [at.clock(one["decided_at"]), "定了" if one["decided_at"] else "没定"]
    return ["", named(one["field"], "field"), at.clock(one["received_at"]), *decided]


def _unverified(at: At, one: dict[str, Any]) -> list[Any]:
    checked = one["verified_on"] or "没核对过"
    return [one["name"], joined(one["phone"], word(one["relation"], "relation")), checked, "", ""]


RECORDED: dict[str, Callable[[At, dict[str, Any]], list[Any]]] = {
    "red": _red,
    "slow": _slow,
    "returned": _returned,
    "conflicts": _disputed,
    "contacts": _unverified,
}


def _found(at: At) -> Iterable[Row]:
    text = " ".join(typed.words(at.request).split())
    if not text:
        return
    for one in search.people(at.tx, at.home, text, LIMIT):
        yield "", ["居民", one["name"], one["label"], one["birth_on"], ""]
    for one in finding.doors(at.tx, at.home, text):
        yield "", ["住户", "", one["label"], "", ""]
    if digits := finding.digits_of(text):
        for one in search.phones(at.tx, at.home, digits, LIMIT):
            yield "", ["电话", one["name"] or one["resident_name"], one["label"], "", one["phone"]]


def _feedback(at: At) -> Iterable[Row]:
    for one in feedback.listed(at.tx, at.home, LIMIT):
        said = [str(one["data"].get(name, "")) for name in ("text", "page")]
        yield (
            "",
            [at.clock(one["received_at"]), one["person_name"], word(one["role"], "role"), *said],
        )


LINES: dict[str, Callable[[At], Iterable[Row]]] = {
    "consents": _consents,
    "wishes": _wishes,
    "proposals": _proposals,
    "missing": _missing,
    "rejects": _rejects,
    "handovers": _handovers,
    "records": _records,
    "found": _found,
    "feedback": _feedback,
}
