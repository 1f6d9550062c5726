"""The lines of the lists of what the office decides, and of people and phones."""

from collections.abc import Callable, Iterable
from typing import Any

from server import shell
from server.office import (
    decisions,
    followups,
    issue_queue,
    issue_sums,
    people,
    phones_view,
    review_queue,
    staff,
    typed,
)
from server.office import kept as kept_whole
from server.office.issue_words import timed
from server.office.labels import CODED, named
from server.office.list_at import LIMIT, YES, At, Row, joined, word
from server.office.words import action
from server.reports.taking import Line
from server.store import alert_lists, conflicts, issue_board, overview, reviews, tasks
from server.store import decisions as decided
from server.store import followups as followed
from server.store import quarantine as held
from sync import days
from sync.operations import instant


def _followups(at: At) -> Iterable[Row]:
    level, place, zone = at.param("level"), at.param("held"), at.community.timezone
    now = days.local(at.now, zone)
    if at.param("show") == "closed":
        closed = followed.closed(at.tx, at.home, LIMIT)
        found = followups.standing(closed, now, zone)
        found.sort(key=lambda one: str(one["closed_at"]), reverse=True)
    else:
        still = followed.still_open(at.tx, at.home)
        found = followups.standing(still, now, zone)
        found = [one for one in found if followups.is_at(one, place)]
        found = [one for one in found if level in ("", one["level"])]
    for one in found:
        result = "走访已撤回" if one["result"] == "withdrawn" else one["result"]
        opened = [at.clock(one["opened_at"]), one["by_name"], one["times"]]
        limit = one["due"][:16].replace("T", " ")
        where = "" if one["closed_at"] else word(one["held_by"], "followup_where")
        closed_ = [at.clock(one["closed_at"]), one["closed_by"], joined(result, one["note"])]
        first = [named(one["level"], "followup_level"), one["label"], one["name"], one["what"]]
        yield one["building_id"], [*first, *opened, limit, where, *closed_]


def _issues(at: At) -> Iterable[Row]:
    now = instant(at.now)
    assert now is not None
    chosen = issue_queue.filter_of(at.request.query_params.multi_items())
    found = issue_queue.found(at.tx, at.community, now, chosen)
    return _issues_of(at, issue_queue.shown(found, chosen.show))


def _counted_issues(at: At) -> Iterable[Row]:
    chosen = issue_sums.chosen_in(at.request.query_params, at.today)
    found = issue_sums.by_month(at.tx, at.community, at.today, at.now)[chosen.month]
    buildings = overview.buildings(at.tx, at.home)
    return _issues_of(at, issue_sums.of(found, chosen, buildings))


def _issue_numbers(at: At) -> Iterable[Row]:
    """The month by each kind of group, then each month of the year."""
    month = issue_sums.chosen_in(at.request.query_params, at.today).month
    year = issue_sums.by_month(at.tx, at.community, at.today, at.now)
    buildings = overview.buildings(at.tx, at.home)
    yield "", _sum_line(month, "全部", issue_sums.summed(year[month]))
    for by, word_ in issue_sums.GROUPS.items():
        for one in issue_sums.groups(by, year[month], buildings):
            yield "", _sum_line(word_, one["label"], one)
    for name, found in year.items():
        yield "", _sum_line("逐月", name, issue_sums.summed(found))


def _sum_line(by: str, label: str, one: dict[str, Any]) -> Line:
    first = ("all", "closed", "open", "judged", "late", "begun", "slow", "again", "spot")
    levels = (f"at-{level}" for level in issue_sums.LEVELS)
    return [by, label, *(one["n"][name] for name in (*first, "rated", "happy", *levels))]


def _issues_of(at: At, ids: list[str]) -> Iterable[Row]:
    rows = (issue_board.lines(at.tx, at.home, ids[n : n + 500]) for n in range(0, LIMIT, 500))
    for one in timed((row for some in rows for row in some), at.now):
        what = [named(one["category"], "issue_category"), one["text"]]
        where = [one["building"], one["place"], named(one["status"], "issue_status")]
        due = [at.clock(one["first_due"]), at.clock(one["close_due"]), one["left"]]
        source = [named(one["source"], "issue_source"), one["source_number"], one["by_name"]]
        more = [one["joined"], YES[bool(one["hard"])], at.clock(one["ended_at"]), one["id"]]
        first = [at.clock(one["reported_at"]), *what, *where, one["holder_name"]]
        yield one["building_id"], [*first, *due, *source, *more]


def _tasks(at: At) -> Iterable[Row]:
    for one in tasks.tasks(at.tx, at.home, at.param("show") == "closed", LIMIT):
        whose = [one["for_name"] or "负责这栋楼的人", one["by_name"]]
        done = [named(one["status"], "task_status"), one["done_visit_id"]]
        yield one["building_id"], [one["due_on"], one["label"], one["reason"], *whose, *done]


