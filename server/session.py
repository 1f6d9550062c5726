"""Signing in and out: who may try again, which device it is, the token it gets."""

import asyncio
import os
import re
import secrets
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
import uuid_utils
from litestar.exceptions import HTTPException
from msgspec import Meta

from server import audit, people
from server.audit import Author
from server.intake import Intake
from server.intake.writing import Writing
from server.people import Person
from server.store import people as rows
from server.store import sign_in, system
from server.store.database import Tx
from server.store.people import PersonRow
from sync.operations import instant

# Failures only: five hundred phones behind one address may sign in at once.
WINDOW = timedelta(minutes=15)
TRIES_PER_NAME = 10
TRIES_PER_ADDRESS = 100
MAX_PASSWORD = 1024

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A page's own device is derived from its phone's by uuid version 5 and is nobody's phone.
PAGE_VERSION = 5

# Hashing takes 64 MiB each: a few at a time, and tries are counted between them.
_hashing = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="argon2")
# A whole community may sign in at nine; more than this at once is no community.
MAX_WAITING = 1000
_places = threading.BoundedSemaphore(MAX_WAITING)


Answer = TypeVar("Answer")


class Asked(msgspec.Struct, frozen=True):
    """A sign-in as a phone or the page sends it; fields it does not know are ignored."""

    username: Annotated[str, Meta(max_length=200)]
    password: Annotated[str, Meta(max_length=MAX_PASSWORD)]
    device_name: Annotated[str, Meta(max_length=200)] = ""
    device: Annotated[str, Meta(max_length=200)] | None = None


class Opened(NamedTuple):
    """A session that has just begun."""

    token: str
    device_id: str
    person: PersonRow
    epoch: str


class SignInRefused(HTTPException):
    """No session: the code for machines and the sentence for people."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(detail=sentence, status_code=status)
        self.code = code
        self.sentence = sentence


async def apart(work: Callable[..., Answer], *arguments: Any) -> Answer:
    """Run work that hashes a password where it holds nobody else up."""
    if not _places.acquire(blocking=False):
        raise SignInRefused(503, "signin.busy", "现在登录的人太多，请过一分钟再试。")
    try:
        return await asyncio.get_running_loop().run_in_executor(_hashing, work, *arguments)
    finally:
        _places.release()


def sign_in_with_password(intake: Intake, asked: Asked, address: str) -> Opened:
    """A session for the right password. Raises SignInRefused. Takes as long for unknown names."""
    username = asked.username.strip().lower()
    with intake.store.read() as tx:
        refuse_too_many(tx, username, address, intake.clock())
        person = rows.by_username(tx, username)
    right = people.is_password(_hash_of(person), asked.password)
    if person is None or not right:
        count_failure(intake, person, username, address)
        raise SignInRefused(401, "signin.wrong", "账号或密码不对。再试一次，或请社区办公室重设。")
    if not person.active:
        raise SignInRefused(401, "signin.inactive", "这个账号已停用，请找社区办公室。")

    until = instant(person.password_until)
    if until and until < intake.clock():
        raise SignInRefused(401, "signin.expired", "这个临时密码过期了，请社区办公室再给一个。")

    def opening(writing: Writing) -> Opened:
        opened = open_for(writing, person, asked.device or "", asked.device_name)
        by = Author(person.id, person.role, address)
        audit.note(writing, by, "session.open", opened.device_id)
        return opened

    opened: Opened = intake.do(person.community_id, opening)
    return opened


def open_for(writing: Writing, person: PersonRow, device: str, device_name: str) -> Opened:
    """A session on the device that asked, if it is this person's; else on a new one.

    A device has one session: what was signed in on it before is no longer.
    """
    device_id = _device_for(writing.tx, person, device)
    rows.end_sessions(writing.tx, person.community_id, person.id, writing.now, device_id)
    name = device_name.strip()[:60] or "手机"
    rows.add_device(writing.tx, person.community_id, device_id, person.id, name, writing.now)
    token = people.open_session(writing.tx, person, device_id, writing.now)
    return Opened(token, device_id, person, system.epoch(writing.tx))


def _device_for(tx: Tx, person: PersonRow, device: str) -> str:
    """A restored server no longer knows a phone: it is made again under the id it had."""
    usable = UUID.fullmatch(device) and uuid.UUID(device).version != PAGE_VERSION
    if usable:
        known = rows.device_of(tx, person.community_id, device)
        if known is None or (known["person_id"] == person.id and not known["revoked_at"]):
            return device
    return str(uuid_utils.uuid7())


def sign_out(intake: Intake, person: Person, address: str) -> None:
    """End the sessions of the device this person sits at."""

    def ending(writing: Writing) -> None:
        rows.end_sessions(writing.tx, person.community_id, person.id, writing.now, person.device_id)
        by = Author(person.id, person.role, address)
        audit.note(writing, by, "session.end", person.device_id)

    intake.do(person.community_id, ending)


def sign_out_everywhere(intake: Intake, person: Person, address: str) -> None:
    """End every session of this person, on every device."""

    def ending(writing: Writing) -> None:
        rows.end_sessions(writing.tx, person.community_id, person.id, writing.now)
        by = Author(person.id, person.role, address)
        audit.note(writing, by, "session.end_all", person.id)

    intake.do(person.community_id, ending)


def refuse_too_many(tx: Tx, username: str, address: str, now: datetime) -> None:
    """Make whoever guesses wait. Raises SignInRefused with how long."""
    tried = (
        sign_in.latest_failure_of_name(tx, people.token_hash(username), TRIES_PER_NAME - 1),
        sign_in.latest_failure_of_address(tx, address, TRIES_PER_ADDRESS - 1),
    )
    free_at = max((at + WINDOW for text in tried if (at := instant(text))), default=now)
    if free_at <= now:
        return
    minutes = -(-(free_at - now) // timedelta(minutes=1))
    raise SignInRefused(
        429,
        "signin.too_many",
        f"试得太多了，请过 {minutes} 分钟再来，或请社区办公室重设密码。",
    )


def count_failure(intake: Intake, person: PersonRow | None, username: str, address: str) -> None:
    """Remember a wrong password, known name or not."""
    community_id = person.community_id if person else ""

    def counting(writing: Writing) -> None:
        tx, now = writing.tx, writing.now
        sign_in.forget_failures(tx, now - WINDOW)
        sign_in.fail(tx, community_id, people.token_hash(username), address, now)
        if person:
            by = Author(person.id, person.role, address)
            audit.note(writing, by, "session.open", person.id, outcome="refused")

    intake.do(community_id, counting)


def _hash_of(person: PersonRow | None) -> str:
    """Nobody's hash stands in for a missing one, so that both answers take equally long."""
    return (person.password_hash if person else "") or _nobodys_hash()


@cache
def _nobodys_hash() -> str:
    return people.hash_password(secrets.token_urlsafe(32))
