"""Who looks after which building, from which day until which: hand-overs and leave are rows."""

from typing import Any

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from server import team
from server.intake import Intake
from server.office import forms
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.store import people as rows
from server.store import team as reads
from server.team import HandOver
from sync.refusals import Refusal

MAX_BUILDINGS = 500


@post(
    "/office/people/{person_id:str}/buildings",
    guards=GUARDS,
    status_code=303,
    sync_to_thread=True,
)
def hand_over(
    request: Asking,
    intake: NamedDependency[Intake],
    person_id: FromPath[str],
    data: URLEncodedBody[FormData],
) -> Redirect:
    """Give buildings, or a whole grid, from a day on."""
    community_id = request.user.community_id
    chosen = forms.many(data, "building", MAX_BUILDINGS)
    grids = forms.many(data, "grid")
    with intake.store.read() as tx:
        today = rows.today_of(tx, community_id, intake.clock())
        in_grids = [
            one["id"] for one in reads.buildings(tx, community_id) if one["grid_id"] in grids
        ]
    asked = HandOver(
        person_id,
        sorted({*chosen, *in_grids}),
        forms.day(data, "from_on", "从哪天") or today,
        forms.day(data, "until_on", "到哪天"),
        instead=forms.one(data, "instead") == "1",
    )
    intake.do(community_id, lambda writing: team.hand_over(writing, author(request), asked))
    return Redirect(f"/office/people/{person_id}?done=handed", status_code=303)


@post("/office/people/{person_id:str}/ends", guards=GUARDS, status_code=303, sync_to_thread=True)
def end_hand_over(
    request: Asking,
    intake: NamedDependency[Intake],
    person_id: FromPath[str],
    data: URLEncodedBody[FormData],
) -> Redirect:
    """A last day with some buildings."""
    chosen = forms.many(data, "building", MAX_BUILDINGS)
    last_on = forms.day(data, "last_on", "最后一天")
    if not last_on:
        raise Refusal("field.empty", field="最后一天")
    intake.do(
        request.user.community_id,
        lambda writing: team.end(writing, author(request), person_id, chosen, last_on),
    )
    return Redirect(f"/office/people/{person_id}?done=ended", status_code=303)


HANDLERS: list[Any] = [hand_over, end_hand_over]
