"""A town with one neighbourhood for each seed: nobody meets anybody of another seed."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server import people
from server.intake import Intake, make_operation, now_utc
from server.intake.receiving import Sender
from server.intake.writing import Writing
from server.setup import add_community, add_person
from server.store import people as rows
from server.store.database import Store
from sync.records import Community
from tests.server.town import ident

# One person with two phones, and one whose doors include hers: who meets whom at which door.
PHONES = (("worker", 0), ("worker", 1), ("chief", 0))
BUILDINGS = {"near": ("worker", "chief"), "far": ("chief",)}
DOORS = (("near", "301"), ("near", "502"), ("far", "402"))


@dataclass(frozen=True)
class Phone:
    """Whose phone it is, and the session it was given."""

    person_id: str
    device_id: str
    token: str


@dataclass
class Neighbourhood:
    seed: int
    community_id: str
    phones: list[Phone] = field(default_factory=list)


def make(folder: Path, seeds: list[int]) -> dict[int, Neighbourhood]:
    """Write the town to `folder`; who has which phone, by seed."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    try:
        return {seed: _neighbourhood(intake, seed) for seed in seeds}
    finally:
        intake.stop()
        store.close()


def _neighbourhood(intake: Intake, seed: int) -> Neighbourhood:
    made = Neighbourhood(seed, ident("community", f"phones {seed}"))
    intake.do(made.community_id, lambda writing: _settle(writing, made))
    return made


def _settle(writing: Writing, made: Neighbourhood) -> None:
    name = f"phones {made.seed}"
    ordinary = {"sample": 0}  # what is looked at follows from the cast, not from chance
    home = Community(
        id=made.community_id, name=name, timezone="Asia/Shanghai", review_rules=ordinary
    )
    add_community(writing, home)
    person = {role: ident(role, name) for role in ("worker", "chief", "office")}
    for role, person_id in person.items():
        add_person(writing, f"{role} {name}", role, role, person_id=person_id)
    office = ident("device", f"office {name}")
    rows.add_device(writing.tx, made.community_id, office, person["office"], "", writing.now)
    _roster(writing, made, person, office)
    for role, number in PHONES:
        device = ident("device", f"{role} {number} {name}")
        rows.add_device(writing.tx, made.community_id, device, person[role], "", writing.now)
        row = rows.find(writing.tx, made.community_id, person[role])
        assert row is not None
        token = people.open_session(writing.tx, row, device, writing.now)
        made.phones.append(Phone(person[role], device, token))


def _roster(writing: Writing, made: Neighbourhood, person: dict[str, str], office: str) -> None:
    sender = Sender(made.community_id, person["office"], office, datetime.now(UTC), timedelta(0))

    def submit(kind: str, **data: Any) -> str:
        n = writing.ledgers.next_number(office)
        receipt = writing.apply_now(make_operation(kind, data, n, writing.now), sender)
        assert receipt.id
        return receipt.id

    place = {}
    for name, holders in BUILDINGS.items():
        place[name] = submit("building.add", compound=name, name="1栋", grid_id="1", units=1)
        for role in holders:
            rows.assign(writing.tx, made.community_id, person[role], place[name], "2026-01-01")
    for role in ("worker", "chief"):
        people.publish(writing, person[role])
    chance = random.Random(made.seed)
    for name, door_no in DOORS:
        home = submit("household.add", building_id=place[name], unit="1", floor=3, door_no=door_no)
        birth_on = f"19{chance.randint(35, 80)}-03-02"
        one = submit("resident.add", household_id=home, name=f"住户{door_no}", birth_on=birth_on)
        phone = f"138{chance.randint(10_000_000, 99_999_999)}"
        submit("contact.add", household_id=home, resident_id=one, phone=phone, relation="self")