def _review(at: At) -> Iterable[Row]:
    chosen = review_queue.filter_of(at.request.query_params.multi_items())
    now = instant(at.now)
    assert now is not None
    here = review_queue.among(reviews.waiting(at.tx, at.home), now, chosen)
    found = review_queue.shown(here, chosen)
    for first in range(0, len(found), 500):
        for one in review_queue.lines_of(at.tx, at.home, found[first : first + 500]):
            door = "-".join(filter(None, (one["unit"], one["door_no"])))
            where = f"{one['compound']} {one['building']} {door}"
            why = "；".join(asked.sentence for asked in one["asked"])
            times = [at.clock(one["received_at"]), at.clock(one["true_at"])]
            who = [one["by_name"], one["assigned_to"], one["id"]]
            yield "", [*times, where, named(one["result"], "result"), why, *who]


def _decisions(at: At) -> Iterable[Row]:
    asked = decisions.asked_for(at.request, at.today)
    wanted = decisions.wanted_of(asked, at.community)
    for one in decided.some(at.tx, at.home, wanted, LIMIT):
        yield one["building_id"], decisions.line(one, at.community.timezone)


def _conflicts(at: At) -> Iterable[Row]:
    for one in conflicts.waiting(at.tx, at.home, LIMIT):
        field = one["field"]
        values = [_said(one[side], field) for side in ("current", "proposed")]
        about = [at.clock(one["received_at"]), one["label"], one["person_about"]]
        yield one["building_id"], [*about, named(field, "field"), *values]


def _quarantine(at: At) -> Iterable[Row]:
    rows = held.waiting(at.tx, at.home, LIMIT)
    labels: dict[str, str] = {}
    for first in range(0, len(rows), kept_whole.MAX_IDS):
        some = rows[first : first + kept_whole.MAX_IDS]
        doors = {one["key"]: _door_of(one) for one in some}
        names = held.names(at.tx, at.home, sorted(filter(None, set(doors.values()))))
        labels |= {key: names.get(door, "") for key, door in doors.items()}
    for one in rows:
        who = [one["person_name"], one["device_name"], action(one["kind"])]
        yield "", [at.clock(one["received_at"]), *who, labels[one["key"]], one["sentence"]]


def _alerts(at: At) -> Iterable[Row]:
    states = ("waiting", "open", "closed", "expired", "dismissed")
    for one in alert_lists.in_state(at.tx, at.home, states, LIMIT):
        codes = [named(one["state"], "alert_state"), named(one["source"], "alert_source")]
        flags = [YES[bool(one["is_verified"])], YES[bool(one["is_drill"])]]
        what = [at.clock(one["sent_at"]), one["title"], one["area"]]
        yield "", [*what, *codes, *flags, at.clock(one["ends_at"]), one["id"]]


def _people(at: At) -> Iterable[Row]:
    now = instant(at.now)
    assert now is not None
    rows = staff.listed(at.tx, at.home, at.request.user.role, now)
    for one in people.chosen(rows, at.param("show"), typed.words(at.request)):
        phone = one["phone_"]
        counts = [phone.get(name, "") for name in ("recorded", "received", "lacking")]
        who = [one["name"], one["username"], named(one["role"], "role"), one["held"]]
        yield "", [*who, phone["name"], at.clock(phone["seen_at"]), *counts]


def _phones(at: At) -> Iterable[Row]:
    now = instant(at.now)
    assert now is not None
    rows = phones_view.listed(at.tx, at.home, at.request.user.role, now, shell.shell()[0])
    show, words = at.param("show"), typed.words(at.request)[:40]
    for one in phones_view.chosen(rows, show if show in phones_view.SHOWN else "", words):
        who = [one["person_name"], named(one["role"], "role"), one["name"]]
        sent = [at.clock(one["seen_at"]), one["unsent"], at.clock(one["oldest_at"])]
        state = [one["received"], one["code"], one["version"], one["minutes_off"]]
        error = word(one["error"], "phone_error")
        yield "", [*who, *sent, *state, error, at.clock(one["revoked_at"])]


LINES: dict[str, Callable[[At], Iterable[Row]]] = {
    "followups": _followups,
    "issues": _issues,
    "issue-numbers": _issue_numbers,
    "counted-issues": _counted_issues,
    "tasks": _tasks,
    "review": _review,
    "decisions": _decisions,
    "conflicts": _conflicts,
    "quarantine": _quarantine,
    "alerts": _alerts,
    "people": _people,
    "phones": _phones,
}


def _door_of(row: dict[str, Any]) -> str:
    door = kept_whole.data_of(kept_whole.read(bytes(row["body"]))).get("household_id")
    return door if isinstance(door, str) else ""


def _said(value: Any, field: str) -> str:
    if isinstance(value, list):
        return "、".join(_said(one, field) for one in value)
    return named(str(value), CODED[field]) if field in CODED else str(value)
