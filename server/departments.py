"""The directory of departments that can be called: added, changed, called no more."""

import uuid_utils
from msgspec.structs import replace

from server import audit
from server.audit import Author
from server.intake.writing import Writing
from server.store import departments as rows
from server.store.departments import Department
from sync import issue_limits
from sync.refusals import Refusal

MAX_DEPARTMENTS = 200


def add(writing: Writing, by: Author, one: Department) -> str:
    """The id of the new one, which it is given here."""
    tx, home = writing.tx, writing.community_id
    known = rows.every(tx, home)
    if len(known) >= MAX_DEPARTMENTS:
        raise Refusal("department.too_many", limit=MAX_DEPARTMENTS)
    one = replace(one, id=str(uuid_utils.uuid7()))
    _keep(writing, one, known)
    audit.note(writing, by, "department.add", one.id, detail=one.name)
    return one.id


def change(writing: Writing, by: Author, one: Department) -> None:
    """What is said of it from now on; calls keep the name and the limit they were made with."""
    known = rows.every(writing.tx, writing.community_id)
    before = next((each for each in known if each.id == one.id), None)
    if before is None:
        raise Refusal("record.unknown")
    if one == before:
        raise Refusal("nothing.changed")
    _keep(writing, one, known)
    audit.note(writing, by, "department.change", one.id, detail=one.name)


def _keep(writing: Writing, one: Department, known: list[Department]) -> None:
    if not issue_limits.is_limit(one.arrives):
        raise Refusal("department.limit_misfit", value=one.arrives)
    if any(each.name == one.name and each.id != one.id for each in known):
        raise Refusal("department.twice", name=one.name)
    rows.keep(writing.tx, writing.community_id, one)
