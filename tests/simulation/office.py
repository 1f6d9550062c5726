"""What the office does meanwhile: it decides, corrects, and changes the roster under the phones."""

from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from sync.refusals import Refusal
from tests.simulation.cast import ident
from tests.simulation.field import RESULTS, edits, visit_data

if TYPE_CHECKING:
    from tests.simulation.town import Town


CALLED = {"contact": "phone", "resident": "name", "household": "label"}


def review(town: "Town", chance: Random) -> None:
    waiting = _rows(town, "select id, version from visit where review = 'waiting' order by id")
    if waiting:
        visit = chance.choice(waiting)
        if chance.random() < 0.5:
            submit(town, chance, "review.approve", {"id": visit["id"]}, visit["version"])
        else:
            data = {"id": visit["id"], "reason": "请写清楚", "field": "note"}
            submit(town, chance, "review.return", data, visit["version"])
    _take_back(town, chance)


def _take_back(town: "Town", chance: Random) -> None:
    """Now and then a decision was a slip of the finger."""
    decided = _rows(
        town,
        "select id, version from visit where review in ('approved', 'returned') order by id",
    )
    if decided and chance.random() < 0.2:
        visit = chance.choice(decided)
        submit(town, chance, "review.reopen", {"id": visit["id"]}, visit["version"])


def dispute(town: "Town", chance: Random) -> None:
    """Choose one of two values; now and then one that no field takes."""
    found = _rows(town, "select id, current from dispute where state = 'open' order by id")
    if not found:
        return
    one = chance.choice(found)
    value: Any = msgspec.json.decode(one["current"]) if chance.random() < 0.6 else {"no": "value"}
    data = {"id": one["id"], "value": value}
    phones = [phone for phone in town.phones if phone.role == "office"]
    if phones and chance.random() < 0.7:
        chance.choice(phones).record(town.backend.clock.now, "dispute.decide", data)
    else:
        submit(town, chance, "dispute.decide", data)


def quarantine(town: "Town", chance: Random) -> None:
    """Accept as it is, accept with other words, or refuse."""
    kept = _rows(town, """select "key", kind from quarantine where state = 'waiting' order by 1""")
    if not kept:
        return
    one = chance.choice(kept)
    data = {"key": one["key"], "decision": chance.choice(["accept", "accept", "refuse"])}
    homes = _rows(town, "select id from household order by label, id")
    if data["decision"] == "accept" and one["kind"] == "visit.record" and chance.random() < 0.5:
        data["data"] = visit_data(chance.choice(homes)["id"], chance)
    submit(town, chance, "quarantine.decide", data)


def correction(town: "Town", chance: Random) -> None:
    visits = _rows(town, "select id from visit where withdrawn = 0 order by id")
    data = {"id": chance.choice(visits)["id"], "changes": {"result": chance.choice(RESULTS)}}
    submit(town, chance, "visit.correct", data)


def change(town: "Town", chance: Random) -> None:
    """Edit a record from the version it has."""
    kind = chance.choice(["contact", "resident", "household"])
    found = _rows(town, f"select id, version from {kind} order by {CALLED[kind]}, id")
    if found:
        one = chance.choice([found[0], chance.choice(found)])
        data = {"id": one["id"], "changes": edits(kind, chance)}
        submit(town, chance, f"{kind}.change", data, one["version"])


def move(town: "Town", chance: Random) -> None:
    """Somebody moves behind another door, often into another building."""
    people = _rows(town, "select id, version from resident order by name, id")
    homes = _rows(town, "select id from household order by label, id")
    if people:
        one = chance.choice(people)
        data = {"id": one["id"], "changes": {"household_id": chance.choice(homes)["id"]}}
        submit(town, chance, "resident.change", data, one["version"])


def add(town: "Town", chance: Random) -> None:
    homes = _rows(town, "select id from household order by label, id")
    buildings = _rows(town, "select id from building order by id")
    home = chance.choice(homes)["id"]
    match chance.randrange(5):
        case 0:
            door = {"building_id": chance.choice(buildings)["id"], "floor": 3, "door_no": "301"}
            submit(town, chance, "household.add", door)
        case 1:
            submit(town, chance, "resident.add", {"household_id": home, "name": "迁入的"})
        case 2:
            number = {"household_id": home, "phone": f"1400001{chance.randint(0, 99):04d}"}
            submit(town, chance, "contact.add", number)
        case 3:
            submit(town, chance, "task.add", {"household_id": home, "reason": "送药"})
        case 4:
            rest = {"changes": {"refused_rest_days": chance.randint(1, 60)}}
            submit(town, chance, "community.change", rest)


def remove(town: "Town", chance: Random) -> None:
    """Take something off the roster; the rules refuse what has a history."""
    kind = chance.choice(["household", "resident", "resident", "contact"])
    found = _rows(town, f"select id from {kind} order by {CALLED[kind]} desc, id desc limit 6")
    if found:
        submit(town, chance, f"{kind}.remove", {"id": chance.choice(found)["id"]})


def close(town: "Town", chance: Random) -> None:
    tasks = _rows(town, "select id from task where status = 'open' order by id")
    if tasks:
        data = {"id": chance.choice(tasks)["id"], "status": chance.choice(["done", "cancelled"])}
        submit(town, chance, "task.close", data)


def submit(town: "Town", chance: Random, kind: str, data: Any, base: int | None = None) -> None:
    """What a page of the office sends; what the rules refuse changes nothing."""
    form_id = ident(8, chance.getrandbits(47))
    try:
        town.backend.submit(kind, data, form_id, base)
        if chance.random() < 0.1:
            town.backend.submit(kind, data, form_id, base)  # tapped twice
    except Refusal:
        pass


def _rows(town: "Town", sql: str) -> list[dict[str, Any]]:
    return town.backend.rows(sql)
