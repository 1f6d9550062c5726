"""事件's list: what is open, by when it is due, in windows around the one that is looked at."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from server.office import issue_view, page
from server.office.issue_words import timed
from server.store import issue_board, overview, reviews
from server.store.database import Tx
from server.store.issue_board import ENDED, Wanted
from sync import days, worktime
from sync.errands import ERRANDS
from sync.issue_limits import CATEGORIES
from sync.issue_steps import STATUSES
from sync.operations import stamp
from sync.records import Community
from sync.worktime import Calendar

WINDOW = 50
IN_COLUMN = 20
# As far back as the list of what ended goes.
ENDED_DAYS = 90
OPEN_STATUSES = tuple(one for one in STATUSES if one not in ("closed", "duplicate", "cancelled"))
DUES = {"late": "已超期", "today": "今天到期", "week": "七天内到期"}
SOURCES = (
    *("visit", "phone", "wechat", "hotline", "window", "open311", "checklist", "weather"),
    "leader",
)
MAX_CODE = 64


class Filter(NamedTuple):
    """Which of all issues; "" means any. `due` is a key of DUES, `hard` "1" for 议事, `asked`
    "no" for those of which nobody asked whether it was good."""

    show: str = ""
    due: str = ""
    category: str = ""
    grid: str = ""
    building: str = ""
    holder: str = ""
    source: str = ""
    hard: str = ""
    asked: str = ""

    @property
    def query(self) -> str:
        """As the end of an address; "" for everything."""
        given = {name: value for name, value in self._asdict().items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def is_narrow(self) -> bool:
        return any(self[2:])


def filter_of(given: Iterable[tuple[str, str]]) -> Filter:
    """The filter an address names; what it does not know it leaves out."""
    known = {name: value[:MAX_CODE] for name, value in given if name in Filter._fields}
    for name, codes in (
        ("show", (*OPEN_STATUSES, ENDED)),
        ("due", tuple(DUES)),
        ("category", CATEGORIES),
        ("source", SOURCES),
        ("hard", ("1",)),
        ("asked", ("no",)),
    ):
        if known.get(name, "") not in codes:
            known[name] = ""
    return Filter(**known)


def filter_in(query: str) -> Filter:
    """The same from what a form carries along."""
    return filter_of(parse_qsl(query.removeprefix("?")[:1000], max_num_fields=20))


def wanted_of(chosen: Filter, community: Community, now: datetime) -> Wanted:
    return Wanted(
        category=chosen.category,
        grid=chosen.grid,
        building=chosen.building,
        holder=chosen.holder,
        source=chosen.source,
        hard=int(bool(chosen.hard)),
        unasked=int(bool(chosen.asked)),
        before=_before(chosen.due, community, now),
        since=stamp(now - timedelta(days=ENDED_DAYS)),
    )


def found(tx: Tx, community: Community, now: datetime, chosen: Filter) -> list[tuple[str, str]]:
    """Id and status of what a filter takes whatever its progress, or of what ended."""
    wanted = wanted_of(chosen, community, now)
    if chosen.show == ENDED:
        return issue_board.ended_ones(tx, community.id, wanted)
    return issue_board.open_ones(tx, community.id, wanted)


def shown(here: Sequence[tuple[str, str]], show: str) -> list[str]:
    """The ids of those that have the status that is asked for."""
    return [issue_id for issue_id, status in here if show in ("", ENDED, status)]


def view(tx: Tx, community_id: str, now: datetime, issue_id: str, chosen: Filter) -> dict[str, Any]:
    """The names that the list takes, with one issue picked: that one, or what is due first."""
    community = page.community_of(tx, community_id)
    here = found(tx, community, now, chosen)
    ids = shown(here, chosen.show)
    is_listed = not issue_id or issue_id in ids
    place = ids.index(issue_id) if issue_id and is_listed else 0
    first = place - place % WINDOW
    picked = issue_id or (ids[0] if ids else "")

    def at(number: int) -> str:
        return ids[number] if 0 <= number < len(ids) else ""

    rows = issue_board.lines(tx, community_id, ids[first : first + WINDOW])
    return {
        "rows": timed(rows, stamp(now)),
        "at": place - first if is_listed else -1,
        "before_id": at(place - 1),
        "next_id": at(place + 1 if is_listed else 0),
        "window_before": at(first - WINDOW),
        "window_next": at(first + WINDOW),
        "chosen": issue_view.of(tx, community, now, picked) if picked else None,
        "said": "",
        **_frame(tx, community, now, here, chosen),
    }


def columns(tx: Tx, community_id: str, now: datetime, chosen: Filter) -> dict[str, Any]:
    """The names that the columns take: open issues by status."""
    community = page.community_of(tx, community_id)
    chosen = chosen._replace(show="")
    here = found(tx, community, now, chosen)
    frame = _frame(tx, community, now, here, chosen)
    first = [one for status in OPEN_STATUSES for one in shown(here, status)[:IN_COLUMN]]
    rows = timed(issue_board.lines(tx, community_id, first), stamp(now))
    lanes = [
        {
            "status": status,
            "n": frame["tally"][status],
            "rows": [row for row in rows if row["status"] == status],
        }
        for status in OPEN_STATUSES
    ]
    return {"columns": lanes, **frame}


def _frame(
    tx: Tx,
    community: Community,
    now: datetime,
    here: Sequence[tuple[str, str]],
    chosen: Filter,
) -> dict[str, Any]:
    """What the list and the columns share: numbers, and what the filters offer."""
    is_open = chosen.show != ENDED
    opened = chosen._replace(show="", asked="")
    all_ = here if is_open else found(tx, community, now, opened)
    late = wanted_of(opened._replace(due="late"), community, now)
    today = days.day(stamp(now), community.timezone)
    return {
        "tally": {**dict.fromkeys(OPEN_STATUSES, 0), **Counter(status for _, status in all_)},
        "open": len(all_),
        "filter": chosen,
        "query": chosen.query,
        "dues": DUES,
        "errand_codes": tuple(ERRANDS),
        "sources": SOURCES,
        "categories": CATEGORIES,
        "statuses": OPEN_STATUSES,
        "late": issue_board.count(tx, community.id, late),
        "buildings": overview.buildings(tx, community.id),
        "grids": reviews.grids(tx, community.id),
        "holders": issue_board.holders(tx, community.id),
        "staff": issue_board.staff(tx, community.id, "", today),
    }


def _before(due: str, community: Community, now: datetime) -> str:
    if due == "late":
        return stamp(now)
    if due not in DUES:
        return ""
    zone = ZoneInfo(community.timezone)
    on = (now.astimezone(zone) + timedelta(days=0 if due == "today" else 6)).date().isoformat()
    whole = Calendar(community.timezone, (("00:00", "23:59"),))
    return worktime.closing(on, whole)
