"""交接: buildings go from one worker to another, with what the new one must know about them."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from server import handovers
from server.handovers import Agreed
from server.intake import Intake
from server.office import forms, handover_view, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.office.trail import note_print
from server.store import handovers as reads
from server.store import people as rows
from server.store import team
from server.store.database import Tx
from server.store.people import PersonRow
from sync import days
from sync.people import HOLDS_BUILDINGS
from sync.refusals import Refusal

PATH = "/office/handovers"
MAX_BUILDINGS, MAX_NOTE = 500, 500
SAID = {
    "set": "交接已定。到那天两人的手机自动换过来，在那以前可以撤销。",
    "begun": "交接已生效：新的走访人同步后就有这些楼栋，原来的人同步后就没有了。",
    "undone": "交接已撤销，分工和原来一样。",
    "told": "已记下。",
}
# Who is to be told, and what each is called on the page.
TOLD = ("giver", "taker", "leaders", "homes")


@get(PATH, guards=GUARDS, sync_to_thread=True)
def show_handovers(
    request: Asking, intake: NamedDependency[Intake], giver: FromQuery[str] = ""
) -> Template:
    """Those that come and that were; and the form for another, of one person's buildings."""
    with intake.store.read() as tx:
        community_id = request.user.community_id
        today = rows.today_of(tx, community_id, intake.clock())
        people = [
            one
            for one in team.everybody(tx, community_id)
            if one.role in HOLDS_BUILDINGS and one.active
        ]
        held = reads.held_on(tx, community_id, giver, today) if giver else []
        listed = reads.latest(tx, community_id)
    return page.page(
        request,
        "office/handovers/page.html",
        "交接楼栋",
        "plans",
        people=[one for one in people if one.role != "leader" or one.id == giver],
        giver=next((one for one in people if one.id == giver), None) or {"id": ""},
        held=held,
        listed=listed,
        today=today,
    )


@post(f"{PATH}/previews", guards=GUARDS, status_code=200, sync_to_thread=True)
def preview_handover(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Template:
    """What the hand-over would give, before anybody agrees to it; nothing is changed."""
    agreed = _agreed(data, intake, request.user.community_id)
    with intake.store.read() as tx:
        checked = handovers.check(
            tx, request.user.community_id, agreed, author(request), intake.clock()
        )
        view = _view(request, tx, intake, agreed, *checked)
    return page.page(request, "office/handovers/preview.html", "交接前看一遍", "plans", **view)


@post(PATH, guards=GUARDS, status_code=303, sync_to_thread=True)
def set_handover(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    agreed = _agreed(data, intake, request.user.community_id)
    form_id = forms.ident(forms.one(data, "form_id"))
    done = intake.do(
        request.user.community_id,
        lambda writing: handovers.set_handover(writing, author(request), agreed, form_id),
    )
    return Redirect(f"{PATH}/{form_id}?done={done}", status_code=303)


@get(f"{PATH}/{{handover_id:str}}", guards=GUARDS, sync_to_thread=True)
def show_handover(
    request: Asking,
    handover_id: FromPath[str],
    intake: NamedDependency[Intake],
    done: FromQuery[str] = "",
) -> Template:
    view = _kept(request, intake, handover_id)
    return page.page(
        request,
        "office/handovers/handover.html",
        "交接单",
        "plans",
        **view,
        said=SAID.get(done, ""),
    )


@get(f"{PATH}/{{handover_id:str}}/sheet", guards=GUARDS, sync_to_thread=True)
def print_handover(
    request: Asking, handover_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """The same on paper, for the new worker; that it was opened is in the trail."""
    view = _kept(request, intake, handover_id)
    note_print(request, "handover", view["one"]["id"])
    return page.page(request, "office/handovers/sheet.html", "交接单", "plans", **view)


@post(f"{PATH}/{{handover_id:str}}/undos", guards=GUARDS, status_code=303, sync_to_thread=True)
def undo_handover(
    request: Asking, handover_id: FromPath[str], intake: NamedDependency[Intake]
) -> Redirect:
    ident = forms.ident(handover_id)
    intake.do(
        request.user.community_id,
        lambda writing: handovers.undo(writing, author(request), ident),
    )
    return Redirect(f"{PATH}/{ident}?done=undone", status_code=303)


@post(f"{PATH}/{{handover_id:str}}/tellings", guards=GUARDS, status_code=303, sync_to_thread=True)
def tell_handover(
    request: Asking,
    handover_id: FromPath[str],
    intake: NamedDependency[Intake],
    data: URLEncodedBody[FormData],
) -> Redirect:
    """Somebody was told by the office, by word or telephone."""
    ident, name = forms.ident(handover_id), request.user.name
    who = forms.code(data, "who", "告诉了谁", TOLD)
    intake.do(
        request.user.community_id,
        lambda writing: handovers.tell(writing, author(request), ident, who, name),
    )
    return Redirect(f"{PATH}/{ident}?done=told", status_code=303)


HANDLERS: list[Any] = [
    show_handovers,
    preview_handover,
    set_handover,
    show_handover,
    print_handover,
    undo_handover,
    tell_handover,
]


def _agreed(data: FormData, intake: Intake, community_id: str) -> Agreed:
    with intake.store.read() as tx:
        today = rows.today_of(tx, community_id, intake.clock())
    return Agreed(
        forms.ident(forms.one(data, "giver")),
        forms.ident(forms.one(data, "taker")),
        sorted(set(forms.many(data, "building", MAX_BUILDINGS))),
        forms.day(data, "from_on", "从哪天", last=days.after(today, 366)) or today,
        forms.text(data, "note", "交代的话", MAX_NOTE),
    )


def _kept(request: Asking, intake: Intake, handover_id: str) -> dict[str, Any]:
    community_id = request.user.community_id
    with intake.store.read() as tx:
        one = reads.find(tx, community_id, forms.ident(handover_id))
        if one is None:
            raise Refusal("record.unknown")
        people = [rows.find(tx, community_id, one[name]) for name in ("from_id", "to_id")]
        giver, taker = (found for found in people if found is not None)
        agreed = Agreed(giver.id, taker.id, one["buildings"], one["from_on"], one["note"])
        view = _view(request, tx, intake, agreed, giver, taker)
        late = reads.late_work(tx, community_id, giver.id, one["buildings"], one["set_at"])
    told = {line["who"]: line for line in one["told"]}
    return {**view, "one": one, "late": late, "told": told}


def _view(
    request: Asking, tx: Tx, intake: Intake, agreed: Agreed, giver: PersonRow, taker: PersonRow
) -> dict[str, Any]:
    community_id, now = request.user.community_id, intake.clock()
    today = rows.today_of(tx, community_id, now)
    chosen = [one for one in team.buildings(tx, community_id) if one["id"] in agreed.building_ids]
    package = handover_view.of(tx, community_id, giver, taker.id, chosen, now, today)
    return {
        "agreed": agreed,
        "giver": giver,
        "taker": taker,
        "package": package,
        "today": today,
        "begun": int(agreed.from_on <= today),
    }
