"""冲突: two values of one field, side by side, and the office's word."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import conflict_view, forms, page, roster_forms
from server.office.conflict_view import ConflictView
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.trail import note_view
from server.store import conflicts as reads
from sync.refusals import Refusal

FRAGMENT = "office/conflicts/_conflict.html"
CHOICES = ("proposed", "current", "other")


@get("/office/conflicts", guards=GUARDS, sync_to_thread=True)
def show_conflicts(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake, "")
    return page.page(request, "office/conflicts/page.html", "冲突", "conflicts", **view)


@get("/office/conflicts/{dispute_id:str}", guards=GUARDS, sync_to_thread=True)
def show_conflict(
    request: Asking, dispute_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    view = _view(request, intake, forms.ident(dispute_id))
    return page.page(request, "office/conflicts/page.html", "冲突", "conflicts", **view)


@post(
    "/office/conflicts/{dispute_id:str}/decisions",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def decide_conflict(
    request: Asking,
    dispute_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    choice = forms.code(data, "choice", "用哪一个", CHOICES)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        found = conflict_view.of(tx, community, forms.ident(dispute_id))
    value = _value(found, choice, data, page.today_of(request))
    decided = {"id": dispute_id, "value": value}
    forms.send(intake, request.user, "dispute.decide", decided, data)
    view = _view(request, intake, forms.one(data, "next"))
    said = "已定，两处的手机同步后都会看到。"
    chosen = view["chosen"].dispute["id"] if view["chosen"] else ""
    url = f"/office/conflicts/{chosen}".rstrip("/")
    return page.changed(request, FRAGMENT, url, "conflicts", **{**view, "said": said})


def _value(found: ConflictView, choice: str, data: FormData, today: str) -> Any:
    """The value that was chosen, of what the page showed."""
    if found.dispute["state"] == "open" and forms.base_of(data) != found.record.version:
        raise Refusal("dispute.changed")
    if choice == "other":
        return roster_forms.value_of(data, found.dispute["field"], today)
    return found.proposed.value if choice == "proposed" else found.current.value


def _view(request: Asking, intake: Intake, dispute_id: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        rows = reads.waiting(tx, community.id)
        ids = [one["id"] for one in rows]
        at = ids.index(dispute_id) if dispute_id in ids else 0
        picked = dispute_id or "".join(ids[:1])
        chosen = conflict_view.of(tx, community, picked) if picked else None
    if chosen:
        note_view(request, "household", chosen.dispute["household_id"])
    return {
        "rows": rows,
        "at": at,
        "chosen": chosen,
        "before_id": ids[at - 1] if at > 0 else "",
        "next_id": ids[at + 1] if at + 1 < len(ids) else "",
        "said": "",
    }
