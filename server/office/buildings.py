"""楼栋与住户: every building with what waits there, one of them as a map, and a new door."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template

from server.field.shelf import MemoryShelf
from server.field.views.building import building as drawn
from server.intake import Intake
from server.office import forms, page, roster_forms
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import buildings as reads
from server.store import feed, issue_board, proposals, removals
from server.store.database import Tx
from server.store.issue_board import Wanted
from sync.operations import stamp
from sync.records import BEHIND_DOORS
from sync.refusals import Refusal


@get("/office/buildings", guards=GUARDS, sync_to_thread=True)
def show_buildings(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        rows = reads.listed(tx, community.id, page.today(intake, community))
        proposed = proposals.count(tx, community.id)
    compounds: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        compounds.setdefault(row["compound"], []).append(row)
    return page.page(
        request,
        "office/buildings/page.html",
        "楼栋与住户",
        "buildings",
        compounds=compounds,
        proposed=proposed,
    )


@get("/office/buildings/{building_id:str}", guards=GUARDS, sync_to_thread=True)
def show_building(
    request: Asking,
    building_id: FromPath[str],
    intake: NamedDependency[Intake],
    show: FromQuery[str] = "",
    door: FromQuery[str] = "",
) -> Template:
    """The map of a building as its worker's phone shows it, with the names of all doors."""
    params = {"id": forms.ident(building_id), "show": show, "door": door}
    now = stamp(intake.clock())
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        shelf = _shelf(tx, community.id, building_id)
        carers = reads.carers(tx, community.id, building_id, page.today(intake, community))
        issues = issue_board.count(tx, community.id, Wanted(building=building_id))
        removed = removals.of_building(tx, community.id, building_id)
    view = drawn(shelf, params, now, {})
    if view is None:
        raise Refusal("record.unknown")
    return page.page(
        request,
        "office/buildings/building.html",
        view["building"]["label"],
        "buildings",
        view=view,
        carers=carers,
        issues=issues,
        removed=removed,
    )


@post(
    "/office/buildings/{building_id:str}/households",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def add_household(
    request: Asking,
    building_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    added = {"building_id": forms.ident(building_id), **roster_forms.door(data)}
    receipt = forms.send(intake, request.user, "household.add", added, data)
    return page.go(request, f"/office/households/{receipt.id}")


def _shelf(tx: Tx, community_id: str, building_id: str) -> MemoryShelf:
    """The records behind the doors of one building, as they travel to its worker's phone."""
    records = [
        (kind, record)
        for kind in BEHIND_DOORS
        for record in feed.shown(tx, community_id, f"building:{building_id}", kind)
    ]
    own = feed.shown(tx, community_id, f"community:{community_id}", "community")
    return MemoryShelf([*records, *(("community", one) for one in own)])
