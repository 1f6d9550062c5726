"""What every office page is drawn with: who sits at the desk, the rail, its counts, the hour."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from litestar import Request, Response
from litestar.response import Redirect, Template

from server import people
from server.access import has_form_token, has_role
from server.intake import Intake
from server.office import call_view, listed
from server.office.call_view import Sight
from server.people import Person
from server.store import desk as counted
from server.store import issue_board
from server.store.database import Tx
from server.store.records import Records
from sync import days
from sync.issue_calls import CALLERS
from sync.operations import stamp
from sync.records import Community
from sync.scope import OFFICE

Asking = Request[Person, str, Any]

# Every office handler: one of its `roles` (the office's, unless it says otherwise), and a write
# carries the token its page was given.
GUARDS = [has_role, has_form_token]

# How long a list shows whole numbers, in seconds, to whoever said that they need them.
SHOWN_S = 600

# What waits longer for its predecessor is shown to the office.
HELD_DAYS = 5


class Place(NamedTuple):
    """One entry of the rail. `counts` names what waits there."""

    tab: str
    path: str
    icon: str
    word: str
    counts: str = ""
    roles: frozenset[str] = OFFICE


RAIL = (
    Place("overview", "/office", "home", "总览"),
    Place("alerts", "/office/alerts", "alarm", "预警", "alerts"),
    Place("alerts", "/office/alert-feeds", "alarm", "预警来源", "", frozenset({"admin"})),
    Place("issues", "/office/issues", "issue", "事件", "issues"),
    Place("review", "/office/review", "inbox", "待审", "review"),
    Place("buildings", "/office/buildings", "building", "楼栋与住户"),
    Place("visits", "/office/visits", "today", "走访记录"),
    Place("numbers", "/office/numbers", "chart", "数字"),
    Place("tasks", "/office/tasks", "plan", "交办与跟进", "followups"),
    Place("plans", "/office/plans", "people", "计划与分工"),
    Place("conflicts", "/office/conflicts", "conflict", "冲突", "conflicts"),
    Place("quarantine", "/office/quarantine", "stop", "隔离", "quarantine"),
    Place("reports", "/office/reports", "export", "报表"),
    Place("imports", "/office/imports", "import", "名册导入", "rejects"),
    Place("checklists", "/office/checklists", "check", "清单"),
    Place("people", "/office/people", "people", "人员", "", OFFICE | {"admin"}),
    Place("phones", "/office/phones", "mobile", "手机", "", OFFICE | {"admin"}),
    Place("audit", "/office/audit", "log", "日志", "", OFFICE | {"admin"}),
    Place("calls", "/office/calls", "phone", "部门呼叫", "calls", frozenset({"street"})),
    Place("counts", "/office/counts", "people", "计数", "", frozenset({"street"})),
    Place("settings", "/office/settings", "more", "设置"),
    Place("server", "/office/server", "disk", "服务器", "", frozenset({"admin"})),
    Place("feedback", "/office/feedback", "speaker", "意见反馈", "", OFFICE | {"admin", "street"}),
)


def page(request: Asking, template: str, title: str, tab: str, **more: Any) -> Template:
    """A whole page. `more` are the names that its own template takes."""
    return Template(template, context={"desk": desk(request, title, tab), **more})


def changed(request: Asking, template: str, url: str, tab: str, **more: Any) -> Response[Any]:
    """What a form changed: the fragment, or the page again for a browser without scripts.

    The address bar follows, because a page redraws its parts from where it says it is.
    """
    if request.headers.get("HX-Request"):
        context = {"desk": desk(request, "", tab), **more}
        return Template(template, context=context, headers={"HX-Replace-Url": url})
    return Redirect(url, status_code=303)


def kept(
    request: Asking, fragment: str, whole: str, title: str, tab: str, **more: Any
) -> Response[Any]:
    """A form that was not saved, drawn again with what was typed: alone, or as a whole page."""
    if request.headers.get("HX-Request"):
        return Template(fragment, context={"desk": desk(request, title, tab), **more})
    return page(request, whole, title, tab, **more)


def go(request: Asking, url: str) -> Response[Any]:
    """On to another page after a form, with and without scripts."""
    if request.headers.get("HX-Request"):
        return Response(b"", status_code=200, headers={"HX-Redirect": url})
    return Redirect(url, status_code=303)


def desk(request: Asking, title: str, tab: str) -> dict[str, Any]:
    """What the frame of a page and the words on it need."""
    person, state = request.user, request.app.state
    intake: Intake = state.intake
    at = intake.clock()
    with intake.store.read() as tx:
        community = community_of(tx, person.community_id)
        counts = _counts(tx, person, at)
    now = days.local(stamp(at), community.timezone)
    return {
        "title": title,
        "tab": tab,
        "community": community.name,
        "timezone": community.timezone,
        "person": {"id": person.id, "name": person.name, "role": person.role},
        "now": now,
        "today": now[:10],
        "clock": _clock(at, community.timezone),
        "path": request.url.path,
        "here": f"{request.url.path}?{request.url.query}",
        "shown": is_shown(request),
        "lists": listed.on_page(request.url.path, person.role in OFFICE),
        "query": request.url.query,
        "token": people.form_token(state.settings.secret, request.auth),
        "counts": counts,
        "rail": [
            {**place._asdict(), "n": counts.get(place.counts, 0)} for place in _open_to(request)
        ],
        "may_search": person.role in OFFICE,
    }


def shown_token(request: Asking, path: str, before: int = 0) -> str:
    """What opens a list to this session for now; `before` is how many spans ago it was made."""
    intake: Intake = request.app.state.intake
    span = int(intake.clock().timestamp()) // SHOWN_S - before
    told = f"shown {request.auth} {path} {span}".encode()
    return hmac.new(request.app.state.settings.secret, told, hashlib.sha256).hexdigest()[:32]


def is_shown(request: Asking) -> bool:
    """Whether numbers on this list are whole; an address that is handed on shows nothing."""
    given = request.query_params.get("shown", "")
    path = request.url.path
    return bool(given) and any(
        hmac.compare_digest(given.encode(), shown_token(request, path, before).encode())
        for before in (0, 1)
    )


def community_of(tx: Tx, community_id: str) -> Community:
    found = Records(tx, community_id).get("community", community_id)
    assert isinstance(found, Community), "whoever is signed in belongs to a community"
    return found


def today(intake: Intake, community: Community) -> str:
    """The community's calendar day."""
    return days.day(stamp(intake.clock()), community.timezone)


