"""Two years of months and a year of weeks as curves: the rate, punctuality, contacts, red ones.

Only months and weeks that are over: half a week would look like a fall.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from server import months, spans
from server.office import kpis
from server.store import months as rows
from server.store import trends as reads
from server.store.database import Tx
from sync.coverage import first_of_month
from sync.records import Community

WEEK = timedelta(days=7)
WEEKS = 52

RATES = {"rate": "月探访率", "punctual": "按时率"}
CONTACTS = {"door": "上门见到", "spoken": "电话、视频联系上", "nobody": "没见到人"}
FLAGS = {"raised": "新发现", "late": "过了时限"}


def trends(tx: Tx, community: Community, now: kpis.Moment) -> dict[str, Any]:
    """Charts, each with the first days of its stretches ("YYYY-MM-DD"), a unit and its series.

    A value is None where there was nothing to count. `months` are the same numbers as a table.
    """
    kept = _kept(tx, community, now.today)
    flags = kpis.by_month(tx, community, [one["month"] for one in kept], now)
    by_month = [_month(one, flags[one["month"]]["flags"]) for one in kept]
    by_week = _weeks(tx, community, now.today)
    return {
        "months": by_month,
        "charts": [
            _chart("月探访率和按时率", "month", "%", by_month, RATES),
            _chart("一年里每周走访", "week", "次", by_week, CONTACTS),
            _chart("红色跟进", "month", "件", by_month, FLAGS),
        ],
    }


def _chart(
    name: str,
    step: str,
    unit: str,
    found: Iterable[Mapping[str, Any]],
    series: Mapping[str, str],
) -> dict[str, Any]:
    points = list(found)
    return {
        "name": name,
        "step": step,
        "unit": unit,
        "on": [one["on"] for one in points],
        "series": [
            {"name": word, "values": [one[code] for one in points]} for code, word in series.items()
        ],
    }


def _kept(tx: Tx, community: Community, today: str) -> list[dict[str, Any]]:
    first = first_of_month(today)
    for _ in range(months.MONTHS):
        first = spans.month_before(first)
    found = rows.by_month(tx, community.id, first[:7])
    return [one for one in found if one["month"] < today[:7]]


def _month(kept: Mapping[str, Any], flags: Mapping[str, int]) -> dict[str, Any]:
    return {
        "month": kept["month"],
        "on": f"{kept['month']}-01",
        "rate": _percent(kept["reached"], kept["counted"]),
        "punctual": _percent(kept["on_time"], kept["due"]),
        "raised": flags["raised"],
        "late": flags["late"],
    }


def _weeks(tx: Tx, community: Community, today: str) -> list[dict[str, Any]]:
    """Whole weeks from Monday to Sunday, from the first with a visit on."""
    this = date.fromisoformat(today)
    monday = this - timedelta(days=this.weekday())
    starts = [(monday - WEEK * n).isoformat() for n in range(WEEKS, 0, -1)]
    edges = [spans.starts_at(on, community.timezone) for on in (*starts, monday.isoformat())]
    found = reads.visits(tx, community.id, list(pairwise(edges)))
    weeks = [
        {"on": on, "door": door, "spoken": spoken, "nobody": nobody}
        for on, (door, spoken, nobody) in zip(starts, found, strict=True)
    ]
    begun = next((n for n, counts in enumerate(found) if any(counts)), len(weeks))
    return weeks[begun:]


def _percent(part: int, whole: int) -> float | None:
    """With one decimal, rounded down, so that only all is 100."""
    return part * 1000 // whole / 10 if whole else None
