"""One seed of the town: its server, its phones, and the steps of a history."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

from tests.simulation import (
    asking,
    calling,
    care,
    field,
    issuing,
    looking,
    merging,
    network,
    office,
    pins,
    plans,
    rosters,
    warnings,
)
from tests.simulation.backend import Backend
from tests.simulation.cast import PEOPLE, Template, fast_folder, template
from tests.simulation.network import Flying
from tests.simulation.phone import LockedOut, Phone
from tests.simulation.truths import Truths
from tests.simulation.wire import Broken, demand

# How often each step is drawn.
STEPS: dict[str, tuple[Callable[["Town", Random], None], float]] = {
    "sync": (lambda town, chance: network.exchange(town, town.anyone(chance), chance), 20),
    "good hour": (network.good_hour, 1),
    "at once": (network.at_once, 1),
    "deliver": (network.deliver, 2),
    "visit": (field.visit, 7),
    "checkup": (asking.checkup, 4),
    "second checkup": (asking.second_checkup, 1.5),
    "paper": (asking.paper, 0.7),
    "look for": (looking.look_for, 2),
    "warn": (warnings.warn, 3),
    "answer a warning": (warnings.answer, 4),
    "ask after": (calling.ask_after, 6),
    "raise": (issuing.raise_one, 3),
    "work on": (issuing.work_on, 7),
    "decide": (issuing.decide, 4),
    "stand down": (warnings.stand_down, 0.3),
    "ask on": (warnings.ask_on, 1),
    "edit": (field.edit, 7),
    "two edits": (field.two_edits, 3),
    "newcomer": (field.newcomer, 2),
    "second thought": (field.second_thought, 3),
    "small things": (field.small_things, 2),
    "waits for another": (field.waits_for_another, 2),
    "poison": (field.poison, 2),
    "resend": (field.resend, 1),
    "jump": (field.jump, 1),
    "event": (plans.event, 1),
    "pair": (plans.pair, 0.7),
    "report": (plans.report, 1),
    "review": (office.review, 1),
    "dispute": (office.dispute, 4),
    "quarantine": (office.quarantine, 4),
    "correction": (office.correction, 1),
    "change": (office.change, 3),
    "move": (office.move, 2),
    "add": (office.add, 2),
    "remove": (office.remove, 2),
    "merge": (merging.merge, 3),
    "unmerge": (merging.unmerge, 1.5),
    "split": (merging.split, 0.7),
    "close": (office.close, 1),
    "bring in": (rosters.bring_in, 0.5),
    "take back": (rosters.take_back, 1),
    "hand over": (care.hand_over, 3),
    "give up": (care.give_up, 3),
    "time passes": (care.time_passes, 2),
    "night": (care.night, 1),
    "revoke": (care.revoke, 1),
    "sign out": (care.sign_out, 1),
    "wipe": (care.wipe, 0.5),
    "new role": (care.new_role, 0.7),
    "crash": (care.crash, 1.5),
    "crash in the office": (care.crash_in_the_office, 0.7),
    "back up": (care.back_up, 1),
    "restore": (care.restore, 1),
    # woven into every fourth history
    "pin": (pins.pin, 0),
    "lock": (pins.lock, 0),
    "away": (pins.away, 0),
}
PHONES_OUT = 5
MOST_ROUNDS = 40

Step = tuple[str, int]


class Town:
    """Takes steps; each draws from a chance of its own, so that others may be left out."""

    def __init__(self, seed: int, folder: Path, out: Sequence[int] = ()) -> None:
        made = template()
        self.backend = Backend(made, folder)
        out = out or Random(seed).sample(range(len(made.tickets)), PHONES_OUT)
        known = first_syncs()
        self.phones = [known[key].copied() for key in sorted(out)]
        self.flying: list[Flying] = []
        self.backup: Path | None = None
        self.batches: list[str] = []
        self.truths = Truths(self)

    def take(self, step: Step) -> None:
        name, seed = step
        with suppress(LockedOut):
            STEPS[name][0](self, Random(seed))

    def anyone(self, chance: Random) -> Phone:
        return chance.choice(self.phones)

    def someone(self, chance: Random, roles: tuple[str, ...]) -> Phone:
        """A phone of one of these roles; any phone when none is out."""
        fitting = [one for one in self.phones if one.role in roles]
        return chance.choice(fitting or self.phones)

    def day(self, after: int) -> str:
        local = self.backend.clock.now + timedelta(hours=8, days=after)
        return local.date().isoformat()

    def heal(self) -> None:
        """A perfect network: everybody syncs until nothing moves any more."""
        for late in self.flying:
            self.backend.request(late.token, late.body)
        for _ in range(MOST_ROUNDS):
            if not any([network.calm(self, phone) for phone in self.phones]):
                return
        raise Broken("rest", "phones and server do not come to rest")

    def close(self) -> None:
        self.backend.close()


@cache
def first_syncs() -> list[Phone]:
    """The phones of the town after a first sync; the last of each kind starts empty."""
    made: Template = template()
    with tempfile.TemporaryDirectory(prefix="jinlin-sim-", dir=fast_folder()) as folder:
        backend = Backend(made, Path(folder))
        phones = []
        for key, ticket in enumerate(made.tickets):
            one = PEOPLE[ticket.username]
            phone = Phone(key, one.username, one.role, one.id)
            phone.device, phone.token = ticket.device, ticket.token
            phones.append(phone)
            while key % 4 != 3 and phone.more:
                answer = backend.request(phone.token, phone.question(backend.clock.now, 500, []))
                demand(answer.status == 200, "status", f"first sync {answer.code}")
                phone.hear(answer.body, [], 500)
        backend.close()
    return phones
