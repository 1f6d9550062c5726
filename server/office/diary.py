"""民情日志 as a workbook: the form that the street asks for, generated from visits."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from server.office.labels import named
from server.office.words import masked
from sync import days
from sync.care import age_on

# (head, width). The four of the street's form stand in its order; before them who, when and where.
COLUMNS = (
    ("日期", 12),
    ("时间", 8),
    ("走访人", 10),
    ("住址", 26),
    ("今日安排", 24),
    ("群众信息", 34),
    ("采取措施", 44),
    ("结果反馈", 34),
    ("联系电话", 14),
)
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Source(NamedTuple):
    """What the rows of the diary are made of."""

    visits: Iterable[Mapping[str, Any]]
    people: Mapping[str, Mapping[str, Any]]
    phones: Mapping[str, str]
    reasons: Mapping[str, str]
    timezone: str
    today: str


def rows(source: Source) -> Iterable[tuple[str, ...]]:
    """One row per visit, in the order of COLUMNS."""
    for visit in source.visits:
        at = days.local(visit["true_at"], source.timezone)
        yield (
            at[:10],
            at[11:16],
            visit["by_name"],
            visit["label"],
            _plan(visit, source),
            _who(visit, source),
            _done(visit),
            _result(visit),
            masked(source.phones[visit["household_id"]])
            if visit["household_id"] in source.phones
            else "",
        )


def workbook(source: Source, mark: str) -> bytes:
    """The xlsx. `mark` says who took it and when, on the first line and on every printed page."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("民情日志")
    for number, (_, width) in enumerate(COLUMNS):
        sheet.column_dimensions["ABCDEFGHI"[number]].width = width
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = f"{mark} · 第 &P 页，共 &N 页"
    sheet.append([_cell(sheet, mark, italic=True)])
    sheet.append([_cell(sheet, head, bold=True) for head, _ in COLUMNS])
    for row in rows(source):
        sheet.append([_cell(sheet, text) for text in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _plan(visit: Mapping[str, Any], source: Source) -> str:
    asked = [source.reasons[one] for one in visit["task_ids"] if one in source.reasons]
    return "；".join([named(visit["type"], "type"), *(f"交办：{one}" for one in asked)])


def _who(visit: Mapping[str, Any], source: Source) -> str:
    found = [source.people[one] for one in visit["resident_ids"] if one in source.people]
    return "；".join(_person(one, source.today) for one in found) or "按户"


def _person(person: Mapping[str, Any], today: str) -> str:
    age = age_on(person["birth_on"], today)
    facts = [f"{age} 岁"] if age >= 0 else []
    facts += [named(code, "category") for code in person["categories"]]
    name: str = person["name"]
    return name + (f"（{'、'.join(facts)}）" if facts else "")


def _done(visit: Mapping[str, Any]) -> str:
    return "；".join(part for part in (named(visit["method"], "method"), visit["note"]) if part)


def _result(visit: Mapping[str, Any]) -> str:
    parts = [named(visit["result"], "result")]
    if visit["followup"]:
        parts.append(f"要跟进：{visit['followup']}")
    if visit["followup_result"]:
        parts.append(f"已办结：{visit['followup_result']}")
    if visit["followup_note"]:
        parts.append(visit["followup_note"])
    return "；".join(parts)


def _cell(sheet: Any, text: str, bold: bool = False, italic: bool = False) -> Any:
    """Text and only text: what looks like a formula is marked so that nothing computes it."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=not italic, vertical="top")
    if bold or italic:
        cell.font = Font(bold=bold, italic=italic)
    if clean.startswith(FORMULA):
        cell.quotePrefix = True
    return cell
