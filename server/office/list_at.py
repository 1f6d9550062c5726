"""What the lines of every list are made from: who asks, the filters, the clock and words."""

from collections.abc import Iterable
from typing import NamedTuple

from server.office import page
from server.office.labels import named
from server.office.page import Asking
from server.reports.taking import Line
from server.store.database import Tx
from sync import days
from sync.records import Community

MOST = 50_000
# One too many, so that the file is refused instead of cut.
LIMIT = MOST + 1


class At(NamedTuple):
    request: Asking
    tx: Tx
    community: Community
    now: str

    @property
    def home(self) -> str:
        return self.community.id

    @property
    def today(self) -> str:
        return self.clock(self.now)[:10]

    def param(self, name: str) -> str:
        return self.request.query_params.get(name, "")[:64]

    def clock(self, at: str) -> str:
        """A stored instant as a clock on the wall showed it; "" for none."""
        return days.local(at, self.community.timezone)[:16].replace("T", " ") if at else ""


# The building whose people masking looks for, "" for none, and the cells.
Row = tuple[str, Line]
YES = {True: "是", False: ""}


def asked(request: Asking, tx: Tx, now: str) -> At:
    return At(request, tx, page.community_of(tx, request.user.community_id), now)


def word(code: str, kind: str) -> str:
    return named(code, kind) if code else ""


def words(codes: Iterable[str], kind: str) -> str:
    return "、".join(named(code, kind) for code in codes)


def joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
