"""跟进: what must follow from what was seen, the worst first, and who is to see to it by now."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import doors, forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import followups as reads
from sync import days
from sync.climbing import CHIEF, OFFICE, held_by
from sync.followups import urgency
from sync.operations import stamp

MAX_RESULT, MAX_NOTE = 200, 1000
LISTED = 300
PATH = "/office/followups"
LEVELS = ("now", "red", "amber", "plain")
# Where a follow-up is by now; "late" is wherever its limit has passed.
PLACES = ("late", CHIEF, OFFICE)


@get(PATH, guards=GUARDS, sync_to_thread=True)
def show_followups(
    request: Asking,
    intake: NamedDependency[Intake],
    level: FromQuery[str] = "",
    held: FromQuery[str] = "",
    show: FromQuery[str] = "",
) -> Template:
    view = _view(request, intake, level, held, show)
    return page.page(request, "office/followups/page.html", "跟进", "tasks", **view)


@post(
    "/office/followups/{followup_id:str}/closings",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def close_followup(
    request: Asking,
    followup_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    closed = {
        "id": forms.ident(followup_id),
        "result": forms.text(data, "result", "办得怎样", MAX_RESULT, needed=True),
        "note": forms.text(data, "note", "备注", MAX_NOTE),
    }
    forms.send(intake, request.user, "followup.close", closed, data)
    home, said = forms.one(data, "household"), "跟进已办结。"
    if home:
        return doors.again(request, intake, forms.ident(home), said)
    level, held = forms.one(data, "level"), forms.one(data, "held")
    view = {**_view(request, intake, level, held, ""), "said": said}
    return page.changed(request, "office/followups/_list.html", PATH, "tasks", **view)


def standing(rows: Iterable[dict[str, Any]], now: str, timezone: str) -> list[dict[str, Any]]:
    """Rows with their level, their limit on the local clock and who has them, worst first."""
    found = [_placed(row, now, timezone) for row in rows]
    return sorted(
        found,
        key=lambda one: (-urgency(one["level"]), one["due"] or "9999", one["opened_at"], one["id"]),
    )


def _placed(row: dict[str, Any], now: str, timezone: str) -> dict[str, Any]:
    due = days.local(row["due_at"], timezone)
    level = row["level"] if row["level"] in LEVELS else "plain"
    # What is for the office alone never was with anybody else.
    holder = OFFICE if row["restricted"] else held_by(due, now)
    return {**row, "level": level, "due": due, "late": bool(due) and due < now, "held_by": holder}


def _view(request: Asking, intake: Intake, level: str, held: str, show: str) -> dict[str, Any]:
    community_id = request.user.community_id
    with intake.store.read() as tx:
        timezone = page.community_of(tx, community_id).timezone
        now = days.local(stamp(intake.clock()), timezone)
        is_closed = show == "closed"
        rows = reads.closed(tx, community_id, LISTED) if is_closed else []
        opened = standing(reads.still_open(tx, community_id), now, timezone)
    wanted = [one for one in opened if is_at(one, held) and level in ("", one["level"])]
    by_place = {
        place: sum(1 for one in opened if is_at(one, place) and level in ("", one["level"]))
        for place in ("", *PLACES)
    }
    return {
        "rows": rows if is_closed else wanted[:LISTED],
        "total": len(rows) if is_closed else len(wanted),
        "by_level": Counter(one["level"] for one in opened if is_at(one, held)),
        "by_place": by_place,
        "level": level,
        "held": held,
        "show": show,
        "said": "",
    }


def is_at(one: dict[str, Any], place: str) -> bool:
    if place == "late":
        return bool(one["late"])
    return place in ("", one["held_by"])
