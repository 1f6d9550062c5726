"""What a report is: its columns, each a code, a head and a function of a row, and its rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from server.store.database import Tx
from sync.records import Community

DAY, WEEK, MONTH = "day", "week", "month"

Cell = str | int


class Column(NamedTuple):
    """A private one names people or numbers, and is masked unless somebody says why not.

    One that `is_extra` stands in no report until the office asks for it.
    """

    code: str
    head: str
    width: int
    value: Callable[[Any], Cell]
    is_private: bool = False
    is_extra: bool = False


class Order(NamedTuple):
    """What somebody wants: which days, "" or one grid or building, and for a list its filters."""

    first: str
    last: str
    grid: str = ""
    building_id: str = ""
    person_id: str = ""
    result: str = ""
    review: str = ""
    household_id: str = ""
    text: str = ""


class Report(NamedTuple):
    """`rows` reads each row once; a row says in `names` whom masking has to look for."""

    code: str
    title: str
    about: str
    columns: Sequence[Column]
    rows: Callable[[Tx, Community, Order, str], Iterable[Any]]
    kinds: tuple[str, ...] = (DAY, WEEK, MONTH)


def blanks() -> list[Column]:
    """Columns of the street's form that are filled in by hand."""
    heads = ("空白列一", "空白列二", "空白列三")
    return [
        Column(f"blank{number}", head, 12, lambda _: "", is_extra=True)
        for number, head in enumerate(heads, 1)
    ]
