"""What people do at doors: each step reads what the phone shows, as a worker does."""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from tests.simulation.cast import START
from tests.simulation.phone import Phone

if TYPE_CHECKING:
    from tests.simulation.town import Town

RESULTS = ("met", "met_family", "phone_ok", "not_home", "refused", "no_answer", "hospital")
RARE_RESULTS = ("moved_out", "deceased", "vacant", "wrong_info", "away")
NOWHERE = "0199ffff-0000-7000-8000-000000000000"
FIELDWORK = ("worker", "chief", "social")


def visit(town: "Town", chance: Random) -> None:
    phone = town.someone(chance, FIELDWORK)
    homes = phone.all("household")
    if not homes:
        return
    home = chance.choice(homes)
    data = visit_data(home["id"], chance)
    here = [one["id"] for one in phone.all("resident") if one["household_id"] == home["id"]]
    data["resident_ids"] = [one for one in here if chance.random() < 0.6]
    tasks = [one["id"] for one in phone.all("task") if one["household_id"] == home["id"]]
    data["task_ids"] = [one for one in tasks if chance.random() < 0.5]
    if chance.random() < 0.15:
        data["followup"] = "下周再来"
    now = town.backend.clock.now
    if chance.random() < 0.3:
        data["started_at"] = phone.time(now).isoformat(timespec="milliseconds")
        if chance.random() < 0.3:
            jump_clock(phone, chance)
        now = town.backend.clock.now = now + timedelta(minutes=chance.randint(0, 20))
        data["ended_at"] = phone.time(now).isoformat(timespec="milliseconds")
    phone.record(now, "visit.record", data)


def visit_data(household_id: str, chance: Random) -> dict[str, Any]:
    return {
        "household_id": household_id,
        "type": chance.choice(["routine", "elder_care", "phone"]),
        "method": chance.choice(["door", "door", "phone"]),
        "result": chance.choice(RESULTS if chance.random() < 0.9 else RARE_RESULTS),
        "resident_ids": [],
    }


def edit(town: "Town", chance: Random) -> None:
    """Change a record from the version that this phone shows."""
    phone = town.someone(chance, (*FIELDWORK, "office"))
    kind = chance.choice(["contact", "contact", "resident", "resident", "household"])
    found = phone.all(kind)
    if not found:
        return
    # Everybody knows somebody whose number is never right.
    record = chance.choice([found[0], chance.choice(found)])
    for _ in range(chance.choice([1, 1, 2])):
        changes = edits(kind, chance)
        homes = phone.all("household")
        if kind == "resident" and homes and chance.random() < 0.25:
            changes["household_id"] = chance.choice(homes)["id"]
        data = {"id": record["id"], "changes": changes}
        phone.record(town.backend.clock.now, f"{kind}.change", data, base=record["version"])


def two_edits(town: "Town", chance: Random) -> None:
    """Two people change the same telephone number in the same hour."""
    shown = {one["id"] for phone in town.phones for one in phone.all("contact")}
    if not shown:
        return
    number = chance.choice(sorted(shown))
    for phone in town.phones:
        for one in phone.all("contact"):
            if one["id"] == number and chance.random() < 0.6:
                change = {"phone": f"14{chance.getrandbits(42):013d}"}
                data = {"id": number, "changes": change}
                now = town.backend.clock.now
                phone.record(now, "contact.change", data, base=one["version"])


def edits(kind: str, chance: Random) -> dict[str, Any]:
    if kind == "contact":
        options: dict[str, Any] = {
            "phone": f"14{chance.getrandbits(42):013d}",
            "relation": chance.choice(["son", "daughter", "neighbour"]),
        }
    elif kind == "resident":
        options = {
            "name": f"赵{chance.getrandbits(60)}",
            "sex": chance.choice(["m", "f"]),
            "categories": chance.choice(
                [["living_alone"], ["empty_nest"], ["subsistence_allowance"]]
            ),
        }
    else:
        options = {
            "tenure": chance.choice(["own", "rent", "vacant"]),
            "floor": chance.randint(1, 9),
            "door_no": f"{chance.randint(1, 9)}0{chance.randint(1, 3)}",
        }
    names = chance.sample(sorted(options), chance.randint(1, 2))
    return {name: options[name] for name in names}


