"""One-time codes that sign a phone in, on printed cards and on the office's screen: nobody types a
password in a stairwell."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import segno

from server import audit, people, session, team
from server.audit import Author
from server.intake import Intake
from server.intake.writing import Writing
from server.session import Opened
from server.store import cards as rows
from server.store import people as people_rows
from server.store.people import PersonRow
from sync.operations import stamp
from sync.refusals import Refusal

VALID_FOR = timedelta(days=30)
AGAIN_WITHIN = timedelta(minutes=10)
MAX_CARDS = 500
CODE_BYTES = 16


class Card(NamedTuple):
    """A card that has just been made; its code is known only now."""

    person: PersonRow
    code: str


def make(
    writing: Writing, by: Author, person_ids: Iterable[str], valid_for: timedelta = VALID_FOR
) -> list[Card]:
    """A code for each person. One made before and not used stops working."""
    chosen = list(dict.fromkeys(person_ids))[:MAX_CARDS]
    if not chosen:
        raise Refusal("card.nobody_chosen")
    made = []
    for person_id in chosen:
        person = team.find(writing, by, person_id)
        if not person.active:
            raise Refusal("card.inactive")
        code = secrets.token_urlsafe(CODE_BYTES)
        rows.withdraw(writing.tx, writing.community_id, person_id, writing.now)
        rows.make(
            writing.tx,
            writing.community_id,
            people.token_hash(code),
            person_id,
            by.id,
            writing.now,
            writing.now + valid_for,
        )
        audit.note(writing, by, "card.make", person_id)
        made.append(Card(person, code))
    return made


def whose(intake: Intake, code: str, address: str, device: str = "") -> dict[str, Any]:
    """Whose code this is. Raises Refusal for one that no longer works, and SignInRefused for
    whoever guesses; looking uses nothing up."""
    now = intake.clock()
    with intake.store.read() as tx:
        session.refuse_too_many(tx, _guesser(address), address, now)
        found = rows.find(tx, people.token_hash(code))
    if found is None:
        session.count_failure(intake, None, _guesser(address), address)
        raise Refusal("card.unknown")
    problem = _problem(found, now, device)
    if problem:
        raise Refusal(problem)
    return found


def use(intake: Intake, code: str, device: str, device_name: str, address: str) -> Opened:
    """A session for whoever the code was made for. It works once, on one device: which may ask
    again for a while, because the answer may have been lost on its way."""
    found = whose(intake, code, address, device)

    def using(writing: Writing) -> Opened:
        person = people_rows.find(writing.tx, writing.community_id, found["person_id"])
        assert person is not None
        opened = session.open_for(writing, person, device, device_name)
        again = found["used_at"] and found["device_id"] == opened.device_id
        if not again and not rows.use(
            writing.tx, people.token_hash(code), opened.device_id, writing.now
        ):
            raise Refusal("card.used")
        audit.note(writing, Author(person.id, person.role, address), "card.use", opened.device_id)
        return opened

    opened: Opened = intake.do(found["community_id"], using)
    return opened


def refused(intake: Intake, code: str, refusal: Refusal, address: str) -> None:
    """Somebody tried a code that is known and no longer works: the office may want to know."""
    with intake.store.read() as tx:
        found = rows.find(tx, people.token_hash(code))
    if found is None:
        return
    by = Author(found["person_id"], found["role"], address)
    intake.do(
        found["community_id"],
        lambda writing: audit.note(
            writing, by, "card.use", found["person_id"], outcome="refused", detail=refusal.code
        ),
    )


def _guesser(address: str) -> str:
    """Guesses are counted by address, under a name that nobody can have."""
    return f"card {address}"


def _problem(found: dict[str, Any], now: datetime, device: str) -> str:
    """Why a code no longer works; "" while it does."""
    just_now = found["used_at"] > stamp(now - AGAIN_WITHIN) and found["device_id"] == device
    rules = (
        ("card.used", found["used_at"] and not just_now),
        ("card.inactive", not found["active"]),
        ("card.withdrawn", found["withdrawn_at"]),
        ("card.expired", found["expires_at"] <= stamp(now)),
    )
    return next((code for code, fits in rules if fits), "")


def picture(text: str) -> dict[str, Any]:
    """A QR code as the path of an SVG of `size` by `size` squares, margin included."""
    code = segno.make_qr(text, error="m")
    margin = 4
    path = []
    for y, line in enumerate(code.matrix):
        x = 0
        while x < len(line):
            run = x
            while run < len(line) and line[run]:
                run += 1
            if run > x:
                path.append(f"M{x + margin} {y + margin}h{run - x}v1H{x + margin}z")
            x = run + 1
    return {"size": len(code.matrix) + 2 * margin, "path": "".join(path)}
