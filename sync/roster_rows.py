"""Rows of a roster as people wrote them become drafts: blanks filled, columns named.

A merged, repeated or blank cell means what stands above it; which of these a blank is depends on
how the rest of its column is written.
"""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from sync.address_texts import compound_code, unit_code
from sync.addresses import Address, parse, read_column
from sync.idnumbers import hidden
from sync.labels import is_vacant
from sync.numerals import plain
from sync.phones import read_phones
from sync.roster_columns import Header, Sheet
from sync.roster_lines import Lines
from sync.roster_results import BLANK, Draft

DITTO = frozenset({"同上", "同前", "同", "〃", '"', "″", "''", "“", "”", "-〃-", "々", "↑"})

_CARRIED = ("compound", "building", "unit", "floor", "grid")
_PERSON = frozenset(
    {"head", "relation", "sex", "birth", "phone", "labels", "note", "id"}
    | {"emergency_name", "emergency_relation", "emergency_phone"}
)


class Table(msgspec.Struct, frozen=True):
    """A sheet with a header, and the compound and building that its name or title names."""

    sheet: Sheet
    header: Header
    compound: str = ""
    building: str = ""


class Row(msgspec.Struct, frozen=True):
    """One line: `skip` is the class of a line that is no person's, else there is a draft.

    `cells` are the original ones by title, without the ID number, which is `id_text`, and without
    restricted words, of which only the number `dropped` is left.
    """

    number: int
    skip: str = ""
    draft: Draft = Draft()
    address: Address | None = None
    cells: dict[str, str] = {}
    id_text: str = ""
    dropped: int = 0


def rows_of(table: Table, compounds: tuple[str, ...]) -> Iterator[Row]:
    """Every line below the header, top down; each knows the address that its blanks stand for."""
    walk = _Walk(table, compounds)
    for at in walk.lines.below:
        skip = walk.lines.skip(at)
        yield Row(at + 1, skip) if skip else walk.row(at)


def address_of(draft: Draft, compounds: Sequence[str] = ()) -> Address | None:
    """The door of a draft: its own, or the one of the row above when it names none."""
    if not (draft.door or draft.address):
        return Address(*draft.above) if draft.above else None
    texts = [draft.door or draft.address]
    if draft.door and draft.address:
        texts = [f"{draft.address}-{draft.door}", draft.door, draft.address]
    for text in texts:
        found = parse(
            text,
            compounds=compounds,
            compound=draft.compound,
            building=draft.building,
            unit=draft.unit,
            floor=draft.floor,
        )
        # An address column may say what the door column leaves out, but not another door.
        if found is not None and (text != draft.address or _may_be(found, draft.door)):
            default = compound_code(draft.sheet_compound)
            return found if found.compound else found._replace(compound=default)
    return None


def _may_be(address: Address, door: str) -> bool:
    return not door or address.room in plain(door)


class _Walk:
    """What stands above while walking down one sheet."""

    def __init__(self, table: Table, compounds: tuple[str, ...]) -> None:
        self.lines = Lines(table.sheet, table.header)
        self._compound = table.compound
        self._compounds = (*compounds, table.compound)
        self._blocks = {field for field in _CARRIED if self.lines.is_block(field)}
        self._last: dict[str, str] = {}
        self._section = table.building
        self._above: Address | None = None

    def row(self, at: int) -> Row:
        own = self.lines.own[at]
        texts, dropped = self.lines.texts(at)
        draft = self._draft(self.lines.by_field(texts))
        address = address_of(draft, self._compounds)
        filled = {self.lines.header.fields.get(column) for column in own}
        if not draft.name and not filled & _PERSON and not is_vacant(draft.tenure):
            self._note_section(own)
            if draft.door or draft.address:
                self._above = address
            return Row(at + 1, BLANK)

        self._above = address
        cells, id_text = self.lines.cells(texts), self.lines.id_text(at)
        return Row(at + 1, "", draft, address, cells, id_text, dropped)

    def _draft(self, said: dict[str, str]) -> Draft:
        for field in ("door", "address"):
            if said.get(field) in DITTO:
                said[field] = ""
        for field in _CARRIED:
            said[field] = self._carried(field, said.get(field, ""))
        phone = said.get("phone", "")
        texts = {
            field: hidden(text)
            for field, text in said.items()
            if field in Draft.__struct_fields__ and text
        }
        if phone and not read_phones(phone).unreadable:
            texts["phone"] = phone
        texts["building"] = said["building"] or self._section
        draft = msgspec.convert({**texts, "sheet_compound": self._compound}, Draft)
        return self._with_above(draft)

    def _carried(self, field: str, text: str) -> str:
        if text in DITTO or (not text and field in self._blocks):
            text = self._last.get(field, "")
        elif field in ("compound", "building") and text != self._last.get(field):
            self._last.pop("unit", None)
            self._last.pop("floor", None)
        self._last[field] = text
        return text

    def _with_above(self, draft: Draft) -> Draft:
        """A blank door is the one above, unless the row names another building or unit."""
        above = self._above
        if above is None or draft.door or draft.address:
            return draft
        building = read_column(draft.building, self._compounds).building
        unit = unit_code(draft.unit)
        lane = building.endswith("巷") and above.building.startswith(building)
        if building not in ("", above.building) and not lane:
            return draft
        return replace(draft, above=tuple(above)) if unit in ("", above.unit) else draft

    def _note_section(self, own: dict[int, str]) -> None:
        """A line that says only 红棉苑3栋 names the building of the lines below it."""
        texts = {text for text in own.values() if not text.isdigit()}
        if len(texts) != 1:
            return
        read = read_column(texts.pop(), self._compounds)
        if read.mark and not read.parts:
            self._section = read.building
