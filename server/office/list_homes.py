"""The lines of the lists of homes and of who lives in them."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from msgspec import json

from server import months
from server.office import figures, numbers, numbers_view, plans, visits
from server.office.labels import named
from server.office.list_at import LIMIT, YES, At, Row, word, words
from server.office.words import OCCASIONS
from server.reports.visits import wanted_of
from server.store import buildings, duplicates, overview, pairings
from server.store import months as standing
from server.store import visits as visited
from sync import days

# What one question to the database may name.
PAIRS_AT_ONCE = 500


def _visits(at: At) -> Iterable[Row]:
    asked = visits.asked_for(at.request, at.today)
    wanted = wanted_of(visits.order_of(asked), at.community.timezone)
    rows = visited.some(at.tx, at.home, wanted, LIMIT)
    names = visited.names(at.tx, at.home, rows)
    for one in rows:
        met = "、".join(names.get(who, "已删除的人") for who in one["resident_ids"])
        codes = [named(one[name], name) for name in ("result", "type", "method")]
        said = [one["note"], one["followup"], one["by_name"], named(one["review"], "review")]
        flags = [YES[bool(one["corrected"])], YES[bool(one["withdrawn"])]]
        shown = [at.clock(one["true_at"]), one["label"], met]
        yield one["building_id"], [*shown, *codes, *said, *flags, one["id"]]


def _unseen(at: At) -> Iterable[Row]:
    listed = overview.people_with_categories(at.tx, at.home)
    found = months.month_of(at.tx, at.community, at.today[:7], at.today)
    for one in figures.unseen(listed, found):
        who = one.resident
        categories = words(who.categories, "category")
        yield "", [one.label, who.name, who.birth_on, categories, who.last_contact_on]


def _overdue(at: At) -> Iterable[Row]:
    building = at.param("building")
    for one in overview.overdue(at.tx, at.home, at.today):
        if building in ("", one["building_id"]):
            why = named(one["due_category"], "category")
            late = days.between(one["due_on"], at.today)
            last = [at.clock(one["last_visit_at"]), word(one["last_result"], "result")]
            yield "", [one["label"], why, one["due_on"], late, *last]


def _buildings(at: At) -> Iterable[Row]:
    for one in buildings.listed(at.tx, at.home, at.today):
        names = ("compound", "name", "grid_name", "leader_name")
        counts = ("doors", "vacant", "weekly", "due", "late")
        yield "", [*(one[name] for name in names), *(one[name] or 0 for name in counts)]


def _households(at: At) -> Iterable[Row]:
    for one in buildings.doors(at.tx, at.home, LIMIT):
        place = [one["label"], one["building"], one["grid_name"], named(one["tenure"], "tenure")]
        plan = [one["due_on"], word(one["due_method"], "way") if one["due_on"] else ""]
        last = [at.clock(one["last_visit_at"]), word(one["last_result"], "result")]
        what = [one["people"], words(json.decode(one["categories"]), "category")]
        yield "", [*place, *what, *plan, *last]


def _pairings(at: At) -> Iterable[Row]:
    for one in pairings.listed(at.tx, at.home, limit=LIMIT):
        who = [one["resident_name"], one["name"], YES[bool(one["leader_id"])], one["phone"]]
        yield "", [one["label"], *who, one["from_on"], one["contacted_on"], one["due_on"]]


def _planned(at: At) -> Iterable[Row]:
    span = plans.span_of(at.param("days"))
    wanted = plans.Wanted(at.param("building"), at.param("who"), span)
    for one in plans.planned(at.tx, at.home, at.today, wanted):
        why = "、".join(
            named(code, "reason" if code in (*OCCASIONS, "pairing") else "category")
            for code in one["due_reasons"]
        )
        door = [one["label"], one["building"], one["due_on"]]
        yield "", [*door, word(one["due_method"], "way"), why]


def _duplicates(at: At) -> Iterable[Row]:
    people_, doors = duplicates.people(at.tx, at.home), duplicates.doors(at.tx, at.home)
    for kind, pairs, facts_of in (
        ("居民", people_, duplicates.residents),
        ("住户", doors, duplicates.households),
    ):
        waiting = iter(pairs.items())
        while some := dict(islice(waiting, PAIRS_AT_ONCE)):
            facts = facts_of(at.tx, at.home, sorted({one for pair in some for one in pair}))
            for pair, reasons in some.items():
                sides = [side for one in pair for side in (_side(facts[one]), facts[one]["label"])]
                yield "", [kind, *sides, words(reasons, "duplicate")]


def _counted(at: At) -> Iterable[Row]:
    show = at.param("show")
    show = show if show in numbers_view.SHOWS else "unseen"
    month, asked = numbers.month_in(at.request, at.today), at.request.query_params
    known = overview.buildings(at.tx, at.home)
    found = numbers.asked_for(at.tx, at.community, month, at.today, asked, known)
    names = standing.names(at.tx, at.home)
    for one in numbers_view.listed(found, show, names, known):
        seen = [one["seen_on"], word(one["apart"], "apart"), one["contacts"], one["at_door"]]
        yield "", [one["label"], one["name"], words(one["categories"], "category"), *seen]


LINES: dict[str, Callable[[At], Iterable[Row]]] = {
    "visits": _visits,
    "unseen": _unseen,
    "overdue": _overdue,
    "buildings": _buildings,
    "households": _households,
    "pairings": _pairings,
    "planned": _planned,
    "duplicates": _duplicates,
    "counted": _counted,
}


def _side(facts: dict[str, Any]) -> str:
    return str(facts["name"] if "name" in facts else facts["people"])
