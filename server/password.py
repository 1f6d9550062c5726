"""A person chooses a password."""

from typing import NamedTuple

from server import audit, people
from server.audit import Author
from server.intake import Intake
from server.intake.writing import Writing
from server.people import Person
from server.session import count_failure, refuse_too_many
from server.store import people as rows
from server.store import team
from server.store.people import PersonRow
from sync import people as rules
from sync.refusals import Refusal


class Chosen(NamedTuple):
    """What the form says."""

    current: str
    new: str
    again: str


def needs_current(person: PersonRow) -> bool:
    """Whoever came in with a card or a password that was given out has none of their own yet."""
    return bool(person.password_hash) and not person.password_until


def choose(intake: Intake, person: Person, chosen: Chosen, address: str) -> str:
    """A new password; the token by which this device alone goes on. Raises Refusal or
    SignInRefused."""
    new = rules.new_password(chosen.new, chosen.again)
    with intake.store.read() as tx:
        row = rows.find(tx, person.community_id, person.id)
        refuse_too_many(tx, person.username, address, intake.clock())
    assert row is not None
    if needs_current(row) and not people.is_password(row.password_hash, chosen.current):
        count_failure(intake, row, person.username, address)
        raise Refusal("password.wrong")
    if chosen.new == chosen.current:
        raise Refusal("password.same")
    hashed = people.hash_password(new)

    def changing(writing: Writing) -> str:
        tx, community_id = writing.tx, writing.community_id
        team.set_password(tx, community_id, person.id, hashed)
        rows.end_sessions(tx, community_id, person.id, writing.now)
        by = Author(person.id, person.role, address)
        audit.note(writing, by, "password.change", person.id)
        return people.open_session(tx, row, person.device_id, writing.now)

    token: str = intake.do(person.community_id, changing)
    return token
