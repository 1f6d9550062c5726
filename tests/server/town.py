"""The small town that the server's tests play in: two grids, three buildings, one of each role."""

import hashlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from litestar import Litestar

from server import people, shapes
from server.app import assemble, furnish
from server.intake import Form, Intake
from server.intake.writing import Writing
from server.people import hash_password
from server.settings import Settings
from server.setup import add_community, add_person
from server.store import people as rows
from server.store.database import Store
from sync.records import Community
from tests import empty
from tests.server.served import Served

# What a password costs to try is of no interest to tests.
people.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# A Tuesday, 10:00 in the community.
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
PASSWORD = "tea-and-oranges"
SECRET = b"a secret of tests"

COMMUNITY = "00000000-0000-7000-8000-00000000c0de"
# username: role, name, buildings
CAST: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "office1": ("office", "麦咏诗", ()),
    "secretary": ("secretary", "何书记", ()),
    "chief": ("chief", "关伟成", ("hongmian", "fenghuang")),
    "worker1": ("worker", "周晓岚", ("hongmian",)),
    "worker2": ("worker", "温家栋", ("lixiang",)),
    "social1": ("social", "卢静", ("hongmian", "fenghuang", "lixiang")),
    "leader1": ("leader", "陈桂枝", ("hongmian",)),
    "street": ("street", "街道办", ()),
    "admin": ("admin", "管理员", ()),
}
PLACES = {
    "hongmian": ("红棉苑", "3栋", "1", "第一网格"),
    "fenghuang": ("凤凰里", "1栋", "1", "第一网格"),
    "lixiang": ("荔香园", "2栋", "2", "第二网格"),
}
# door: building, unit, floor, door_no, resident, birth_on, categories
DOORS: dict[str, tuple[str, str, int, str, str, str, list[str]]] = {
    "huang": ("hongmian", "2", 5, "502", "黄秀珍", "1940-03-02", ["living_alone"]),
    "liang": ("hongmian", "2", 3, "301", "梁建国", "1975-06-18", []),
    "wu": ("fenghuang", "1", 4, "402", "吴丽华", "1950-11-20", ["disability"]),
    "zhong": ("lixiang", "1", 6, "601", "钟伟民", "1962-01-09", []),
}


# Routes that no test uses just now.
FREE: list[Litestar] = []


