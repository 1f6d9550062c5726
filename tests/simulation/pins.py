"""Phones behind a PIN: given and taken away, locked, and out of reach for longer than 72 hours.

A locked phone sends what it sealed and hears receipts only; somebody opens it when they next
record something, unless the server was not reached for too long.
"""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from tests.simulation import network

if TYPE_CHECKING:
    from tests.simulation.town import Step, Town

NAMES = {"pin": 2, "lock": 7, "away": 1, "sync": 7}
# Every fourth history has phones with a PIN; the others are what they are without any.
EVERY = 4
WOVEN = 24


def weave(seed: int, history: "list[Step]") -> "list[Step]":
    """Put steps with PINs between those of a history, which stay as they are."""
    if seed % EVERY:
        return history
    chance = Random(f"{seed} pins")
    woven = [("pin", chance.getrandbits(40)) for _ in range(3)] + history
    for name in chance.choices(list(NAMES), list(NAMES.values()), k=WOVEN):
        woven.insert(chance.randint(3, len(woven)), (name, chance.getrandbits(40)))
    return woven


def pin(town: "Town", chance: Random) -> None:
    """Somebody sets a PIN, or takes it away."""
    phone = town.anyone(chance)
    phone.open(town.backend.clock.now)
    phone.has_pin = not phone.has_pin or chance.random() < 0.7
    for entry in phone.waiting:
        entry.seal(phone.has_pin)


def lock(town: "Town", chance: Random) -> None:
    """Five minutes without a touch, on one phone or on all of them; some then try to send."""
    for phone in town.phones:
        if phone.has_pin and chance.random() < 0.7:
            phone.is_locked = True
            if chance.random() < 0.5:
                network.exchange(town, phone, chance)


def away(town: "Town", chance: Random) -> None:
    """Days pass; who is out of reach of the server cannot open a phone any more."""
    town.backend.clock.now += timedelta(hours=chance.randint(60, 100))
    for phone in town.phones:
        phone.is_locked = phone.has_pin
