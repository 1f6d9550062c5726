"""A phone's town: the demo community in full, and people in it with many doors or all of them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import sync_playwright

from server import people
from server.demo import seed, town
from server.intake import Intake, now_utc
from server.people import hash_password
from server.setup import add_person
from server.store import people as rows
from server.store.database import Store
from tests.browser.rig import Server
from tests.server.town import PASSWORD

DOORS = 300
WALKER = "00000000-0000-7000-8000-0000000000d0"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
EVERYBODY = "00000000-0000-7000-8000-0000000000d1"


class Place(NamedTuple):
    made: Path
    buildings: dict[str, str]
    doors: dict[str, list[str]]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The demo community in full, a worker with 300 doors in it and one with all of them."""
    folder = tmp_path_factory.mktemp("phones")
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    made = town.build(today=TODAY)
    hashed = hash_password(PASSWORD)
    seed.seed(intake, made, hashed, lambda done, total: None)
    doors: dict[str, list[str]] = {}
    for home in made.households:
        doors.setdefault(home.building_id, []).append(home.id)
    chosen = about(DOORS, made.person["worker6"].building_ids, doors)

    held = {
        "d300": chosen,
        "worker1": list(made.person["worker1"].building_ids),
        "d3300": sorted(doors),
    }

    def move_in(writing: Any) -> None:
        for username, person_id in (("d300", WALKER), ("d3300", EVERYBODY)):
            add_person(
                writing, username, "网格员", "worker", password_hash=hashed, person_id=person_id
            )
            for building_id in held[username]:
                rows.assign(
                    writing.tx, made.community_id, person_id, building_id, TODAY.isoformat()
                )
            people.publish(writing, person_id)

    intake.do(made.community_id, move_in)
    intake.stop()
    store.close()
    return Place(
        folder / "jinlin.db",
        {who: max(some, key=lambda one: len(doors[one])) for who, some in held.items()},
        {who: [door for one in some for door in doors[one]] for who, some in held.items()},
    )


def about(wanted: int, buildings: Any, doors: dict[str, list[str]]) -> list[str]:
    """Whole buildings with about so many doors together."""
    chosen: list[str] = []
    for one in buildings:
        if sum(len(doors[each]) for each in [*chosen, one]) <= wanted + 10:
            chosen.append(one)
    return chosen


@pytest.fixture(scope="module")
def server(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(place.made, tmp_path_factory.mktemp("serving")).start()
    yield running
    running.stop()
