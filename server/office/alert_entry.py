"""A warning comes in by hand: pasted from a chat group and looked over, or written into a form."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.alerts import texts
from server.alerts.pasted import Confirmed
from server.alerts.pasted_parts import found_in
from server.intake import Intake
from server.office import alert_forms, alert_sending, forms, page
from server.office.alert_forms import Draft
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from sync import days
from sync.alert_text import MAX_TEXT
from sync.operations import stamp
from sync.records import Community

TAB = "alerts"
HELD_FOR = timedelta(hours=6)


@get("/office/alerts/paste", guards=GUARDS, sync_to_thread=True)
def show_paste(request: Asking) -> Template:
    return page.page(request, "office/alerts/paste.html", "粘贴预警", TAB, text="", said="")


@post("/office/alerts/readings", guards=GUARDS, status_code=200, sync_to_thread=True)
def read_pasted(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Show what a text is understood as. Nothing is sent, and nothing kept."""
    text = forms.one(data, "text").replace("\r\n", "\n").strip()
    if said := _unfit(text):
        return _again(request, "paste", {"text": text, "said": said})
    drafts = alert_forms.drafts_of(found_in(text, _now(request, intake)[1]))
    return _again(request, "entry", alert_forms.view(drafts, text), status=200)


@get("/office/alerts/new", guards=GUARDS, sync_to_thread=True)
def show_form(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """The plain form; its station is the community, for what it announces itself."""
    community, now = _now(request, intake)
    until = (datetime.fromisoformat(now) + HELD_FOR).isoformat(timespec="minutes")
    blank = Confirmed(station=community.name, issued_at=now, ends_at=until, area=community.name)
    view = alert_forms.view([Draft(0, blank, "")], "")
    return page.page(request, "office/alerts/entry.html", "填写预警", TAB, **view)


@post("/office/alerts", guards=GUARDS, status_code=200, sync_to_thread=True)
def send_alerts(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Send what was confirmed: all of it, or nothing while anything is wrong."""
    community, now = _now(request, intake)
    text = forms.one(data, "text").replace("\r\n", "\n").strip()[:MAX_TEXT]
    drafts = _looked_over(intake, community, data, now)
    chosen = [one for one in drafts if one.is_on]
    said = "" if chosen else "没有勾选要发的预警。"
    if said or any(one.wrong for one in drafts):
        return _again(request, "entry", alert_forms.view(drafts, text, said))
    zone = ZoneInfo(community.timezone)
    done = alert_sending.send(intake, request.user, chosen, text, zone)
    return page.go(request, f"/office/alerts?done={done}")


def _looked_over(intake: Intake, community: Community, data: FormData, now: str) -> list[Draft]:
    with intake.store.read() as tx:
        private = partial(texts.private, tx, community.id)
        found = alert_forms.typed(data, community.division_code, now)
        return [alert_forms.for_everybody(one, private) for one in found]


def _unfit(text: str) -> str:
    if not text:
        return "还没有粘贴内容。"
    if len(text) > MAX_TEXT:
        return f"最多 {MAX_TEXT:,} 个字，现在有 {len(text):,} 个。请只留预警的部分，或分几次粘贴。"
    return ""


def _now(request: Asking, intake: Intake) -> tuple[Community, str]:
    """The community, and its time of this minute: 2026-08-07T09:10."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
    return community, days.local(stamp(intake.clock()), community.timezone)[:16]


def _again(request: Asking, name: str, view: dict[str, Any], status: int = 422) -> Response[Any]:
    """The form with all that was typed: in its place, or as a page for browsers without scripts."""
    if request.headers.get("HX-Request"):
        context = {"desk": page.desk(request, "", TAB), **view}
        return Template(f"office/alerts/_{name}.html", context=context)
    title = "粘贴预警" if name == "paste" or view["text"] else "填写预警"
    told = page.page(request, f"office/alerts/{name}.html", title, TAB, **view)
    told.status_code = status
    return told


HANDLERS: list[Any] = [show_paste, read_pasted, show_form, send_alerts]
