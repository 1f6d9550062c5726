"""Rosters: sheets of cells become buildings, doors and people, to the letter of the contract.

Every row ends in one of three ways: accepted, rejected into the correction queue, or skipped. This
is the reading; what of it is new or changed is for the importer to say.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from msgspec.structs import replace

from sync.address_texts import compound_code, estate
from sync.addresses import read_column
from sync.labels import is_restricted, scrub
from sync.numerals import plain
from sync.refusals import Refusal
from sync.roster_columns import HEADER_WITHIN, Header, Sheet, find_header, text_of
from sync.roster_doors import Doors
from sync.roster_results import (
    RESTRICTED_DROPPED,
    VACANT,
    Draft,
    IgnoredColumn,
    IgnoredSheet,
    Place,
    Rejected,
    Roster,
    Skipped,
    Warned,
)
from sync.roster_rows import DITTO, Row, Table, address_of, rows_of
from sync.roster_verdicts import Seen, Verdict, judge

VOID = "作废"
MOST_COMPOUNDS = 200
LONGEST_NAME = 40

_TITLE_END = re.compile(
    "居民|住户|人口|户籍|住房|基本|人员|常住|台账|花名册|名册|登记|信息|汇总|[(0-9]"
)


def read(sheets: Iterable[Sheet], *, today: str, compounds: Sequence[str] = ()) -> Roster:
    """What a file says. `today` ("YYYY-MM-DD") bounds births; `compounds` are those known before.

    The first occurrence of a person wins, sheets in their order and rows top down.
    """
    found, ignored = _sheets(sheets)
    if not found:
        raise Refusal("roster.no_header", limit=HEADER_WITHIN)
    names = _compounds(found, compounds)
    reading = _Reading(today, names)
    for sheet, header in found:
        for row in rows_of(_table(sheet, header, names), names):
            reading.take(sheet.name, row)
    return replace(
        reading.roster(),
        ignored_sheets=tuple(ignored),
        ignored_columns=tuple(chain.from_iterable(_ignored_columns(*one) for one in found)),
        sheets=tuple(sheet.name for sheet, _ in found),
    )


def correct(
    draft: Draft,
    id_text: str,
    *,
    place: Place,
    seen: Seen,
    today: str,
    compounds: Sequence[str] = (),
) -> Roster:
    """A roster of one row, for a rejected one that the office has corrected.

    `seen` knows the people accepted before; `place` stays that of the row in its file.
    """
    reading = _Reading(today, compounds, seen)
    before = len(seen.residents)
    row = Row(place.row, draft=draft, address=address_of(draft, compounds), id_text=id_text)
    reading.take(place.sheet, row)
    return replace(reading.roster(), residents=tuple(seen.residents[before:]))


def summary(roster: Roster) -> dict[str, Any]:
    """The counts as `jinlin import --json` prints them."""
    categories = Counter(code for one in roster.residents for code in one.categories)
    return {
        "buildings": len(roster.buildings),
        "households": len(roster.households),
        "vacant_dwellings": len(roster.vacant),
        "residents": len(roster.residents),
        "rejected": [
            {"sheet": one.place.sheet, "row": one.place.row, "class": one.kind}
            for one in roster.rejected
        ],
        "skipped": _counts(one.kind for one in roster.skipped),
        "warnings": _counts(one.kind for one in roster.warnings),
        "categories": dict(sorted(categories.items())),
    }


class _Reading:
    """Puts each row where its verdict sends it."""

    def __init__(self, today: str, compounds: Sequence[str], seen: Seen | None = None) -> None:
        self.today, self.compounds = today, compounds
        self.seen = seen or Seen()
        self.doors = Doors()
        self.rejected: list[Rejected] = []
        self.skipped: list[Skipped] = []
        self.warnings: list[Warned] = []

    def take(self, sheet: str, row: Row) -> None:
        place = Place(sheet, row.number)
        if row.skip:
            self.skipped.append(Skipped(place=place, kind=row.skip))
            return

        verdict = judge(row.draft, row.id_text, row.address, self.seen, self.today, place)
        warnings = [(RESTRICTED_DROPPED, "")] * row.dropped + list(verdict.warnings)
        if verdict.rejected:
            self.rejected.append(_rejected(verdict, row, place))
        elif verdict.skipped:
            self.skipped.append(Skipped(place=place, kind=verdict.skipped))
        if row.address and verdict.skipped == VACANT:
            warnings += [(kind, "") for kind in self.doors.empty(row.address, row.draft, place)]
        if row.address and verdict.resident:
            kin = verdict.resident.relation_to_head
            doubts = self.doors.live(row.address, row.draft, place, kin)
            warnings += [(kind, "") for kind in doubts]
        self.warnings += [Warned(place=place, kind=kind, text=text) for kind, text in warnings]

    def roster(self) -> Roster:
        return Roster(
            buildings=self.doors.buildings(),
            households=self.doors.households(),
            vacant=self.doors.vacant(),
            residents=tuple(self.seen.residents),
            rejected=tuple(self.rejected),
            skipped=tuple(self.skipped),
            warnings=tuple(self.warnings),
        )


def _sheets(sheets: Iterable[Sheet]) -> tuple[list[tuple[Sheet, Header]], list[IgnoredSheet]]:
    """The sheets with people in them, and the others with the reason why they are left alone."""
    found: list[tuple[Sheet, Header]] = []
    ignored: list[IgnoredSheet] = []
    for number, sheet in enumerate(sheets, start=1):
        header = find_header(sheet)
        if is_restricted(sheet.name):
            ignored.append(IgnoredSheet(number=number, why="restricted"))
        elif sheet.hidden:
            ignored.append(IgnoredSheet(number=number, sheet=sheet.name, why="hidden"))
        elif VOID in plain(sheet.name):
            ignored.append(IgnoredSheet(number=number, sheet=sheet.name, why="void"))
        elif header is None:
            ignored.append(IgnoredSheet(number=number, sheet=sheet.name, why="no_header"))
        else:
            found.append((sheet, header))
    return found, ignored


def _compounds(found: list[tuple[Sheet, Header]], known: Sequence[str]) -> tuple[str, ...]:
    """Every compound by name: known before, or standing in a compound column."""
    names = dict.fromkeys(known)
    for sheet, header in found:
        columns = [at for at, field in header.fields.items() if field == "compound"]
        for row in sheet.rows[header.last + 1 :]:
            names |= {text_of(row[at]).strip(): None for at in columns if at < len(row)}
    wanted = (one for one in names if 1 < len(one) <= LONGEST_NAME and not is_restricted(one))
    return tuple(islice((one for one in wanted if one not in DITTO), MOST_COMPOUNDS))


def _table(sheet: Sheet, header: Header, compounds: tuple[str, ...]) -> Table:
    """A sheet named 荔香园, or titled 荔香园居民台账, lends its name to rows without a compound."""
    above = [text_of(row[0]) for row in sheet.rows[: header.first] if row]
    named = (_compound_in(text, compounds) for text in (sheet.name, *above))
    read = read_column(sheet.name, compounds)
    return Table(sheet, header, next(filter(None, named), ""), read.building if read.mark else "")


def _compound_in(title: str, compounds: Sequence[str]) -> str:
    words = plain(scrub(title).text)
    known = [code for code in map(compound_code, compounds) if code in words]
    return max(known, key=len, default="") or estate(_TITLE_END.split(words)[0]) or ""


def _ignored_columns(sheet: Sheet, header: Header) -> list[IgnoredColumn]:
    titles = (title for at, title in header.titles.items() if at not in header.fields)
    return [IgnoredColumn(sheet=sheet.name, header=title) for title in titles]


def _rejected(verdict: Verdict, row: Row, place: Place) -> Rejected:
    first = verdict.first
    return Rejected(
        place=place,
        kind=verdict.rejected,
        reason=verdict.reason,
        facts={"sheet": first.sheet, "row": first.row} if first else {},
        cells=row.cells,
        draft=row.draft,
        id_text=row.id_text,
    )


def _counts(kinds: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(kinds).items()))
