"""What happens to people, and who looks after them: events, pairs, and what pairs report."""

from random import Random
from typing import TYPE_CHECKING, Any

from tests.simulation.cast import PEOPLE
from tests.simulation.field import FIELDWORK, visit_data

if TYPE_CHECKING:
    from tests.simulation.town import Town

EVENTS = ("discharge", "bereavement", "fall", "fire", "moved_in", "")


def event(town: "Town", chance: Random) -> None:
    """Something happened to somebody, or to the whole door; or it did not after all."""
    phone = town.someone(chance, (*FIELDWORK, "office"))
    homes = phone.all("household")
    if not homes:
        return
    home = chance.choice(homes)["id"]
    here = [one["id"] for one in phone.all("resident") if one["household_id"] == home]
    data: dict[str, Any] = {"household_id": home, "what": chance.choice(EVENTS)}
    if here and chance.random() < 0.8:
        data["resident_id"] = chance.choice(here)
    if chance.random() < 0.7:
        data["on"] = town.day(chance.choice([-3, -1, 0, 2]))
    phone.record(town.backend.clock.now, "life_event.record", data)


def pair(town: "Town", chance: Random) -> None:
    """The office pairs somebody with a volunteer or a leader, or ends a pair."""
    phone = town.someone(chance, ("office",))
    now = town.backend.clock.now
    pairs = town.backend.rows("select id from pairing where status = 'active' order by id")
    if pairs and chance.random() < 0.3:
        phone.record(now, "pairing.end", {"id": chance.choice(pairs)["id"]})
        return
    people = town.backend.rows("select id from resident order by id")
    data = {"resident_id": chance.choice(people)["id"], "name": f"志愿者{chance.randrange(9)}"}
    if chance.random() < 0.6:
        data["leader_id"] = PEOPLE["leader1"].id
    phone.record(now, "pairing.add", data)


def report(town: "Town", chance: Random) -> None:
    """A leader was in touch, or a worker records what a volunteer did."""
    now = town.backend.clock.now
    leader = town.someone(chance, (*FIELDWORK, "leader"))
    pairs = leader.all("pair")
    if pairs and leader.role == "leader":
        data = {"id": chance.choice(pairs)["id"], "method": chance.choice(["door", "phone"])}
        leader.record(now, "pairing.contact", data)
        return
    pairings = leader.all("pairing")
    if pairings:
        one = chance.choice(pairings)
        data = visit_data(one["household_id"], chance)
        data.update(resident_ids=[one["resident_id"]], pairing_id=one["id"])
        leader.record(now, "visit.record", data)
