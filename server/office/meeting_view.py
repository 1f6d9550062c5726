"""What a meeting about hard issues goes through, and its minutes."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from server.office import page
from server.office.issue_words import timed
from server.office.labels import named
from server.reports import workbooks
from server.reports.workbooks import tabled
from server.store import issue_board, meetings
from server.store import reports as reads
from server.store.database import Tx
from server.store.issue_board import Wanted
from sync import masks
from sync.records import Community
from sync.refusals import Refusal

# As the community calls its two meetings.
KINDS = {"friday": "周五议事日", "monthly": "月度联席会"}
MAX_AGENDA = 100
_FRIDAY = 4


class Meeting(NamedTuple):
    """A meeting with its agenda, in the order in which it is gone through; `next_id` is the first
    that nothing was decided of."""

    one: dict[str, Any]
    rows: list[dict[str, Any]]
    next_id: str

    @property
    def word(self) -> str:
        return KINDS[self.one["kind"]]


def next_friday(today: str) -> str:
    """The Friday that comes; today when it is one."""
    on = date.fromisoformat(today)
    return (on + timedelta(days=(_FRIDAY - on.weekday()) % 7)).isoformat()


def agenda(tx: Tx, community: Community, now: str, held_on: str) -> list[dict[str, Any]]:
    """Open hard issues, what is due first first, with what an earlier meeting decided."""
    found = issue_board.open_ones(tx, community.id, Wanted(hard=1))
    return _rows(tx, community, now, [one for one, _ in found][:MAX_AGENDA], held_on)


def of(tx: Tx, community_id: str, meeting_id: str, now: str) -> Meeting:
    """Raises Refusal when there is none. One that is over shows what it saw then."""
    community = page.community_of(tx, community_id)
    one = meetings.find(tx, community_id, meeting_id)
    if one is None:
        raise Refusal("record.unknown")
    seen = meetings.items(tx, community_id, meeting_id)
    ids = list(seen)
    if not one["closed_at"]:
        still = issue_board.open_ones(tx, community_id, Wanted(hard=1))
        ids += [issue_id for issue_id, _ in still[:MAX_AGENDA] if issue_id not in seen]
    nothing = {"decision": "", "holder_name": "", "due_on": ""}
    rows = [
        {**row, "said": seen.get(row["id"], nothing)}
        for row in _rows(tx, community, now, ids, one["held_on"])
    ]
    return Meeting(one, rows, next((row["id"] for row in rows if not row["said"]["decision"]), ""))


def workbook(tx: Tx, community_id: str, found: Meeting, mark: str) -> bytes:
    """The minutes: what was decided of each, and who was there."""
    names = reads.names(tx, community_id)
    lines: list[list[int | str]] = [
        [
            number,
            named(row["category"], "issue_category"),
            " ".join(part for part in (row["building"], row["place"]) if part),
            masks.text(row["text"], names.get(row["building_id"], [])),
            masks.text(row["said"]["decision"], names.get(row["building_id"], [])) or "没有定",
            row["said"]["holder_name"],
            row["said"]["due_on"],
            named(row["status"], "issue_status"),
        ]
        for number, row in enumerate(found.rows, 1)
    ]
    one = found.one
    about: list[list[int | str]] = [
        ["会议", found.word],
        ["日期", one["held_on"]],
        ["主持", one["chair"]],
        ["到会", one["present"]],
        ["备注", one["note"]],
    ]
    heads = "序号 6,类别 14,在哪里 24,什么事 50,定了什么 50,谁来办 12,哪天前 12,现在 12"
    return workbooks.of_tables(
        [tabled("纪要", heads, lines), tabled("会议", "项目 12,内容 60", about)], mark
    )


def _rows(
    tx: Tx, community: Community, now: str, ids: list[str], held_on: str
) -> list[dict[str, Any]]:
    earlier = meetings.before(tx, community.id, ids, held_on)
    rows = issue_board.lines(tx, community.id, ids)
    return [{**row, "before": earlier.get(row["id"])} for row in timed(rows, now)]
