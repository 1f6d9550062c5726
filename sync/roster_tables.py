"""Tables of a roster: which sheets hold people, and which compound a sheet is about."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from msgspec.structs import replace

from sync.address_texts import compound_code, estate
from sync.addresses import read_column
from sync.labels import is_restricted, scrub
from sync.numerals import plain
from sync.roster_columns import Header, Sheet, find_header, text_of
from sync.roster_results import IgnoredColumn, IgnoredSheet
from sync.roster_rows import DITTO, Table

VOID = "作废"
MOST_COMPOUNDS = 200
LONGEST_NAME = 40

_NUMBERING = re.compile("^(?:[0-9]+|[一二三四五六七八九十]+)[.、,-]")
_TITLE_END = re.compile(
    "居民|住户|人口|户籍|住房|基本|人员|常住|台账|花名册|名册|登记|信息|汇总|[(0-9]"
)
_NO_PLACE = re.compile("[表册单栋楼户租残]|数据|流动|党员|老人|儿童|低保|重点|网格|社区|全部|新增")


def tables_of(
    sheets: Iterable[Sheet], compounds: Sequence[str], default: str
) -> tuple[list[Table], list[IgnoredSheet]]:
    """The sheets with people in them, and the others with the reason why they are left alone.

    Rows without a compound get that of their sheet: the only one in its column, or the one in its
    name or title, else `default`.
    """
    found: list[tuple[Sheet, Header]] = []
    ignored: list[IgnoredSheet] = []
    for number, sheet in enumerate(sheets, start=1):
        header = find_header(sheet)
        why = _why_not(sheet, header)
        if why:
            name = "" if why == "restricted" else sheet.name
            ignored.append(IgnoredSheet(number=number, sheet=name, why=why))
        elif header is not None:
            found.append((sheet, header))

    tables = [_table(sheet, header, compounds) for sheet, header in found]
    if sum(not one.compound for one in tables) > 1:
        # Several sheets that do not say where they belong: their names must tell them apart.
        tables = [replace(one, compound=one.compound or _place_name(one)) for one in tables]
    return [
        replace(one, compound=one.compound or compound_code(default)) for one in tables
    ], ignored


def compounds_of(tables: Iterable[Table], known: Sequence[str]) -> tuple[str, ...]:
    """Every compound by name: known before, or standing in a compound column."""
    names = dict.fromkeys(known)
    for table in tables:
        names |= dict.fromkeys([*_in_column(table.sheet, table.header), table.compound])
    return tuple(islice((one for one in names if len(one) > 1), MOST_COMPOUNDS))


def ignored_columns(table: Table) -> list[IgnoredColumn]:
    """The columns of which nothing is kept; one with a restricted title loses its title too."""
    header = table.header
    titles = (title for at, title in header.titles.items() if at not in header.fields)
    return [IgnoredColumn(sheet=table.sheet.name, header=title) for title in titles]


def _why_not(sheet: Sheet, header: Header | None) -> str:
    if is_restricted(sheet.name):
        return "restricted"
    if sheet.hidden:
        return "hidden"
    if VOID in plain(sheet.name):
        return "void"
    return "no_header" if header is None else ""


def _table(sheet: Sheet, header: Header, compounds: Sequence[str]) -> Table:
    columns = {compound_code(one) for one in _in_column(sheet, header)}
    above = [text_of(row[0]) for row in sheet.rows[: header.first] if row]
    named = (_compound_in(text, compounds) for text in (sheet.name, *above))
    compound = columns.pop() if len(columns) == 1 else next(filter(None, named), "")
    read = read_column(sheet.name, tuple(compounds))
    return Table(sheet, header, compound, read.building if read.mark else "")


def _in_column(sheet: Sheet, header: Header) -> list[str]:
    columns = [at for at, field in header.fields.items() if field == "compound"]
    texts = dict.fromkeys(
        text_of(row[at]).strip()
        for row in sheet.rows[header.last + 1 :]
        for at in columns
        if at < len(row)
    )
    wanted = (one for one in texts if 1 < len(one) <= LONGEST_NAME and one not in DITTO)
    return [one for one in wanted if not is_restricted(one)]


def _compound_in(title: str, compounds: Sequence[str]) -> str:
    """荔香园 in 1.荔香园(一网格), 清龙社区荔香园居民台账 or any title with a known compound."""
    words = plain(scrub(title).text)
    known = [code for code in map(compound_code, compounds) if len(code) > 1 and code in words]
    return max(known, key=len, default="") or estate(_first_words(words)) or ""


def _place_name(table: Table) -> str:
    """A sheet name that is no known kind of list, such as 东方明珠."""
    words = _first_words(plain(table.sheet.name))
    is_place = re.fullmatch("[\u4e00-\u9fff]{2,10}", words) and not _NO_PLACE.search(words)
    return compound_code(words) if is_place else ""


def _first_words(words: str) -> str:
    return _TITLE_END.split(_NUMBERING.sub("", words))[0]
