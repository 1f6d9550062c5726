"""导出: every list of the office as a workbook or as csv, as it is filtered on its page."""

from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from server.intake import Intake
from server.office import handing, list_at, list_homes, list_told, list_work
from server.office.list_at import MOST
from server.office.listed import LISTS, Listing
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from server.reports import csvs, workbooks
from server.reports.definition import Cell
from server.reports.taking import Line, at_most
from server.reports.workbooks import Table
from server.store import reports as names_read
from sync import masks
from sync.operations import stamp
from sync.refusals import Refusal

LINES = {**list_homes.LINES, **list_work.LINES, **list_told.LINES}
FORMS = ("xlsx", "csv")
# What the trail tells of a list's filters: codes, days and ids. Words that were typed may be names.
MAX_TOLD = 300


@get("/office/lists/{code:str}/{form:str}", guards=GUARDS, sync_to_thread=True)
def take_list(
    request: Asking, code: FromPath[str], form: FromPath[str], intake: NamedDependency[Intake]
) -> Response[bytes]:
    return _taken(request, intake, code, form, is_staff=False)


@get("/office/staff-lists/{code:str}/{form:str}", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def take_staff_list(
    request: Asking, code: FromPath[str], form: FromPath[str], intake: NamedDependency[Intake]
) -> Response[bytes]:
    return _taken(request, intake, code, form, is_staff=True)


HANDLERS: list[Any] = [take_list, take_staff_list]


def _taken(
    request: Asking, intake: Intake, code: str, form: str, *, is_staff: bool
) -> Response[bytes]:
    listing = LISTS.get(code)
    if listing is None or listing.is_staff != is_staff or form not in FORMS:
        raise Refusal("record.unknown")
    with intake.store.read() as tx:
        at = list_at.asked(request, tx, stamp(intake.clock()))
        known = names_read.names(tx, at.home)
        found = (masked(listing, known, *row) for row in LINES[code](at))
        lines = list(at_most(found, MOST))
    mark = handing.mark(request, at.community, listing.word, "export", None if is_staff else True)
    heads = [head for head, _ in listing.columns]
    handing.note(
        request, "export", f"list.{code}", _told(request), f"{len(lines)} 行", form, "打码"
    )
    name = f"{listing.word} {at.today}.{form}"
    if form == "csv":
        return handing.attachment(csvs.as_csv([one.head for one in heads], lines), name, csvs.KIND)
    table = Table(listing.word, heads, lines)
    return handing.attachment(workbooks.of_tables([table], mark), name)


def masked(listing: Listing, known: Mapping[str, list[str]], building: str, line: Line) -> Line:
    """A row as it may leave the office: surnames and ends of numbers stay."""
    hidden = (how for _, how in listing.columns)
    names = known.get(building, [])
    return [_cell(value, how, names) for value, how in zip(line, hidden, strict=True)]


def _cell(value: Cell, how: str, names: list[str]) -> Cell:
    if not how or not isinstance(value, str):
        return value
    if how == "*":
        return "、".join(masks.name(one) for one in value.split("、"))
    return masks.text(value, names)


def _told(request: Asking) -> str:
    return " ".join(_filters(request))[:MAX_TOLD]


def _filters(request: Asking) -> Iterator[str]:
    for name, value in request.query_params.multi_items():
        if name in TOLD and value:
            yield f"{name}={value[:64]}"


TOLD = frozenset(
    {
        *("first", "last", "building", "person", "result", "review", "household", "show", "level"),
        *("held", "grid", "by", "age", "to", "kind", "who", "days", "month", "category"),
        "key",
    }
)
