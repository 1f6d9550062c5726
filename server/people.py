"""Who is signed in: passwords, tokens, sessions, and what a person's own phone is told."""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.intake import Intake
from server.intake.own import publish
from server.store import people as rows
from server.store.database import Tx
from sync.operations import instant
from sync.scope import streams_of

__all__ = ["publish"]

SESSION_DAYS = 90
COOKIE = "jinlin"
# A session's end is moved forward at most this often, so that reading does not write.
SLIDE_AFTER = timedelta(hours=12)

hasher = PasswordHasher()


@dataclass(frozen=True)
class Person:
    """Who acts in this request."""

    community_id: str
    id: str
    name: str
    role: str
    username: str
    device_id: str
    building_ids: tuple[str, ...]
    seen_at: str = ""

    @property
    def page_device(self) -> str:
        """The device that numbers what this session's pages send from the server.

        A phone numbers its own operations; forms that the server draws must not take its numbers.
        """
        return str(uuid.uuid5(uuid.UUID(self.device_id), "page"))

    @property
    def streams(self) -> list[str]:
        return streams_of(self.role, self.id, self.community_id, self.building_ids)


def hash_password(password: str) -> str:
    return hasher.hash(password)


def is_password(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(tx: Tx, person: rows.PersonRow, device_id: str, now: datetime) -> str:
    """A new token of 256 random bits for a device that already exists."""
    token = secrets.token_urlsafe(32)
    rows.open_session(
        tx,
        token_hash(token),
        person.community_id,
        person.id,
        device_id,
        now,
        now + timedelta(days=SESSION_DAYS),
    )
    page = Person(person.community_id, person.id, "", "", "", device_id, ()).page_device
    rows.add_device(tx, person.community_id, page, person.id, "网页", now)
    return token


def of_token(tx: Tx, token: str, now: datetime) -> Person | None:
    """Whoever holds this token; None when it is unknown, expired or revoked."""
    found = rows.session(tx, token_hash(token), now)
    if found is None:
        return None
    today = rows.today_of(tx, found["community_id"], now)
    return Person(
        community_id=found["community_id"],
        id=found["person_id"],
        name=found["name"],
        role=found["role"],
        username=found["username"],
        device_id=found["device_id"],
        building_ids=tuple(
            rows.buildings_now(tx, found["community_id"], found["person_id"], today)
        ),
        seen_at=found["seen_at"],
    )


def keep_session(intake: Intake, token: str, person: Person) -> None:
    """Move the end of a session that is in use forward, now and then and without waiting."""
    now = intake.clock()
    seen = instant(person.seen_at)
    if seen and now - seen < SLIDE_AFTER:
        return
    expires_at = now + timedelta(days=SESSION_DAYS)
    intake.later(
        person.community_id,
        lambda writing: rows.touch_session(writing.tx, token_hash(token), now, expires_at),
    )


def why_out(tx: Tx, token: str) -> str:
    """The code of why nobody is signed in: a phone that was shut out must erase itself, and one
    whose account was disabled show nobody."""
    found = rows.whose_token(tx, token_hash(token)) if token else None
    if found and found["device_revoked_at"]:
        return "device.revoked"
    return "person.inactive" if found and not found["active"] else "signin.needed"


def form_token(secret: bytes, token: str) -> str:
    """What an office form carries to show that our own page made it."""
    return hmac.new(secret, token_hash(token).encode(), "sha256").hexdigest()
