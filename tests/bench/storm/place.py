"""A community in full and the phones that come home to it, each with its push ready as bytes."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import uuid_utils

from server import people
from server.demo import seed, town
from server.demo.figures import FULL_HOUSEHOLDS
from server.intake import Intake, now_utc
from server.setup import add_person
from server.store import paging, system
from server.store import people as rows
from server.store.database import Store, Tx

BUILDINGS_EACH = 2
LEAST, MOST = 700, 800
NOTE = (
    "开门的是老人本人，精神不错，饭量正常，血压药按时在吃，家里煤气和电线看过没有问题。"
    "说上周女儿回来住了两天，冰箱里有菜。提醒了天气转凉加衣服，防滑垫已经铺好。"
    "楼道灯坏了一盏，已经记下来报给物业。下次来时带上体检预约单，并问问助听器修好没有。"
)


class Phone(NamedTuple):
    """One phone: its token, its operations, what it has of its streams and where they ended."""

    token: str
    operations: list[bytes]
    cursors: dict[str, int]
    heads: dict[str, int]

    def empty(self) -> "Phone":
        """The same phone before its first sync."""
        return self._replace(cursors={})


def make_town(folder: Path, households: int = FULL_HOUSEHOLDS) -> None:
    """The demo community in a new database of this folder."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    seed.seed(intake, town.build(households, today=today), "", lambda done, total: None)
    intake.stop()
    store.close()


def make_phones(folder: Path, count: int, visits: int, each: int = BUILDINGS_EACH) -> list[Phone]:
    """So many people with a few buildings and a phone each, and what they did while offline."""
    rng = random.Random("storm")
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    with store.read() as tx:
        community_id = system.community_ids(tx)[0]
        doors = _doors(tx, community_id)
        living = _living(tx, community_id)
    buildings = sorted(doors)
    theirs = [
        [buildings[(each * i + j) % len(buildings)] for j in range(min(each, len(buildings)))]
        for i in range(count)
    ]
    tokens: list[str] = intake.do(
        community_id, lambda writing: [_enrol(writing, i, some) for i, some in enumerate(theirs)]
    )
    phones = []
    with store.read() as tx:
        heads = paging.heads(tx, community_id, [f"building:{one}" for one in buildings])
        for token, some in zip(tokens, theirs, strict=True):
            person = people.of_token(tx, token, now_utc())
            assert person is not None
            at = paging.heads(tx, community_id, person.streams)
            behind = [door for one in some for door in doors[one]]
            chosen = rng.sample(behind, min(visits, len(behind)))
            chosen += rng.choices(behind, k=visits - len(chosen))
            cursors = {stream: heads.get(stream, at[stream]) for stream in person.streams}
            operations = [_visit(rng, n, door, living) for n, door in enumerate(chosen, 1)]
            phones.append(Phone(token, operations, cursors, cursors))
    intake.stop()
    store.close()
    return phones


def _doors(tx: Tx, community_id: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for building_id, door in tx.tuples(
        "select building_id, id from household where community_id = :c and status <> 'gone'"
        " order by id",
        c=community_id,
    ):
        found.setdefault(building_id, []).append(door)
    return found


def _living(tx: Tx, community_id: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for door, resident_id in tx.tuples(
        "select household_id, id from resident where community_id = :c and status = 'living'"
        " order by id",
        c=community_id,
    ):
        found.setdefault(door, []).append(resident_id)
    return found


def _enrol(writing: Any, number: int, buildings: list[str]) -> str:
    """A worker with these buildings and a phone, as `devices mint` makes it; the token."""
    home, today = writing.community_id, "2026-01-01"
    person_id = add_person(writing, f"w{uuid_utils.uuid4()}", f"网格员{number}", "worker")
    for building_id in buildings:
        rows.assign(writing.tx, home, person_id, building_id, today)
    people.publish(writing, person_id)
    person = rows.find(writing.tx, home, person_id)
    device_id = str(uuid_utils.uuid7())
    rows.add_device(writing.tx, home, device_id, person_id, "手机", writing.now)
    return people.open_session(writing.tx, person, device_id, writing.now)


def _visit(rng: random.Random, n: int, door: str, living: dict[str, list[str]]) -> bytes:
    """One visit of today as a phone writes it down, padded by its note to its usual weight."""
    ended = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=10 * (60 - n))
    started = ended - timedelta(minutes=rng.randint(4, 9))
    data = {
        "household_id": door,
        "type": "routine",
        "method": "door",
        "result": "met",
        "resident_ids": living.get(door, [])[:2],
        "note": "",
        "started_at": started.isoformat(timespec="milliseconds"),
        "ended_at": ended.isoformat(timespec="milliseconds"),
    }
    envelope = {
        "id": str(uuid_utils.uuid7()),
        "n": n,
        "kind": "visit.record",
        "at": ended.isoformat(timespec="milliseconds"),
        "data": data,
    }
    room = rng.randint(LEAST, MOST) - len(_text(envelope))
    data["note"] = (NOTE * 4)[: room // 3] + "。" * (room % 3 > 2)
    return _text(envelope)


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
