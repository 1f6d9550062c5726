"""待审's list: what waits, by urgency and then age, in windows around the one that is looked at."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from server.office import page, visit_view
from server.office.questions import GROUPS, READY, asked, groups, is_red, is_shown, rank
from server.store import reviews
from server.store.database import Tx
from server.store.reviews import Waiting
from sync.operations import stamp

WINDOW = 50
AGES = {"1": "等了一天以上", "3": "等了三天以上", "7": "等了一周以上"}
NOBODY = "nobody"
MAX_CODE = 64


class Filter(NamedTuple):
    """Which of all that waits; "" means any. `to` is who is to look at it."""

    show: str = ""
    grid: str = ""
    by: str = ""
    age: str = ""
    to: str = ""

    @property
    def query(self) -> str:
        """As the end of an address; "" for everything."""
        given = {name: value for name, value in self._asdict().items() if value}
        return f"?{urlencode(given)}" if given else ""


def filter_of(given: Iterable[tuple[str, str]]) -> Filter:
    """The filter an address names; what it does not know it leaves out."""
    known = {name: value[:MAX_CODE] for name, value in given if name in Filter._fields}
    if known.get("show") not in GROUPS:
        known["show"] = ""
    if known.get("age") not in AGES:
        known["age"] = ""
    return Filter(**known)


def filter_in(query: str) -> Filter:
    """The same from what a form carries along."""
    return filter_of(parse_qsl(query.removeprefix("?")[:1000], max_num_fields=20))


def view(tx: Tx, community_id: str, now: datetime, visit_id: str, chosen: Filter) -> dict[str, Any]:
    """The names that the list takes, with one visit picked: that one, or the most urgent."""
    everything = reviews.waiting(tx, community_id)
    here = among(everything, now, chosen)
    found = shown(here, chosen)
    place = next((n for n, one in enumerate(found) if one.id == visit_id), 0)
    first = place - place % WINDOW
    rows = lines_of(tx, community_id, found[first : first + WINDOW])
    return {
        "rows": rows,
        "names": reviews.names_behind(tx, community_id, rows),
        "groups": groups(_codes(one.questions) for one in here),
        "total": len(everything),
        "here": len(here),
        "found": len(found),
        "filter": chosen,
        "query": chosen.query,
        "place": place,
        "at": place - first,
        "gone": int(bool(visit_id) and all(one.id != visit_id for one in found)),
        **_neighbours(found, place, first),
        **_choices(tx, community_id, everything),
        "assigned": reviews.assigned_to(tx, community_id, found[place].id) if found else "",
        "chosen": visit_view.of(tx, community_id, found[place].id) if found else None,
        "said": "",
        "recall": [],
    }


def among(everything: Sequence[Waiting], now: datetime, chosen: Filter) -> list[Waiting]:
    """Of all that waits what a filter takes, whatever is asked of it."""
    older = stamp(now - timedelta(days=int(chosen.age))) if chosen.age else ""
    return [one for one in everything if _fits(one, chosen, older)]


def shown(here: Iterable[Waiting], chosen: Filter) -> list[Waiting]:
    """Of these what has the questions that are asked for, the most urgent first."""
    found = [one for one in here if is_shown(_codes(one.questions), chosen.show)]
    return sorted(found, key=lambda one: (rank(_codes(one.questions)), one.received_at, one.id))


def _fits(one: Waiting, chosen: Filter, older: str) -> bool:
    return (
        chosen.grid in ("", one.grid_id)
        and chosen.by in ("", one.by)
        and (not older or one.received_at < older)
        and (chosen.to in ("", one.assigned_to) or (chosen.to == NOBODY and not one.assigned_to))
    )


@lru_cache(maxsize=1024)
def _codes(questions: str) -> tuple[str, ...]:
    """The questions of a visit. Few different ones stand in a long list."""
    return tuple(json.loads(questions))


def lines_of(tx: Tx, community_id: str, window: Sequence[Waiting]) -> list[dict[str, Any]]:
    rows = reviews.lines(tx, community_id, [one.id for one in window])
    timezone = page.community_of(tx, community_id).timezone
    for row in rows:
        row["asked"] = asked(row, timezone)
        row["red"] = is_red(row["questions"])
    return rows


def _neighbours(found: Sequence[Waiting], place: int, first: int) -> dict[str, str]:
    """The visits before and after, and the first ones of the windows around this."""

    def at(number: int) -> str:
        return found[number].id if 0 <= number < len(found) else ""

    return {
        "before_id": at(place - 1),
        "next_id": at(place + 1),
        "window_before": at(first - WINDOW),
        "window_next": at(first + WINDOW),
    }


def _choices(tx: Tx, community_id: str, everything: Sequence[Waiting]) -> dict[str, Any]:
    """What the filters offer."""
    authors = {one.by: one.by_name for one in everything}
    return {
        "grids": reviews.grids(tx, community_id),
        "authors": sorted(authors.items(), key=lambda one: (one[1], one[0])),
        "reviewers": reviews.reviewers(tx, community_id),
        "ready": READY,
        "ages": AGES,
    }
