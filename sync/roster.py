"""Rosters: sheets of cells become buildings, doors and people, to the letter of the contract.

Every row ends in one of three ways: accepted, rejected into the correction queue, or skipped. This
is the reading; what of it is new or changed is for the importer to say.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from msgspec.structs import asdict, replace

from sync.labels import scrub
from sync.refusals import Refusal
from sync.roster_columns import HEADER_WITHIN, Sheet
from sync.roster_doors import Doors
from sync.roster_results import (
    RESTRICTED_DROPPED,
    VACANT,
    Draft,
    Origin,
    Place,
    Rejected,
    Roster,
    Skipped,
    Warned,
)
from sync.roster_rows import Row, address_of, rows_of
from sync.roster_tables import compounds_of, ignored_columns, tables_of
from sync.roster_verdicts import Seen, Verdict, judge


def read(
    sheets: Iterable[Sheet],
    *,
    today: str,
    compounds: Sequence[str] = (),
    default_compound: str = "",
) -> Roster:
    """What a file says. `today` ("YYYY-MM-DD") bounds births; `compounds` are those known before.

    `default_compound` is where rows belong when neither they nor their sheet name a compound. The
    first occurrence of a person wins, sheets in their order and rows top down.
    """
    tables, ignored = tables_of(sheets, compounds, default_compound)
    if not tables:
        raise Refusal("roster.no_header", limit=HEADER_WITHIN)
    names = compounds_of(tables, compounds)
    reading = _Reading(today)
    for table in tables:
        for row in rows_of(table, names):
            reading.take(table.sheet.name, row)
    return replace(
        reading.roster(),
        ignored_sheets=tuple(ignored),
        ignored_columns=tuple(chain.from_iterable(map(ignored_columns, tables))),
        sheets=tuple(table.sheet.name for table in tables),
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

    `seen` knows the people accepted before; `place` stays that of the row in its file. What was
    typed is scrubbed like the cells of a file; a row that is rejected again has no `cells`.
    """
    reading = _Reading(today, seen)
    before = len(seen.residents)
    typed = {field: scrub(text) for field, text in asdict(draft).items() if isinstance(text, str)}
    draft = replace(draft, **{field: left.text for field, left in typed.items()})
    row = Row(
        place.row,
        draft=draft,
        address=address_of(draft, compounds),
        id_text=scrub(id_text).text,
        dropped=sum(left.dropped for left in typed.values()),
    )
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

    def __init__(self, today: str, seen: Seen | None = None) -> None:
        self.today = today
        self.seen = seen or Seen()
        self.doors = Doors()
        self.rejected: list[Rejected] = []
        self.skipped: list[Skipped] = []
        self.warnings: list[Warned] = []
        self.origins: list[Origin] = []

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
            self.origins.append(
                Origin(place=place, cells=row.cells, draft=row.draft, id_text=row.id_text)
            )
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
            origins=tuple(self.origins),
        )


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
