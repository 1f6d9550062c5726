"""议事: hard issues at the Friday and the monthly meeting; what is decided goes back into each."""

from typing import Any

import uuid_utils
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import audit
from server.intake import Intake
from server.intake.writing import Writing
from server.office import deciding, forms, handing, page
from server.office import meeting_view as view
from server.office.forms import FormData
from server.office.meeting_view import KINDS
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.store import issue_board, meetings
from sync import days
from sync.operations import stamp
from sync.refusals import Refusal

URL = "/office/meetings"
MAX_PEOPLE, MAX_NOTE, MAX_DECISION = 300, 1000, 300
SAID = {"added": "记下了，一件一件往下定。", "changed": "已改。", "closed": "已散会，纪要定了。"}


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_meetings(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """What is to be talked about next, and what was."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        rows = view.agenda(tx, community, stamp(intake.clock()), days.after(today, 1))
        found = meetings.newest(tx, community.id)
    return page.page(
        request,
        "office/meetings/page.html",
        "议事",
        "issues",
        rows=rows,
        meetings=found,
        kinds=KINDS,
        friday=view.next_friday(today),
    )


@post(URL, guards=GUARDS, status_code=200, sync_to_thread=True)
def add_meeting(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Sent twice it is one; of one kind there is one a day."""
    home, given = request.user.community_id, forms.one(data, "form_id")
    meeting_id = given if forms.is_id(given) else str(uuid_utils.uuid7())
    said = {"kind": forms.code(data, "kind", "什么会", KINDS), **_people(data)}
    said["held_on"] = forms.day(data, "held_on", "哪天")
    if not said["held_on"]:
        raise Refusal("field.empty", field="哪天")

    def adding(writing: Writing) -> None:
        there = meetings.on_day(writing.tx, home, said["kind"], said["held_on"])
        if there not in ("", meeting_id):
            raise Refusal("meeting.same", kind=KINDS[said["kind"]])
        by = {"by": request.user.id, "at": stamp(writing.now)}
        if meetings.add(writing.tx, home, meeting_id, **said, **by):
            audit.note(writing, author(request), "meeting.add", f"meeting:{meeting_id}")

    intake.do(home, adding)
    return page.go(request, f"{URL}/{meeting_id}?said=added")


@get(f"{URL}/{{meeting_id:str}}", guards=GUARDS, sync_to_thread=True)
def show_meeting(
    request: Asking, meeting_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    with intake.store.read() as tx:
        home, now = request.user.community_id, stamp(intake.clock())
        found = view.of(tx, home, forms.ident(meeting_id), now)
        today = page.today(intake, page.community_of(tx, home))
        staff = {
            place: issue_board.staff(tx, home, place, today)
            for place in {row["building_id"] for row in found.rows}
        }
    said = SAID.get(request.query_params.get("said", ""), "")
    more = {"found": found, "staff": staff, "today": today, "said": said}
    return page.page(request, "office/meetings/meeting.html", found.word, "issues", **more)


@post(f"{URL}/{{meeting_id:str}}/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_meeting(
    request: Asking,
    meeting_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Who was there and what was noted; only what was touched."""
    home, ident = request.user.community_id, forms.ident(meeting_id)
    note = forms.text(data, "note", "备注", MAX_NOTE)
    changes = forms.changes(data, {**_people(data), "note": note})

    def changing(writing: Writing) -> None:
        one = deciding.open_meeting(writing.tx, home, ident)
        kept = {name: one[name] for name in ("chair", "present", "note")}
        meetings.change(writing.tx, home, ident, **{**kept, **changes})
        audit.note(writing, author(request), "meeting.change", f"meeting:{ident}")

    intake.do(home, changing)
    return page.go(request, f"{URL}/{ident}?said=changed")


@post(f"{URL}/{{meeting_id:str}}/decisions", guards=GUARDS, status_code=200, sync_to_thread=True)
def decide_issue(
    request: Asking,
    meeting_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """What was decided, who does it and by when: in the minutes and in the issue."""
    ident, issue_id = forms.ident(meeting_id), forms.ident(forms.one(data, "issue"))
    holder_id = forms.one(data, "holder_id")
    decision = deciding.Decision(
        issue_id,
        forms.text(data, "decision", "定了什么", MAX_DECISION, needed=True).rstrip("。"),
        forms.ident(holder_id) if holder_id else "",
        forms.day(data, "due_on", "哪天前办好", first=page.today_of(request)),
    )
    deciding.decide(request, intake, ident, decision, data)
    return page.go(request, f"{URL}/{ident}#issue-{issue_id}")


@post(f"{URL}/{{meeting_id:str}}/closings", guards=GUARDS, status_code=200, sync_to_thread=True)
def close_meeting(
    request: Asking, meeting_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    """The minutes stand; what was not decided is on the next agenda."""
    home, ident = request.user.community_id, forms.ident(meeting_id)

    def closing(writing: Writing) -> None:
        found = view.of(writing.tx, home, ident, stamp(writing.now))
        left = [row["id"] for row in found.rows if not row["said"]["decision"]]
        at = stamp(writing.now)
        if meetings.close(writing.tx, home, ident, left, request.user.id, at):
            audit.note(writing, author(request), "meeting.close", f"meeting:{ident}")

    intake.do(home, closing)
    return page.go(request, f"{URL}/{ident}?said=closed")


@get(f"{URL}/{{meeting_id:str}}/minutes", guards=GUARDS, sync_to_thread=True)
def show_minutes(
    request: Asking, meeting_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """On paper."""
    with intake.store.read() as tx:
        home, now = request.user.community_id, stamp(intake.clock())
        found = view.of(tx, home, forms.ident(meeting_id), now)
    handing.note(request, "print", f"meeting:{found.one['id']}", f"{len(found.rows)} 件")
    return page.page(request, "office/meetings/minutes.html", "纪要", "issues", found=found)


@get(f"{URL}/{{meeting_id:str}}/minutes.xlsx", guards=GUARDS, sync_to_thread=True)
def take_minutes(
    request: Asking, meeting_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[bytes]:
    """As a workbook, in which residents are masked."""
    with intake.store.read() as tx:
        home, now = request.user.community_id, stamp(intake.clock())
        community = page.community_of(tx, home)
        found = view.of(tx, home, forms.ident(meeting_id), now)
        what = f"{found.word}纪要 {found.one['held_on']}"
        mark = handing.mark(request, community, what, "export", True)
        content = view.workbook(tx, home, found, mark)
    handing.note(request, "export", f"meeting:{found.one['id']}", f"{len(found.rows)} 件", "打码")
    return handing.attachment(content, f"{what}.xlsx")


HANDLERS: list[Any] = [
    show_meetings,
    add_meeting,
    show_meeting,
    change_meeting,
    decide_issue,
    close_meeting,
    show_minutes,
    take_minutes,
]


def _people(form: FormData) -> dict[str, str]:
    return {
        "chair": forms.text(form, "chair", "主持", 40),
        "present": forms.text(form, "present", "到会", MAX_PEOPLE),
    }
