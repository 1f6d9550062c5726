"""月报: what a month came to, grid by grid or, in one grid, building by building."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from server import months
from server.reports.definition import MONTH, Cell, Column, Order, Report, blanks
from server.reports.visits import wanted_of
from server.store import overview
from server.store import reports as reads
from server.store.database import Tx
from server.store.reports import Work
from sync.months import Standing, Sum, total
from sync.records import Community

WHOLE = "合计"
NO_GRID = "没有分网格的"
UNKNOWN = "—"


class Part(NamedTuple):
    """A grid or a building, or all of them. Nobody is named here.

    `people` is None for a month that was never counted: who was reached then is not known.
    """

    number: int
    label: str
    people: Sum | None
    work: Work
    names: tuple[str, ...] = ()


def rows(tx: Tx, community: Community, order: Order, today: str) -> Iterator[Part]:
    """Each part in the order of the streets, then all together."""
    buildings = [one for one in overview.buildings(tx, community.id) if _is_asked(one, order)]
    by_building = bool(order.grid or order.building_id)
    label = {one["id"]: one["label" if by_building else "grid_name"] for one in buildings}
    found = months.month_of(tx, community, order.first[:7], today)
    standing = [one for one in found if one.building_id in label]
    is_known = bool(found) or order.first[:7] == today[:7]
    wanted = wanted_of(order, community.timezone)
    work = {
        one.building_id: one
        for one in reads.work(tx, community.id, wanted)
        if one.building_id in label
    }
    people_of: dict[str, list[Standing]] = defaultdict(list)
    for one in standing:
        people_of[label[one.building_id]].append(one)
    work_of: dict[str, list[Work]] = defaultdict(list)
    for building_id, done in work.items():
        work_of[label[building_id]].append(done)
    parts = list(dict.fromkeys(label.values()))
    for number, part in enumerate(parts, 1):
        people = total(people_of[part]) if is_known else None
        yield Part(number, part or NO_GRID, people, _added(work_of[part]))
    yield Part(len(parts) + 1, WHOLE, total(standing) if is_known else None, _added(work.values()))


def _is_asked(building: dict[str, Any], order: Order) -> bool:
    return order.building_id in ("", building["id"]) and order.grid in ("", building["grid_name"])


def _added(parts: Iterable[Work]) -> Work:
    sums: Counter[str] = Counter()
    for one in parts:
        sums.update(dict(zip(Work._fields[1:], one[1:], strict=True)))
    return Work("", *(sums[name] for name in Work._fields[1:]))


def _of_people(
    code: str, head: str, width: int, value: Callable[[Sum], Cell], is_extra: bool = False
) -> Column:
    def known(row: Part) -> Cell:
        return UNKNOWN if row.people is None else value(row.people)

    return Column(code, head, width, known, is_extra=is_extra)


def _share(part: int, whole: int) -> str:
    """Rounded down, so that only everybody is 100 %."""
    if not whole:
        return UNKNOWN
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%"


def _apart(reason: str, head: str) -> Column:
    return _of_people(reason, head, 8, lambda people: people.apart.get(reason, 0))


def _did(name: str, head: str, is_extra: bool = False) -> Column:
    return Column(name, head, 8, lambda row: int(getattr(row.work, name)), is_extra=is_extra)


MONTHLY = Report(
    code="months",
    title="月报",
    about="一个网格一行，选一个网格就一栋一行：月探访率、另计、按时率、走访和跟进。",
    kinds=(MONTH,),
    columns=(
        Column("number", "序号", 6, lambda row: row.number, is_extra=True),
        Column("label", "网格、楼栋", 16, lambda row: row.label),
        _of_people("counted", "应访人数", 8, lambda people: people.counted),
        _of_people("reached", "已访人数", 8, lambda people: people.reached),
        _of_people("left", "未访人数", 8, lambda people: people.left),
        _of_people("rate", "月探访率", 9, lambda people: _share(people.reached, people.counted)),
        _apart("hospital", "住院"),
        _apart("institution", "住机构"),
        _apart("away", "外出"),
        _apart("refused", "书面谢绝"),
        _of_people("due", "到期次数", 8, lambda people: people.due, is_extra=True),
        _of_people("on_time", "按时次数", 8, lambda people: people.on_time, is_extra=True),
        _of_people("punctual", "按时率", 9, lambda people: _share(people.on_time, people.due)),
        _of_people(
            "door_share",
            "每周看望上门占比",
            10,
            lambda people: _share(people.weekly_at_door, people.weekly),
            is_extra=True,
        ),
        _did("visits", "走访次数"),
        _did("effective", "见到或通话"),
        _did("at_door", "上门", is_extra=True),
        _did("not_home", "不在家", is_extra=True),
        _did("no_answer", "无人应答"),
        _did("declined", "拒访"),
        _did("raised", "新增跟进"),
        _did("red", "红色跟进"),
        _did("closed", "办结跟进"),
        _did("open", "月底未办结"),
        *blanks(),
    ),
    rows=rows,
)
