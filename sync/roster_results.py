"""What reading a roster brings: people and doors to keep, rows to correct, rows to skip, warnings.

ID numbers stand in fields of their own (`id_number`, `id_text`) so that the store can encrypt them;
no other field holds one, and no field holds a word of a restricted register.
"""

from typing import NamedTuple

import msgspec

MISSING_NAME = "missing_name"
BAD_ADDRESS = "bad_address"
ID_CONFLICT = "id_conflict"
OTHER_ADDRESS = "duplicate_other_address"

DUPLICATE = "duplicate_row"
VACANT = "vacant_marker"
FOOTER = "footer_row"
BLANK = "blank_row"
REPEATED_HEADER = "repeated_header"

ID_MISSING = "id_missing"
ID15_UPGRADED = "id15_upgraded"
UNKNOWN_LABEL = "unknown_label"
RESTRICTED_DROPPED = "restricted_label_dropped"


class Place(NamedTuple):
    """Where in the file something stands; rows count from 1 as Excel shows them."""

    sheet: str
    row: int


class Private(msgspec.Struct, frozen=True, kw_only=True):
    """Shows only where it stands, so that no log or traceback holds a person."""

    place: Place

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.place.sheet} {self.place.row})"


class Draft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row by meaning instead of by column, still as text: what the office corrects in place.

    `above` is the address of the row above, for a row whose own door cell is blank.
    """

    compound: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    door: str = ""
    address: str = ""
    above: tuple[str, str, str, str] | None = None
    sheet_compound: str = ""
    grid: str = ""
    head: str = ""
    name: str = ""
    relation: str = ""
    sex: str = ""
    birth: str = ""
    phone: str = ""
    emergency_name: str = ""
    emergency_relation: str = ""
    emergency_phone: str = ""
    labels: str = ""
    tenure: str = ""
    status: str = ""
    note: str = ""


class Building(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is the building's only spelling ("3"), `name` what its people call it ("3栋")."""

    compound: str
    code: str
    name: str
    grid_id: str = ""
    grid_name: str = ""
    units: int = 0
    floors: int = 0
    doors: int = 0
    style: str = ""


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """One door; `key` is sync.addresses.Address.key and says which door it is in any file."""

    key: str
    compound: str
    building: str
    unit: str
    room: str
    door_no: str
    floor: int
    tenure: str = ""
    head: str = ""
    place: Place


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    relation: str
    phone: str


class Resident(Private, frozen=True, kw_only=True):
    household: str
    name: str
    birth_on: str = ""
    sex: str = ""
    relation_to_head: str = ""
    categories: tuple[str, ...] = ()
    id_number: str = ""
    contacts: tuple[Contact, ...] = ()


class Rejected(Private, frozen=True, kw_only=True):
    """A row for the correction queue. `reason` is a code of sync.refusals, `facts` fill it."""

    kind: str
    reason: str
    facts: dict[str, str | int] = {}
    cells: dict[str, str]
    draft: Draft
    id_text: str = ""


class Origin(Private, frozen=True, kw_only=True):
    """How an accepted row was written, for when what is stored already speaks against it."""

    place: Place
    cells: dict[str, str]
    draft: Draft
    id_text: str = ""


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    place: Place
    kind: str


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    place: Place
    kind: str
    text: str = ""


class IgnoredSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The sheet with this number in the file; `why`: hidden, void, restricted or no_header.

    A sheet named after a restricted register loses its name.
    """

    number: int
    sheet: str = ""
    why: str


class IgnoredColumn(msgspec.Struct, frozen=True, kw_only=True):
    sheet: str
    header: str


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """`households` are lived in, `vacant` are dwellings that the file says are empty."""

    buildings: tuple[Building, ...] = ()
    households: tuple[Household, ...] = ()
    vacant: tuple[Household, ...] = ()
    residents: tuple[Resident, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[Warned, ...] = ()
    ignored_sheets: tuple[IgnoredSheet, ...] = ()
    ignored_columns: tuple[IgnoredColumn, ...] = ()
    sheets: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
