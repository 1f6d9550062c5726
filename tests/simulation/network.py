"""What becomes of one request: it is lost, cut, doubled, comes late, or arrives."""

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tests.simulation.backend import Answer, Crashed
from tests.simulation.phone import Entry, Phone
from tests.simulation.wire import Broken, Heard, demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

FATES = {
    "arrives": 10,
    "is lost": 2,
    "answer is lost": 3,
    "is cut": 1,
    "answer is cut": 2,
    "comes twice": 2,
    "comes late": 2,
}
MOST = 200


class Flying(NamedTuple):
    """A request that is still somewhere in the network; nobody waits for its answer."""

    token: str
    body: bytes


def exchange(town: "Town", phone: Phone, chance: Random) -> None:
    """One round trip over the bad network: part of the outbox, in any order."""
    batch = phone.ready
    chance.shuffle(batch)
    batch = batch[: chance.randint(0, 12)]
    limit = chance.choice([0, 1, 3, 500, 500])
    fate = chance.choices(list(FATES), list(FATES.values()))[0]
    body = phone.question(town.backend.clock.now, limit, batch)
    if fate == "is lost":
        return
    if fate == "comes late":
        town.flying.append(Flying(phone.token, body))
        return
    if fate == "is cut":
        cut = body[: chance.randrange(len(body))]
        answer = town.backend.request(phone.token, cut)
        demand(answer.status in (400, 401), "cut", f"half a body was answered {answer.status}")
        return
    if fate == "comes twice":
        town.backend.request(phone.token, body)
    answer = ask(town, phone, body)
    if fate == "answer is lost" or answer is None:
        return
    if fate == "answer is cut":
        take_cut(phone, answer.body[: chance.randrange(len(answer.body))], batch, limit)
        return
    take(town, phone, answer, batch, limit)


def at_once(town: "Town", chance: Random) -> None:
    """Several phones ask in the same moment, or one asks twice over."""
    phones = chance.sample(town.phones, chance.randint(1, 3))
    batches = [phone.ready[: chance.randint(0, 12)] for phone in phones]
    now = town.backend.clock.now
    bodies = [phone.question(now, 500, batch) for phone, batch in zip(phones, batches, strict=True)]
    requests = [(phone.token, body) for phone, body in zip(phones, bodies, strict=True)]
    answers = town.backend.together([*requests, requests[0]])
    for phone, batch, answer in zip(phones, batches, answers, strict=False):
        if answer.status == 200:
            take(town, phone, answer, batch, 500)
        else:
            sign_in(town, phone)


def ask(town: "Town", phone: Phone, body: bytes) -> Answer | None:
    """The answer to a request that arrived; None when there is none for the outbox."""
    try:
        answer = town.backend.request(phone.token, body)
        if answer.status == 401:
            sign_in(town, phone)
            return None
    except Crashed:
        return None
    demand(answer.status == 200, "status", f"/sync answered {answer.status} {answer.code}")
    return answer


def take(town: "Town", phone: Phone, answer: Answer, batch: Sequence[Entry], limit: int) -> Heard:
    heard = phone.hear(answer.body, batch, limit)
    phone.reached_at = town.backend.clock.now
    town.truths.heard(phone, heard, batch)
    return heard


def take_cut(phone: Phone, body: bytes, batch: Sequence[Entry], limit: int) -> None:
    """Half an answer is none."""
    try:
        phone.hear(body, batch, limit)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    raise Broken("cut", "half an answer was taken for a whole one")


def sign_in(town: "Town", phone: Phone) -> None:
    """The session is over: sign in as the same person, with the device this phone had."""
    opened = town.backend.sign_in(phone.username, phone.device)
    if opened.device_id != phone.device:
        phone.is_locked = False  # numbers are given anew by an open phone only
        phone.move_to(opened.device_id)
    phone.token, phone.heard_epoch = opened.token, opened.epoch


def deliver(town: "Town", chance: Random) -> None:
    """Something late arrives; what it is answered reaches nobody."""
    if town.flying:
        late = town.flying.pop(chance.randrange(len(town.flying)))
        town.backend.request(late.token, late.body)


def good_hour(town: "Town", chance: Random) -> None:
    """For once everybody has a signal."""
    for phone in town.phones:
        calm(town, phone)


def calm(town: "Town", phone: Phone) -> bool:
    """One round trip over a perfect network; whether it brought anything. Locked phones send what
    they sealed, and are opened since the server was reached."""
    for _ in range(3):
        was_locked = phone.is_locked
        batch = phone.ready[:MOST]
        body = phone.question(town.backend.clock.now, 500, batch)
        answer = ask(town, phone, body)
        if answer is not None:
            heard = take(town, phone, answer, batch, 500)
            phone.is_locked = False
            is_moving = heard.receipts or heard.changes or heard.more or phone.waiting
            return bool(was_locked or is_moving)
    raise Broken("status", f"phone {phone.key} cannot sign in")