def newcomer(town: "Town", chance: Random) -> None:
    """A person who was not on the list: created, called, visited and corrected in one go."""
    phone = town.someone(chance, FIELDWORK)
    homes = phone.all("household")
    if not homes:
        return
    now = town.backend.clock.now
    home = chance.choice(homes)["id"]
    created = phone.record(now, "resident.add", {"household_id": home, "name": "新来的"}).id
    data = {**visit_data(home, chance), "resident_ids": [created]}
    phone.record(now, "visit.record", data)
    if chance.random() < 0.5:
        change = {"id": created, "changes": {"sex": "f"}}
        phone.record(now, "resident.change", change, base=1)
    if chance.random() < 0.5:
        number = {"household_id": home, "resident_id": created, "phone": "14000009999"}
        phone.record(now, "contact.add", number)


def second_thought(town: "Town", chance: Random) -> None:
    """Correct or take back an own visit, sent or not; an own number is deleted again."""
    phone = town.someone(chance, FIELDWORK)
    own = [one for one in phone.entries.values() if one.kind == "visit.record"]
    if not own:
        return
    before = chance.choice(own)
    after = [before.id] if chance.random() < 0.5 else []
    if chance.random() < 0.5:
        data = {"id": before.id, "reason": "按错了"}
        phone.record(town.backend.clock.now, "visit.withdraw", data, after=after)
        return
    changes = {"result": chance.choice(RESULTS), "note": "改过"}
    data = {"id": before.id, "changes": changes}
    phone.record(town.backend.clock.now, "visit.correct", data, after=after)


def small_things(town: "Town", chance: Random) -> None:
    phone = town.someone(chance, FIELDWORK)
    now = town.backend.clock.now
    open_ones = [one for one in phone.all("followup") if one["status"] == "open"]
    numbers = phone.all("contact")
    if open_ones and chance.random() < 0.6:
        closing = {"id": chance.choice(open_ones)["id"], "result": "办好了"}
        phone.record(now, "followup.close", closing)
    elif numbers and chance.random() < 0.4:
        phone.record(now, "contact.remove", {"id": chance.choice(numbers)["id"]})
    else:
        phone.record(now, "feedback.send", {"text": "字太小"})


def waits_for_another(town: "Town", chance: Random) -> None:
    """Something that names what another phone of the same person has not sent yet."""
    phone = town.someone(chance, FIELDWORK)
    others = [
        one
        for other in town.phones
        if other.username == phone.username
        for one in other.entries.values()
    ]
    homes = phone.all("household")
    if not homes:
        return
    named = chance.choice(others).id if others and chance.random() < 0.8 else NOWHERE
    data = visit_data(chance.choice(homes)["id"], chance)
    phone.record(town.backend.clock.now, "visit.record", data, after=[named])


def poison(town: "Town", chance: Random) -> None:
    """What no rule accepts; it stops nobody and is kept."""
    phone = town.someone(chance, (*FIELDWORK, "leader"))
    homes = phone.all("household")
    home = chance.choice(homes)["id"] if homes else NOWHERE
    data = visit_data(home, chance)
    now = town.backend.clock.now
    match chance.randrange(7):
        case 0:
            phone.record(now, "visit.record", {**data, "result": "flown"})
        case 1:
            phone.record(now, "dance.record", data)
        case 2:
            phone.record(now, "visit.record", {**data, "colour": "red"})
        case 3:
            phone.record(now, "resident.change", {"id": home, "changes": {"name": "无版本"}})
        case 4:
            phone.record(now, "visit.record", {**data, "away_until": "2026-02-30"})
        case 5:
            phone.record(now, "visit.record", data, after=[phone.record(now, "nothing", {}).id])
        case 6:
            phone.record(now, "review.approve", {"id": home})


def resend(town: "Town", chance: Random) -> None:
    """Correct what was refused, or what is held, and send it anew."""
    phone = town.someone(chance, FIELDWORK)
    kept = [
        one
        for one in phone.entries.values()
        if one.receipt is not None and one.receipt.said in ("quarantined", "held")
    ]
    homes = phone.all("household")
    if kept and homes:
        data = visit_data(chance.choice(homes)["id"], chance)
        named = chance.choice(kept).id
        phone.record(town.backend.clock.now, "visit.record", data, replaces=named)


def jump(town: "Town", chance: Random) -> None:
    jump_clock(town.someone(chance, (*FIELDWORK, "leader", "office")), chance)


def jump_clock(phone: Phone, chance: Random) -> None:
    phone.ahead = chance.choice(
        [
            timedelta(0),
            timedelta(minutes=chance.randint(-30, 30)),
            timedelta(hours=12),
            timedelta(hours=-12),
            timedelta(days=365),
            timedelta(seconds=-START.timestamp()),  # 1970
        ]
    )
