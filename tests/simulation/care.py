"""Hand-overs, phones that are shut out, nights, crashes and restores."""

import contextlib
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from server import jobs, team
from server.audit import Author
from server.store import devices
from server.store import people as rows
from sync.refusals import Refusal
from tests.simulation import network
from tests.simulation.backend import Crashed
from tests.simulation.cast import OFFICE, PEOPLE
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

BY = Author(OFFICE.id, OFFICE.role)
HOLDERS = ("worker1", "worker2", "chief1", "social1", "leader1")


def hand_over(town: "Town", chance: Random) -> None:
    """Buildings get another holder, today or in a few days, with or without their old one."""
    taker = PEOPLE[chance.choice(HOLDERS)]
    found = town.backend.rows("select id from building order by id")
    buildings = [one["id"] for one in chance.sample(found, chance.randint(1, 2))]
    starts = town.day(chance.choice([0, 0, 1, 2]))
    ends = chance.choice(["", "", town.day(3)])
    asked = team.HandOver(taker.id, buildings, starts, ends, instead=chance.random() < 0.6)
    _try(town, lambda writing: team.hand_over(writing, BY, asked))


def give_up(town: "Town", chance: Random) -> None:
    """Somebody's care of a building ends, yesterday or soon."""
    someone = PEOPLE[chance.choice(HOLDERS)]
    held = sorted(town.backend.holds(someone.id))
    if held:
        last_on = town.day(chance.choice([-1, -1, 0, 1]))
        gone = [chance.choice(held)]
        _try(town, lambda writing: team.end(writing, BY, someone.id, gone, last_on))


def time_passes(town: "Town", chance: Random) -> None:
    hours = chance.choice([0.01, 0.2, 1, 5, 12, 26, 50])
    town.backend.clock.now += timedelta(hours=hours)


def night(town: "Town", chance: Random) -> None:
    """Half past two: the server's own jobs run, perhaps twice."""
    town.backend.clock.now += timedelta(hours=chance.randint(1, 20))
    for _ in range(chance.choice([1, 1, 2])):
        jobs.every_night(town.backend.intake)


def revoke(town: "Town", chance: Random) -> None:
    """The office shuts a phone out; its person signs in again when it hears of that."""
    phone = town.anyone(chance)
    home, now = town.backend.home, town.backend.clock.now
    town.backend.do(lambda writing: devices.revoke(writing.tx, home, phone.device, now))


def sign_out(town: "Town", chance: Random) -> None:
    """A session ends; the phone keeps its device and its queue."""
    phone = town.anyone(chance)
    home, now = town.backend.home, town.backend.clock.now
    town.backend.do(
        lambda writing: rows.end_sessions(writing.tx, home, phone.person_id, now, phone.device)
    )


def wipe(town: "Town", chance: Random) -> None:
    """Somebody clears the storage under the app: what was not sent is gone, and nothing else."""
    phone = town.anyone(chance)
    opened = town.backend.sign_in(phone.username, "")
    phone.forget_everything(opened.device_id, opened.token)


def new_role(town: "Town", chance: Random) -> None:
    """Somebody becomes a building leader, or comes back from that."""
    someone = PEOPLE[chance.choice(["worker2", "social1", "leader1"])]
    account = team.Account(someone.username, chance.choice(["worker", "social", "leader"]))
    _try(town, lambda writing: team.change(writing, BY, someone.id, account))


def crash(town: "Town", chance: Random) -> None:
    """The server dies during a round trip, or after its commit and before the answer."""
    phone = town.anyone(chance)
    batch = phone.ready[: chance.randint(0, 12)]
    body = phone.question(town.backend.clock.now, 500, batch)
    with town.backend.doomed(chance.choice([chance.randrange(20), chance.randrange(300)])):
        answer = network.ask(town, phone, body)
    # What was sent before the process died may still arrive, and must be true.
    if answer is not None and chance.random() < 0.5:
        network.take(town, phone, answer, batch, 500)


def crash_in_the_office(town: "Town", chance: Random) -> None:
    """The server dies during anything else that writes."""
    doing: Any = chance.choice([night, hand_over, revoke, sign_out])
    with town.backend.doomed(chance.randrange(200)), contextlib.suppress(Crashed):
        doing(town, chance)


def back_up(town: "Town", chance: Random) -> None:
    town.backup = town.backend.back_up("backup.db")


def restore(town: "Town", chance: Random) -> None:
    """The disk is lost; the last backup takes its place."""
    if town.backup is not None:
        town.backend.clock.now += timedelta(hours=1)
        faults = town.backend.restore(town.backup)
        demand(not faults, "backup", "; ".join(faults[:3]))


def _try(town: "Town", work: Any) -> None:
    with contextlib.suppress(Refusal):
        town.backend.do(work)
