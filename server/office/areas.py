"""区域: community, grids, compounds and buildings: added, called otherwise, moved, closed."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from server import areas
from server.intake import Intake
from server.office import area_forms, forms, page
from server.office.area_forms import MOST_WORD, STYLES
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.store import areas as reads
from server.store import buildings as carers
from server.store.records import Records
from sync.refusals import Refusal

DONE = frozenset({"community", "grid", "compound", "added", "changed", "moved", "removed"})


@get("/office/areas", guards=GUARDS, sync_to_thread=True)
def show_areas(
    request: Asking, intake: NamedDependency[Intake], done: FromQuery[str] = ""
) -> Template:
    """Everything that has a name here, and how many lie in it."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        grids = reads.grids(tx, community.id, page.today(intake, community))
        buildings = reads.buildings(tx, community.id)
        above = reads.of_role(tx, community.id, "street")
    return page.page(
        request,
        "office/areas/page.html",
        "区域",
        "buildings",
        community=community,
        above=above,
        grids=grids,
        compounds=area_forms.compounds(buildings),
        buildings=buildings,
        styles=STYLES,
        done=done if done in DONE else "",
    )


@post("/office/areas/community", guards=GUARDS, status_code=303, sync_to_thread=True)
def change_community(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    """What the community is called, where it belongs and whom to telephone; on every phone."""
    wanted = {
        "name": forms.text(data, "name", "社区名称", MOST_WORD, needed=True),
        "subdistrict": forms.text(data, "subdistrict", "所属街道", MOST_WORD),
        "office_phone": forms.phone(data, "office_phone")
        if forms.one(data, "office_phone")
        else "",
    }
    changes = forms.changes(data, wanted)
    forms.send(intake, request.user, "community.change", {"changes": changes}, data)
    intake.do(request.user.community_id, areas.tell_everybody)
    return _back("community")


@post("/office/areas/grids", guards=GUARDS, status_code=303, sync_to_thread=True)
def rename_grid(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    """Another name for a grid, on all its buildings and on the phones of who works there."""
    name = forms.text(data, "name", "网格名称", MOST_WORD, needed=True)
    grid = forms.one(data, "grid")
    with intake.store.read() as tx:
        ids = reads.of_grid(tx, request.user.community_id, grid)
        taken = area_forms.taken(tx, request.user.community_id, grid, name)
    if taken:
        raise Refusal("grid.same_name", name=name)
    _change(request, intake, ids, {"grid_name": name})
    return _back("grid")


@post("/office/areas/compounds", guards=GUARDS, status_code=303, sync_to_thread=True)
def rename_compound(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    """Another name for a compound, in the address of every door."""
    name = forms.text(data, "name", "小区名称", MOST_WORD, needed=True)
    before = forms.one(data, "compound")
    with intake.store.read() as tx:
        found = reads.buildings(tx, request.user.community_id)
    ids = [one["id"] for one in found if one["compound"] == before]
    _change(request, intake, ids, {"compound": name})
    return _back("compound")


@post("/office/areas/buildings", guards=GUARDS, status_code=303, sync_to_thread=True)
def add_building(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    """A building without doors yet. A grid that is new begins with it."""
    with intake.store.read() as tx:
        grid = area_forms.grid(tx, request.user.community_id, data)
    asked = {**area_forms.facts(data), "grid_id": grid[0], "grid_name": grid[1]}
    forms.send(intake, request.user, "building.add", asked, data)
    return _back("added")


@get("/office/areas/buildings/{building_id:str}", guards=GUARDS, sync_to_thread=True)
def show_building_facts(
    request: Asking,
    intake: NamedDependency[Intake],
    building_id: FromPath[str],
    grid: FromQuery[str] = "",
) -> Template:
    """What a building is called and how big it is; with `grid`, who would come and go."""
    home = request.user.community_id
    with intake.store.read() as tx:
        building = area_forms.building(tx, home, building_id)
        today = page.today(intake, page.community_of(tx, home))
        grids = reads.grids(tx, home, today)
        movers = areas.movers(tx, home, building_id, grid, today) if grid else {}
        held = carers.carers(tx, home, building_id, today)
        doors = Records(tx, home).doors_of(building_id)
    return page.page(
        request,
        "office/areas/building.html",
        building.label,
        "buildings",
        building=building,
        grids=grids,
        chosen=next((one for one in grids if grid and one["grid_id"] == grid), {}),
        movers=movers,
        held=held,
        doors=len(doors),
        styles=STYLES,
    )


@post(
    "/office/areas/buildings/{building_id:str}/changes",
    guards=GUARDS,
    status_code=303,
    sync_to_thread=True,
)
def change_building_facts(
    request: Asking,
    intake: NamedDependency[Intake],
    building_id: FromPath[str],
    data: URLEncodedBody[FormData],
) -> Redirect:
    """What somebody touched, so that two who change different things both keep theirs."""
    changes = forms.changes(data, area_forms.facts(data))
    _change(request, intake, [forms.ident(building_id)], changes)
    return _back("changed")


@post(
    "/office/areas/buildings/{building_id:str}/moves",
    guards=GUARDS,
    status_code=303,
    sync_to_thread=True,
)
def move_building(
    request: Asking,
    intake: NamedDependency[Intake],
    building_id: FromPath[str],
    data: URLEncodedBody[FormData],
) -> Redirect:
    """Into another grid, with the rights to it."""
    with intake.store.read() as tx:
        area_forms.building(tx, request.user.community_id, building_id)
        grid = area_forms.grid(tx, request.user.community_id, data)
    device = request.user.page_device
    intake.do(
        request.user.community_id,
        lambda writing: areas.move(writing, author(request), device, building_id, grid),
    )
    return _back("moved")


@post(
    "/office/areas/buildings/{building_id:str}/removals",
    guards=GUARDS,
    status_code=303,
    sync_to_thread=True,
)
def remove_building(
    request: Asking, intake: NamedDependency[Intake], building_id: FromPath[str]
) -> Redirect:
    """One that holds a door, or held one that is remembered, cannot go."""
    device, wanted = request.user.page_device, forms.ident(building_id)
    intake.do(
        request.user.community_id,
        lambda writing: areas.remove(writing, author(request), device, wanted),
    )
    return _back("removed")


HANDLERS: list[Any] = [
    show_areas,
    change_community,
    rename_grid,
    rename_compound,
    add_building,
    show_building_facts,
    change_building_facts,
    move_building,
    remove_building,
]


def _back(done: str) -> Redirect:
    return Redirect(f"/office/areas?done={done}", status_code=303)


def _change(request: Asking, intake: Intake, ids: list[str], changes: dict[str, Any]) -> None:
    if not ids:
        raise Refusal("record.unknown")
    device = request.user.page_device
    intake.do(
        request.user.community_id,
        lambda writing: areas.change(writing, author(request), device, ids, changes),
    )
