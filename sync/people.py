"""Accounts: who may look after whose, and what names and passwords must be."""

import re

from sync.refusals import Refusal
from sync.scope import FIELD, OFFICE, ROLES

MIN_PASSWORD = 10
MAX_PASSWORD = 200
MAX_NAME = 40

_OF_OFFICE = FIELD | {"leader"}
_OF_SECRETARY = _OF_OFFICE | OFFICE | {"street"}
# Nobody gains rights by giving an account to somebody above them.
MANAGES: dict[str, frozenset[str]] = {
    "office": _OF_OFFICE,
    "secretary": _OF_SECRETARY,
    "admin": ROLES,
}
HOLDS_BUILDINGS = FIELD | {"leader"}

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def may_manage(role: str, other: str) -> bool:
    return other in MANAGES.get(role, frozenset())


def refuse_unmanaged(role: str, other: str) -> None:
    if not may_manage(role, other):
        raise Refusal("person.not_yours")


def username(text: str) -> str:
    """A username as it is kept."""
    tidy = text.strip().lower()
    if not _USERNAME.fullmatch(tidy):
        raise Refusal("person.username_misfit")
    return tidy


def name(text: str) -> str:
    tidy = " ".join(text.split())
    if not 1 <= len(tidy) <= MAX_NAME:
        raise Refusal("person.name_misfit")
    return tidy


def role(text: str) -> str:
    if text not in ROLES:
        raise Refusal("person.role_misfit", role=text)
    return text


def new_password(new: str, again: str) -> str:
    """A password that somebody chose. Length is what makes it strong; signs are not asked for."""
    if len(new) < MIN_PASSWORD:
        raise Refusal("password.short", length=len(new))
    if len(new) > MAX_PASSWORD:
        raise Refusal("password.long")
    if new != again:
        raise Refusal("password.differs")
    return new