def ident(kind: str, name: str) -> str:
    """The id of somebody or something in town; the same in every run."""
    digest = hashlib.sha256(f"{kind} {name}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-7{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def page_device(username: str) -> str:
    """The device that numbers what this person's pages send, as the server derives it."""
    return str(uuid.uuid5(uuid.UUID(ident("device", username)), "page"))


class Clock:
    """The time of a test: it stands still until somebody moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


class Member(httpx.Client):
    """One person's browser. `submit` posts an office form with the token its page was given."""

    def __init__(self, transport: Any, token: str = "") -> None:
        super().__init__(
            transport=transport, base_url="http://testserver.local", follow_redirects=True
        )
        self.token = token
        if token:
            self.cookies.set(people.COOKIE, token, domain="testserver.local", path="/")

    @property
    def form_token(self) -> str:
        return people.form_token(SECRET, self.token)

    def submit(self, path: str, **fields: Any) -> httpx.Response:
        return self.post(path, data={**fields, "form_token": self.form_token})


class Town:
    """The running town: its clock, its door for writes, and everybody's browser."""

    def __init__(self, app: Litestar, clock: Clock, transport: Any) -> None:
        self.app = app
        self.clock = clock
        self.intake: Intake = app.state.intake
        self.store: Store = app.state.store
        self.transport = transport
        self.community = COMMUNITY

    def person(self, username: str) -> str:
        return ident("person", username)

    def building(self, name: str) -> str:
        return self._first(
            "select id from building where compound = :compound", compound=PLACES[name][0]
        )

    def household(self, name: str) -> str:
        return self._first("select id from household where label like :end", end=_door_end(name))

    def resident(self, name: str) -> str:
        return self._first(
            "select id from resident where household_id = :household",
            household=self.household(name),
        )

    def nobody(self) -> Member:
        """A browser that nobody has signed in to."""
        return Member(self.transport)

    def __getitem__(self, username: str) -> Member:
        """A new browser of this person, signed in on their own phone."""
        return Member(self.transport, self.token(username))

    def token(self, username: str) -> str:
        """A new session on the person's phone, without the slow password."""

        def opening(writing: Writing) -> str:
            person = rows.by_username(writing.tx, username)
            assert person is not None
            return people.open_session(writing.tx, person, ident("device", username), writing.now)

        token: str = self.intake.do(COMMUNITY, opening)
        return token

    def submit(self, username: str, kind: str, data: Any, base: int | None = None) -> Any:
        """What a form of this person would do; the receipt."""
        device = page_device(username)
        return self.intake.submit(Form(COMMUNITY, self.person(username), device, kind, data, base))

    def audit(self, action: str = "") -> list[dict[str, Any]]:
        """The trail, oldest first."""
        with self.store.read() as tx:
            found = tx.rows(
                "select at, person_id, role, action, target, outcome, address, detail"
                " from audit order by at, id"
            )
        return [row for row in found if action in ("", row["action"])]

    def _first(self, sql: str, **values: str) -> str:
        with self.store.read() as tx:
            found = tx.value(sql, **values)
        assert found, values
        return str(found)


def _door_end(name: str) -> str:
    place, _, _, door_no, *_ = DOORS[name]
    compound, building, *_ = PLACES[place]
    return f"{compound} {building}%{door_no}"


def settle(store: Store, clock: Clock) -> None:
    """Build the town through the one door for writes."""
    intake = Intake(store, clock)
    hashed = hash_password(PASSWORD)
    try:
        intake.do(COMMUNITY, lambda writing: _move_in(writing, hashed))
        places = {name: _add_building(intake, *place) for name, place in PLACES.items()}
        intake.do(COMMUNITY, lambda writing: _hand_out(writing, places))
        for place, unit, floor, door_no, resident, birth_on, categories in DOORS.values():
            home = _submit(
                intake,
                "household.add",
                building_id=places[place],
                unit=unit,
                floor=floor,
                door_no=door_no,
            )
            _submit(
                intake,
                "resident.add",
                household_id=home,
                name=resident,
                birth_on=birth_on,
                categories=categories,
            )
        shapes.note(intake)
    finally:
        intake.stop()


def _move_in(writing: Writing, hashed: str) -> None:
    community = Community(
        id=COMMUNITY,
        name="清龙社区",
        office_phone="02000001234",
        timezone="Asia/Shanghai",
        review_rules={"sample": 0},
    )
    add_community(writing, community)
    for username, (role, name, _) in CAST.items():
        person_id = ident("person", username)
        add_person(writing, username, name, role, password_hash=hashed, person_id=person_id)
        devices = {ident("device", username): "测试手机", page_device(username): "网页"}
        for device_id, device_name in devices.items():
            rows.add_device(writing.tx, COMMUNITY, device_id, person_id, device_name, writing.now)


def _add_building(intake: Intake, compound: str, building: str, grid: str, grid_name: str) -> str:
    return _submit(
        intake,
        "building.add",
        compound=compound,
        name=building,
        grid_id=grid,
        grid_name=grid_name,
        units=2,
        floors=7,
        style="walkup",
    )


def _hand_out(writing: Writing, places: dict[str, str]) -> None:
    for username, (_, _, held) in CAST.items():
        person_id = ident("person", username)
        for place in held:
            rows.assign(writing.tx, COMMUNITY, person_id, places[place], "2026-01-01")
        people.publish(writing, person_id)


def _submit(intake: Intake, kind: str, **data: Any) -> str:
    person, device = ident("person", "office1"), page_device("office1")
    receipt = intake.submit(Form(COMMUNITY, person, device, kind, data))
    assert receipt.id
    return receipt.id


def make(folder: Path) -> Path:
    """The town on disk, built once and copied for every test."""
    path = empty.put(folder)
    store = Store(path)
    settle(store, Clock())
    store.close()
    # What a server writes at its first start.
    app = furnish(assemble(), Settings(data=folder, secret=SECRET), Clock())
    app.state.intake.stop()
    app.state.store.close()
    FREE.append(app)
    return path


@contextmanager
def run(made: Path, folder: Path, settings: Settings | None = None) -> Iterator[Town]:
    """A copy of the town with its server."""
    shutil.copy(made, folder / "jinlin.db")
    clock = Clock()
    # Putting the routes together takes most of a test: those of the last one serve again.
    app = FREE.pop() if FREE else assemble()
    furnish(app, settings or Settings(data=folder, secret=SECRET), clock)
    with Served(app) as served:
        yield Town(app, clock, served)
    FREE.append(app)
