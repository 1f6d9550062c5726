"""Does what a workbook of people and buildings was shown to change."""

from collections.abc import Sequence

from server import areas, team
from server.audit import Author
from server.bulk import Line, buildings_of
from server.bulk_sheets import BUILDINGS
from server.intake.writing import Writing
from server.rosters.steps import Author as Sheet
from server.store import people as rows
from server.team import HandOver


def apply(writing: Writing, by: Author, device_id: str, lines: Sequence[Line]) -> int:
    """Do what a plan says, buildings first; rows with an error are left out. How many were done."""
    todo = [line for line in lines if line.state in ("new", "change")]
    for line in todo:
        if line.sheet == BUILDINGS:
            _put_building(writing, by, device_id, line)
        else:
            _put_person(writing, by, line)
    return len(todo)


def _put_building(writing: Writing, by: Author, device_id: str, line: Line) -> None:
    if line.state == "new":
        Sheet(writing, by.id, device_id).submit("building.add", line.asked, None, "")
        return
    building_id, changes = line.asked["id"], dict(line.asked["changes"])
    grid = changes.pop("grid_id", ""), changes.pop("grid_name", "")
    if changes:
        areas.change(writing, by, device_id, [building_id], changes)
    if grid[0]:
        areas.move(writing, by, device_id, building_id, grid)


def _put_person(writing: Writing, by: Author, line: Line) -> None:
    asked = line.asked
    person_id = asked.get("id", "")
    if not person_id:
        person_id = team.add(writing, by, asked["username"], asked["account"])
    if asked.get("edited") or not asked["account"].active:
        team.change(writing, by, person_id, asked["account"])
    if asked["buildings"]:
        known = buildings_of(writing.tx, writing.community_id)
        today = rows.today_of(writing.tx, writing.community_id, writing.now)
        ids = [known[label].id for label in asked["buildings"]]
        team.hand_over(writing, by, HandOver(person_id, ids, today))
