"""Lines of a sheet: their texts, what somebody filled in them, and which are no person's."""

import re
from functools import cached_property
from itertools import pairwise

from sync.idnumbers import hidden
from sync.labels import is_restricted, scrub
from sync.roster_columns import MANY, Header, Sheet, id_text_of, text_of, tidy
from sync.roster_results import BLANK, FOOTER, REPEATED_HEADER

MAX_CELL = 200

# A restricted word in these leaves the rest of the cell; elsewhere nothing of the cell is kept.
_KEEPS_REST = frozenset({"labels", "name", "head", "door", "address"})
_FOOTER = re.compile("合计|小计|总计|共计|制表|审核人|填表人|填报人|.{0,12}(?:合计|小计|总计)$")


class Lines:
    """A sheet below its header; lines count from 0 here and from 1 in Excel."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self.sheet, self.header = sheet, header
        self.columns = {field: at for at, field in reversed(header.fields.items())}
        self.below = range(header.last + 1, len(sheet.rows))

    @cached_property
    def own(self) -> dict[int, dict[int, str]]:
        """By line, the cells that somebody filled, without the values that a merge spread."""
        spread = self.sheet.spread
        return {at: _texts(self.sheet, at, spread) for at in self.below}

    @cached_property
    def _titles(self) -> set[str]:
        above = range(self.header.first)
        return {tidy(text) for at in above for text in _texts(self.sheet, at).values()}

    @cached_property
    def _header(self) -> list[dict[int, str]]:
        lines = range(self.header.first, self.header.last + 1)
        return [_tidied(_texts(self.sheet, at)) for at in lines]

    def skip(self, at: int) -> str:
        """The class of a line that is no person's, "" of one that may be."""
        own, fields = self.own[at], self.header.fields
        if all(fields.get(column) == "serial" and text.isdigit() for column, text in own.items()):
            return BLANK
        words = _tidied(own)
        if set(words.values()) <= self._titles or self._is_header_again(words):
            return REPEATED_HEADER
        busy = {fields.get(column) for column in own} & {"id", "sex", "relation"}
        if not busy and any(map(_FOOTER.match, words.values())):
            return FOOTER
        return ""

    def _is_header_again(self, words: dict[int, str]) -> bool:
        for printed in self._header:
            same = sum(printed.get(column) == word for column, word in words.items())
            if same > 1 and same * 2 >= len(words):
                return True
        return False

    def texts(self, at: int) -> tuple[dict[int, str], int]:
        """All cells of a line that have a title, and how many restricted words were dropped."""
        texts, dropped = {}, 0
        for column, text in _texts(self.sheet, at).items():
            if column in self.header.titles and is_restricted(text):
                left = scrub(text)
                dropped += left.dropped
                text = left.text if self.header.fields.get(column) in _KEEPS_REST else ""
            if text:
                texts[column] = text
        return texts, dropped

    def by_field(self, texts: dict[int, str]) -> dict[str, str]:
        """The texts by meaning; several columns of one meaning are joined."""
        said: dict[str, str] = {}
        for column, field in self.header.fields.items():
            text = texts.get(column, "")
            if field in MANY and said.get(field):
                text = f"{said[field]}、{text}" if text else said[field]
            said[field] = text
        return said

    def cells(self, texts: dict[int, str]) -> dict[str, str]:
        """The original cells by title, without the ID number's and with none inside another."""
        cells: dict[str, str] = {}
        for column, text in texts.items():
            title = self.header.titles.get(column, "")
            if title and column != self.columns["id"]:
                cells[title if title not in cells else f"{title} {column + 1}"] = hidden(text)
        return cells

    def id_text(self, at: int) -> str:
        line, column = self.sheet.rows[at], self.columns["id"]
        cell = line[column] if column < len(line) else None
        return scrub(id_text_of(cell)).text[:MAX_CELL]

    def is_block(self, field: str) -> bool:
        """Whether a column names its value once, above the rows that it holds for.

        A merged column needs no such guess, and one that repeats its value row by row means its
        blanks.
        """
        column = self.columns.get(field)
        if column is None or any((at, column) in self.sheet.spread for at in self.below):
            return False
        texts = [own.get(column, "") for own in self.own.values() if own]
        blanks = sum(not text for text in texts)
        pairs = sum(bool(one) and one == two for one, two in pairwise(texts))
        return blanks > pairs * 4


def _texts(
    sheet: Sheet, at: int, without: frozenset[tuple[int, int]] = frozenset()
) -> dict[int, str]:
    texts = {
        column: text_of(cell).strip()[:MAX_CELL]
        for column, cell in enumerate(sheet.rows[at])
        if cell is not None and (at, column) not in without
    }
    return {column: text for column, text in texts.items() if text}


def _tidied(texts: dict[int, str]) -> dict[int, str]:
    return {column: tidy(text) for column, text in texts.items()}
