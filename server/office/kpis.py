"""The numbers that are not about who was reached, as the page shows them; a month and as of now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from server import spans
from server.spans import Span
from server.store import holidays as own_days
from server.store import kpi_lists, kpis, overview
from server.store.database import Tx
from server.store.kpis import Flag
from sync import days, holidays
from sync.care import RED_DAYS
from sync.operations import instant, stamp
from sync.records import Community

LISTED = 100
# What a number leads to: its word, and where its records are read.
RECORDS = {
    "red": ("红色跟进", kpi_lists.flags),
    "slow": ("最晚到的走访", kpi_lists.slowest),
    "returned": ("退回的走访", kpi_lists.returned),
    "conflicts": ("两人都改过的项", kpi_lists.conflicts),
}
# The same for what is of no month.
PRESENT = {"contacts": ("没核对的电话", kpi_lists.unverified)}
SHOWS = {code: word for code, (word, _) in [*RECORDS.items(), *PRESENT.items()]}
UNSENT = timedelta(hours=24)
# Somebody who is seen every week is not to be waited for longer than this.
MOST_LATE_DAYS = 2


class Moment(NamedTuple):
    """Now as an instant and as a day."""

    at: datetime
    today: str


def of_month(tx: Tx, community: Community, month: str, now: Moment) -> dict[str, Any]:
    span = span_of(community, month)
    review = kpis.reviews(tx, community.id, *span)
    returned = len(kpis.returns(tx, community.id, *span))
    return {
        "flags": answered(kpis.flags(tx, community.id, *span), stamp(now.at)),
        "sync": kpis.delays(tx, community.id, *span),
        "review": {**review, "returned": returned, "share": share(returned, review["asked"])},
        "conflicts": decided(kpis.conflicts(tx, community.id, *span), review["visits"]),
        "imports": kpis.imports(tx, community.id, *span),
    }


def as_of_now(tx: Tx, community: Community, now: Moment) -> dict[str, Any]:
    """What is late or waits today, whatever month it began in."""
    since, until = "", stamp(now.at + timedelta(days=1))
    flags = kpis.flags(tx, community.id, since, until)
    waiting = kpis.waiting_since(tx, community.id)
    conflicts = kpis.conflicts(tx, community.id, since, until)
    undecided = [at for at, decided_at in conflicts if not decided_at]
    contacts = kpis.verified(tx, community.id, now.today)
    return {
        "red_late": sum(_is_late(one, stamp(now.at)) and not one.closed_at for one in flags),
        "waiting": len(waiting),
        "waiting_long": len(_long_waiting(tx, community, waiting, now.today)),
        "unsent": sum(_at(one) < now.at - UNSENT for one in kpis.unsent_since(tx, community.id)),
        "undecided": len(undecided),
        "undecided_hours": round(max((_hours(one, now.at) for one in undecided), default=0)),
        "contacts": {**contacts, "share": share(contacts["fresh"], contacts["numbers"])},
    }


def overdue(
    tx: Tx, community: Community, buildings: Sequence[Mapping[str, Any]], today: str
) -> dict[str, Any]:
    """Doors that are late: all, and by building and grid how many and for how long."""
    grids = {one["id"]: one["grid_name"] for one in buildings}
    late: dict[str, list[int]] = defaultdict(list)
    weekly = too_late = 0
    for door in overview.overdue(tx, community.id, today):
        age = days.between(door["due_on"], today)
        for key in (door["building_id"], grids.get(door["building_id"], ""), "all"):
            late[key].append(age)
        weekly += door["interval"] <= RED_DAYS
        too_late += door["interval"] <= RED_DAYS and age > MOST_LATE_DAYS
    of = {key: {"doors": len(ages), "longest": max(ages)} for key, ages in late.items()}
    none = {"doors": 0, "longest": 0}
    return {"of": of, **of.get("all", none), "weekly": weekly, "too_late": too_late}


def by_month(tx: Tx, community: Community, months: Iterable[str], now: Moment) -> dict[str, Any]:
    """Month after month: red follow-ups in time, visits sent back, conflicts per 1,000 visits."""
    spans_of = {month: span_of(community, month) for month in months}
    if not spans_of:
        return {}
    since = min(one.since for one in spans_of.values())
    until = max(one.until for one in spans_of.values())
    flags = kpis.flags(tx, community.id, since, until)
    returns = kpis.returns(tx, community.id, since, until)
    conflicts = [at for at, _ in kpis.conflicts(tx, community.id, since, until)]
    return {
        month: {
            "flags": answered([one for one in flags if _lies(one.opened_at, span)], stamp(now.at)),
            "returned": sum(_lies(at, span) for at in returns),
            "conflicts": _per_thousand(
                sum(_lies(at, span) for at in conflicts), kpis.visits(tx, community.id, *span)
            ),
        }
        for month, span in spans_of.items()
    }


def delays(tx: Tx, community: Community, months: Iterable[str]) -> list[dict[str, Any]]:
    """Month after month how long records took to arrive."""
    return [
        {"month": month, **kpis.delays(tx, community.id, *span_of(community, month))}
        for month in months
    ]


def records(
    tx: Tx, community: Community, month: str, show: str, today: str, limit: int = LISTED
) -> list[dict[str, Any]]:
    if show in PRESENT:
        return PRESENT[show][1](tx, community.id, today, limit)
    return RECORDS[show][1](tx, community.id, *span_of(community, month), limit)


def span_of(community: Community, month: str) -> Span:
    first = f"{month}-01"
    return spans.of_days(first, spans.last_of_month(first), community.timezone)


def answered(flags: Iterable[Flag], now: str) -> dict[str, int]:
    """Of what was red: how much was done inside its limit, out of what had to be done by now."""
    sums: Counter[str] = Counter()
    for one in flags:
        late = _is_late(one, now)
        sums["raised"] += 1
        sums["now"] += one.level == "now"
        sums["open"] += not one.closed_at
        sums["late"] += late
        sums["judged"] += late or bool(one.closed_at)
    names = ("raised", "now", "open", "late", "judged")
    found = {name: sums[name] for name in names}
    return {**found, "share": share(found["judged"] - found["late"], found["judged"])}


def decided(conflicts: Iterable[tuple[str, str]], visits: int) -> dict[str, Any]:
    """Conflicts per 1,000 visits, and the hours until somebody decided, the middle of them."""
    found = list(conflicts)
    hours = [_hours(at, _at(done)) for at, done in found if done]
    return {
        "n": len(found),
        "open": sum(not done for _, done in found),
        "per_thousand": _per_thousand(len(found), visits),
        "hours": round(median(hours)) if hours else -1,
    }


def share(part: int, whole: int) -> int:
    """Per mille, rounded down; -1 where there is nothing to share."""
    return part * 1000 // whole if whole else -1


def _long_waiting(tx: Tx, community: Community, waiting: list[str], today: str) -> list[str]:
    """What arrived so long ago that the whole next day of work has passed since."""
    since = days.day(waiting[0], community.timezone) if waiting else today
    own = own_days.own(tx, community.id, since)
    return [
        at for at in waiting if holidays.next_worked(days.day(at, community.timezone), own) < today
    ]


def _is_late(one: Flag, now: str) -> bool:
    return "" < one.due_at < (one.closed_at or now)


def _lies(at: str, span: Span) -> bool:
    return span.since <= at < span.until


def _per_thousand(part: int, whole: int) -> str:
    """With one decimal."""
    return f"{part * 1000 / whole:.1f}" if whole else "—"


def _hours(since: str, until: datetime) -> float:
    return (until - _at(since)).total_seconds() / 3600


def _at(text: str) -> datetime:
    at = instant(text)
    assert at is not None
    return at
