"""事件's list: what is open, by when it is due, in windows around the one that is looked at."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from server.office import issue_view, page
from server.office.issue_words import timed
from server.store import issue_board, reviews
from server.store.database import Tx
from server.store.issue_board import ENDED, Wanted
from sync import days, worktime
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
    """Which of all issues; "" means any. `due` is a key of DUES, `hard` "1" for 议事."""

    show: str = ""
    due: str = ""
    category: str = ""
    grid: str = ""
    building: str = ""
    holder: str = ""
    source: str = ""
    hard: str = ""

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
    ):
        if known.get(name, "") not in codes:
            known[name] = ""
    return Filter(**known)


def filter_in(query: str) -> Filter:
    """The same from what a form carries along."""
    return filter_of(parse_qsl(query.removeprefix("?")[:1000], max_num_fields=20))


def wanted_of(chosen: Filter, community: Community, now: datetime) -> Wanted:
    return Wanted(
        show=chosen.show,
        category=chosen.category,
        grid=chosen.grid,
        building=chosen.building,
        holder=chosen.holder,
        source=chosen.source,
        hard=int(bool(chosen.hard)),
        before=_before(chosen.due, community, now),
        since=stamp(now - timedelta(days=ENDED_DAYS)),
    )


def view(tx: Tx, community_id: str, now: datetime, issue_id: str, chosen: Filter) -> dict[str, Any]:
    """The names that the list takes, with one issue picked: that one, or what is due first."""
    community = page.community_of(tx, community_id)
    wanted = wanted_of(chosen, community, now)
    found = issue_board.place_of(tx, community_id, wanted, issue_id) if issue_id else None
    place = found or 0
    first = place - place % WINDOW
    rows = issue_board.window(tx, community_id, wanted, WINDOW + 1, first)
    before = issue_board.window(tx, community_id, wanted, 1, place - 1) if place else []
    at = place - first
    picked = issue_id if found is None and issue_id else rows[at]["id"] if rows else ""
    head = issue_board.window(tx, community_id, wanted, 1, max(first - WINDOW, 0)) if first else []
    return {
        "rows": timed(rows[:WINDOW], stamp(now)),
        "place": place,
        "at": at if found is not None or not issue_id else -1,
        "before_id": before[0]["id"] if before else "",
        "next_id": rows[at + 1]["id"] if at + 1 < len(rows) else "",
        "window_before": head[0]["id"] if head else "",
        "window_next": rows[WINDOW]["id"] if len(rows) > WINDOW else "",
        "chosen": issue_view.of(tx, community, now, picked) if picked else None,
        "said": "",
        **_frame(tx, community, stamp(now), wanted, chosen),
    }


def columns(tx: Tx, community_id: str, now: datetime, chosen: Filter) -> dict[str, Any]:
    """The names that the columns take: open issues by status."""
    community = page.community_of(tx, community_id)
    wanted = wanted_of(chosen, community, now)
    rows = timed(issue_board.columns(tx, community_id, wanted, IN_COLUMN), stamp(now))
    frame = _frame(tx, community, stamp(now), wanted, chosen)
    found = [
        {
            "status": status,
            "n": frame["tally"].get(status, 0),
            "rows": [row for row in rows if row["status"] == status],
        }
        for status in OPEN_STATUSES
    ]
    return {"columns": found, **frame}


def _frame(
    tx: Tx, community: Community, now: str, wanted: Wanted, chosen: Filter
) -> dict[str, Any]:
    """What the list and the columns share: numbers, and what the filters offer."""
    community_id = community.id
    tally = {**dict.fromkeys(OPEN_STATUSES, 0), **issue_board.tally(tx, community_id, wanted)}
    open_ = sum(tally.values())
    ended = issue_board.ended(tx, community_id, wanted)
    total = ended if chosen.show == ENDED else tally.get(chosen.show, 0) if chosen.show else open_
    return {
        "tally": tally,
        "open": open_,
        "ended": ended,
        "total": total,
        "filter": chosen,
        "query": chosen.query,
        "dues": DUES,
        "sources": SOURCES,
        "categories": CATEGORIES,
        "statuses": OPEN_STATUSES,
        "grids": reviews.grids(tx, community_id),
        "holders": issue_board.holders(tx, community_id),
        "staff": issue_board.staff(tx, community_id, "", days.day(now, community.timezone)),
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
