"""Looking after the places themselves: names of grids and compounds, and who comes and goes with a
building that moves to another grid."""

from typing import Any

from server import people, team
from server.audit import Author
from server.intake.writing import Writing
from server.rosters.steps import Author as Sheet
from server.store import areas as reads
from server.store import people as rows
from server.store.database import Tx
from server.team import HandOver
from sync import days
from sync.records import Building
from sync.refusals import Refusal


def movers(
    tx: Tx, community_id: str, building_id: str, grid_id: str, today: str
) -> dict[str, list[dict[str, Any]]]:
    """Who gives a building up when it moves to a grid, and who takes it over.

    Whoever looks after the rest of the new grid takes it; whoever has nothing there gives it up.
    Building leaders stay with their building.
    """
    grid = {one for one in reads.of_grid(tx, community_id, grid_id) if one != building_id}
    leaving, coming = [], []
    for person, held in reads.field_staff(tx, community_id, today):
        if building_id in held and not held & grid:
            leaving.append(person)
        elif building_id not in held and grid and grid <= held:
            coming.append(person)
    return {"leaving": leaving, "coming": coming}


def move(
    writing: Writing, by: Author, device_id: str, building_id: str, grid: tuple[str, str]
) -> None:
    """A building into another grid, with the rights to it, from today on."""
    tx, home = writing.tx, writing.community_id
    today = rows.today_of(tx, home, writing.now)
    found = movers(tx, home, building_id, grid[0], today)
    change(writing, by, device_id, [building_id], {"grid_id": grid[0], "grid_name": grid[1]})
    for person in found["leaving"]:
        team.end(writing, by, person["id"], [building_id], days.after(today, -1))
    for person in found["coming"]:
        team.hand_over(writing, by, HandOver(person["id"], [building_id], today))


def change(
    writing: Writing, by: Author, device_id: str, building_ids: list[str], changes: dict[str, Any]
) -> None:
    """The same change for several buildings, each an operation; what is so already stays."""
    sheet = Sheet(writing, by.id, device_id)
    touched = set()
    for building_id in building_ids:
        building = writing.records.get("building", building_id)
        if not isinstance(building, Building):
            raise Refusal("record.unknown")
        wanted = {k: v for k, v in changes.items() if getattr(building, k) != v}
        if wanted:
            data = {"id": building_id, "changes": wanted}
            sheet.submit("building.change", data, building.version, "")
            touched.add(building_id)
    if not touched:
        raise Refusal("nothing.changed")
    # A person's own phone says in which grids they work.
    for person_id in reads.holders(writing.tx, writing.community_id, touched):
        people.publish(writing, person_id)


def remove(writing: Writing, by: Author, device_id: str, building_id: str) -> None:
    """A building without doors goes, and with it whoever was to look after it."""
    holders = reads.holders(writing.tx, writing.community_id, {building_id})
    sheet = Sheet(writing, by.id, device_id)
    sheet.submit("building.remove", {"id": building_id}, None, "")
    reads.forget(writing.tx, writing.community_id, building_id)
    for person_id in holders:
        people.publish(writing, person_id)


def tell_everybody(writing: Writing) -> None:
    """The community's name stands on everybody's phone."""
    for person_id in rows.ids(writing.tx, writing.community_id):
        people.publish(writing, person_id)
