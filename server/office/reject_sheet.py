"""待修正 as a workbook that can be corrected and imported again."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import msgspec
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from server.rosters.correcting import ROW_TITLE, row_name
from server.store.corrections import Row
from sync.address_labels import label
from sync.roster_results import Draft
from sync.roster_rows import address_of

# One address cell, never blank: a blank one would mean the door of the line above.
HEADS = (ROW_TITLE, "原表", "原行", "要改什么", "住址", "身份证号")
CELLS = {
    "姓名": "name",
    "户主": "head",
    "与户主关系": "relation",
    "性别": "sex",
    "出生日期": "birth",
    "联系电话": "phone",
    "紧急联系人": "emergency_name",
    "紧急联系电话": "emergency_phone",
    "人员类别": "labels",
    "网格": "grid",
    "房屋性质": "tenure",
    "备注": "note",
}
UNREADABLE = "？"


def draft_of(row: Row) -> Draft:
    return msgspec.convert(row.draft, Draft)


def workbook(lines: Iterable[tuple[Row, str]], compounds: list[str]) -> bytes:
    """One line per row with its ID cell as given."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("待修正")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, head) for head in (*HEADS, *CELLS)])
    for row, id_text in lines:
        draft = draft_of(row)
        own = [getattr(draft, field) for field in CELLS.values()]
        place = [row_name(row), row.sheet, str(row.row)]
        texts = [*place, row.reason, _door(draft, compounds), id_text, *own]
        sheet.append([_cell(sheet, text) for text in texts])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _door(draft: Draft, compounds: list[str]) -> str:
    address = address_of(draft, compounds)
    if address is not None:
        return label(address)
    parts = (draft.compound, draft.building, draft.unit, draft.door or draft.address)
    return " ".join(filter(None, parts)) or UNREADABLE


def _cell(sheet: Any, text: str) -> Any:
    """Text, whatever it looks like: no formula, no date, no number that loses its end."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
