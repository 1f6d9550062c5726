"""One-time sign-in cards: a leader needs no password on the first day."""

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
from server.store.database import Tx
from server.store.people import PersonRow
from sync.refusals import Refusal

VALID_FOR = timedelta(days=30)
MAX_CARDS = 500
CODE_BYTES = 16


class Card(NamedTuple):
    """A card that has just been made; its code is known only now."""

    person: PersonRow
    code: str


def make(writing: Writing, by: Author, person_ids: Iterable[str]) -> list[Card]:
    """A card for each person. One made before and not used stops working."""
    chosen = list(dict.fromkeys(person_ids))[:MAX_CARDS]
    if not chosen:
        raise Refusal("card.nobody_chosen")
    made = []
    for person_id in chosen:
        person = team.find(writing, by, person_id)
        code = secrets.token_urlsafe(CODE_BYTES)
        rows.withdraw(writing.tx, writing.community_id, person_id, writing.now)
        rows.make(
            writing.tx,
            writing.community_id,
            people.token_hash(code),
            person_id,
            by.id,
            writing.now,
            writing.now + VALID_FOR,
        )
        audit.note(writing, by, "card.make", person_id)
        made.append(Card(person, code))
    return made


def whose(tx: Tx, code: str, now: datetime) -> dict[str, Any]:
    """Whose card this is. Raises Refusal once it is spent."""
    found = rows.usable(tx, people.token_hash(code), now)
    if found is None:
        raise Refusal("card.spent")
    return found


def use(intake: Intake, code: str, device: str, device_name: str, address: str) -> Opened:
    """A session for whoever the card was made for. It works once."""
    with intake.store.read() as tx:
        found = whose(tx, code, intake.clock())

    def using(writing: Writing) -> Opened:
        if not rows.use(writing.tx, people.token_hash(code), writing.now):
            raise Refusal("card.spent")
        person = people_rows.find(writing.tx, writing.community_id, found["person_id"])
        assert person is not None
        opened = session.open_for(writing, person, device, device_name)
        audit.note(writing, Author(person.id, person.role, address), "card.use", opened.device_id)
        return opened

    opened: Opened = intake.do(found["community_id"], using)
    return opened


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
