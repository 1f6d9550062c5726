"""The numbers of issues: what became of those that were reported in a month, by kind and place.

Each number is how many issues have a mark, so that the list behind it holds exactly those.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from server import spans
from server.office.issue_queue import SOURCES
from server.office.kpis import share
from server.office.labels import named
from server.store import issue_numbers
from server.store.database import Tx
from server.store.issue_numbers import Counted
from sync.coverage import first_of_month
from sync.issue_limits import CATEGORIES
from sync.records import Community

MONTHS = 12
GROUPS = {
    "category": "按类别",
    "compound": "按小区",
    "grid": "按网格",
    "building": "按楼栋",
    "source": "按怎么来的",
}
LEVELS = ("building", "compound", "community", "street", "none")
# What a number leads to, in words.
SHOWS = {
    "all": "报上来的",
    "closed": "办结的",
    "open": "没办结的",
    "late": "办结超期的",
    "slow": "首次处理超时的",
    "again": "重开过的",
    "spot": "当场解决的",
    "unhappy": "回访不满意的",
    "at-building": "在楼栋解决的",
    "at-compound": "在小区解决的",
    "at-community": "在社区解决的",
    "at-street": "到街道解决的",
    "at-none": "没写在哪一级解决的",
}


class Chosen(NamedTuple):
    """Which issues: of a month, those of a group (`by` and its `key`), those with a mark."""

    month: str
    by: str = "category"
    key: str | None = None
    show: str = "all"


def chosen_in(asked: Mapping[str, str], today: str) -> Chosen:
    """What an address asks for; what it does not know is as usual."""
    by, show, month = (asked.get(name, "") for name in ("by", "show", "month"))
    return Chosen(
        month=month if month in months_until(today) else today[:7],
        by=by if by in GROUPS else "category",
        key=asked.get("key"),
        show=show if show in SHOWS else "all",
    )


def months_until(today: str) -> list[str]:
    """The months that are counted, the one that runs last."""
    firsts = [first_of_month(today)]
    while len(firsts) < MONTHS:
        firsts.append(spans.month_before(firsts[-1]))
    return [first[:7] for first in reversed(firsts)]


class Marked(NamedTuple):
    issue: Counted
    marks: list[str]


def by_month(tx: Tx, community: Community, today: str, now: str) -> dict[str, list[Marked]]:
    """What was reported in each month of the last year, and what is true of it now."""
    months = months_until(today)
    starts = [spans.starts_at(f"{month}-01", community.timezone) for month in months]
    found: dict[str, list[Marked]] = {month: [] for month in months}
    for one in issue_numbers.reported(tx, community.id, starts[0]):
        month = months[bisect_right(starts, one.reported_at) - 1]
        found[month].append(Marked(one, marks(one, now)))
    return found


def marks(one: Counted, now: str) -> list[str]:
    """What is true of an issue: keys of SHOWS, and judged, begun, rated, happy."""
    ended = bool(one.ended_at)
    rests = bool(one.suspended_at) and not ended
    late = not rests and "" < one.close_due < (one.ended_at or now)
    begun = one.first_at or one.ended_at
    slow = "" < one.first_due < begun if begun else not rests and "" < one.first_due < now
    true = {
        "all": True,
        "closed": ended,
        "open": not ended,
        "late": late,
        "judged": late or ended,
        "slow": slow,
        "begun": slow or bool(begun),
        "again": one.reopened > 0,
        "spot": one.solved_on_spot > 0,
        "rated": bool(one.satisfied),
        "happy": one.satisfied in ("yes", "partly"),
        "unhappy": one.satisfied == "no",
        f"at-{one.level or 'none'}": ended,
    }
    return [name for name, is_so in true.items() if is_so]


def summed(found: Iterable[Marked]) -> dict[str, Any]:
    """How many have each mark, and the shares: per mille, -1 where there is nothing to share."""
    tally = Counter(mark for one in found for mark in one.marks)
    near = sum(tally[f"at-{level}"] for level in LEVELS[:3])
    return {
        "n": {mark: tally[mark] for mark in (*SHOWS, "judged", "begun", "rated", "happy")},
        "on_time": share(tally["judged"] - tally["late"], tally["judged"]),
        "prompt": share(tally["begun"] - tally["slow"], tally["begun"]),
        "happy": share(tally["happy"], tally["rated"]),
        "near": share(near, near + tally["at-street"]),
        "told": near + tally["at-street"],
    }


def groups(
    by: str, found: Iterable[Marked], buildings: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each kind or place with its sum, in the order of the words or of the streets."""
    keys = _keys(by, buildings)
    parts: dict[str, list[Marked]] = defaultdict(list)
    for one in found:
        parts[keys(one.issue)].append(one)
    labels = {one["id"]: one["label"] for one in buildings} if by == "building" else {}
    order = {
        "category": CATEGORIES,
        "source": SOURCES,
        "building": [one["id"] for one in buildings],
    }.get(by) or [one[_COLUMNS[by]] for one in buildings]
    return [
        {"key": key, "label": labels.get(key) or label_of(by, key), **summed(parts[key])}
        for key in dict.fromkeys([*order, *filter(None, parts), ""])
        if key in parts
    ]


def of(
    found: Iterable[Marked], chosen: Chosen, buildings: Sequence[Mapping[str, Any]]
) -> list[str]:
    """The ids of those behind a number."""
    keys = _keys(chosen.by, buildings)
    return [
        one.issue.id
        for one in found
        if chosen.key in (None, keys(one.issue)) and chosen.show in one.marks
    ]


def label_of(by: str, key: str, buildings: Sequence[Mapping[str, Any]] = ()) -> str:
    """A group in words."""
    if by == "category":
        return named(key, "issue_category")
    if by == "source":
        return named(key, "issue_source")
    if not key:
        return "没有网格的" if by == "grid" else "没有写楼栋的"
    return next((str(one["label"]) for one in buildings if one["id"] == key), key)


_COLUMNS = {"compound": "compound", "grid": "grid_name"}


def _keys(by: str, buildings: Sequence[Mapping[str, Any]]) -> Any:
    """What tells of an issue which group it belongs to."""
    if by in _COLUMNS:
        of_building = {one["id"]: one[_COLUMNS[by]] for one in buildings}
        return lambda one: of_building.get(one.building_id, "")
    name = "building_id" if by == "building" else by
    return lambda one: getattr(one, name)
