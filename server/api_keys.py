"""Keys for neighbouring systems: made by an administrator, shown once, withdrawn any time."""

import secrets
import uuid
from typing import NamedTuple

import uuid_utils

from server import audit, people
from server.audit import Author
from server.intake.writing import Writing
from server.store import api_keys as rows
from server.store import people as people_rows
from sync.refusals import Refusal

KEY_BYTES = 32
MAX_KEYS = 100


class Made(NamedTuple):
    """A key that has just been made; its text is known only now."""

    id: str
    key: str


def make(writing: Writing, by: Author, name: str) -> Made:
    if len(rows.listed(writing.tx, writing.community_id)) >= MAX_KEYS:
        raise Refusal("api_key.too_many")
    made = Made(str(uuid_utils.uuid7()), secrets.token_urlsafe(KEY_BYTES))
    home, key_hash = writing.community_id, people.token_hash(made.key)
    rows.add(writing.tx, home, made.id, name, key_hash, by.id, writing.now)
    people_rows.add_device(writing.tx, home, device_of(made.id), made.id, name, writing.now)
    audit.note(writing, by, "api_key.make", f"api_key:{made.id}")
    return made


def withdraw(writing: Writing, by: Author, key_id: str) -> None:
    if not rows.withdraw(writing.tx, writing.community_id, key_id, writing.now):
        raise Refusal("api_key.unknown")
    audit.note(writing, by, "api_key.withdraw", f"api_key:{key_id}")


def device_of(key_id: str) -> str:
    """The device that numbers what comes in with a key; of a version that is nobody's phone."""
    return str(uuid.uuid5(uuid.UUID(key_id), "page"))