def today_of(request: Asking) -> str:
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        return today(intake, community_of(tx, request.user.community_id))


def number_of(request: Asking, most: int) -> int:
    """Which page of a long list the URL asks for."""
    asked = request.query_params.get("page", "1")
    fits = asked.isascii() and asked.isdigit() and len(asked) < 9
    return min(max(int(asked), 1), most) if fits else 1


def held_before(now: datetime) -> str:
    """What was received before this and still waits is shown to the office."""
    return stamp(now - timedelta(days=HELD_DAYS))


def _counts(tx: Tx, person: Person, at: datetime) -> dict[str, int]:
    if person.role not in CALLERS:
        return {}
    home = person.community_id
    late = call_view.late_for(tx, home, Sight(person.id, person.role, at))
    if person.role not in OFFICE:
        return {"calls": late}
    waiting = issue_board.waiting(tx, home, stamp(at)) + late
    return {**counted.counts(tx, home, held_before(at)), "issues": waiting}


def _clock(at: datetime, timezone: str) -> str:
    """To the second: two people on the telephone can tell whether they see the same page."""
    return days.local(stamp(at), timezone)[11:16] + at.strftime(":%S")


def _open_to(request: Asking) -> list[Place]:
    """The places of this role that this installation serves."""
    served = {route.path for route in request.app.routes}
    role = request.user.role
    return [place for place in RAIL if role in place.roles and place.path in served]
