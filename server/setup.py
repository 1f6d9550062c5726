"""Makes a community with its first people; everything after that is done by them."""

import uuid_utils
from msgspec.structs import replace

from server import people, shapes
from server.intake import Intake
from server.intake.writing import Writing
from server.store import people as rows
from server.store import system
from server.store.people import PersonRow
from server.store.records import Records
from sync import days, festivals
from sync.checklists import Checklist
from sync.default_checklists import default_checklists
from sync.operations import stamp
from sync.records import Community

NAMES = {"admin": "管理员", "office": "社区办公室"}


class AlreadyThere(Exception):
    """A community or username that exists already; the text says what to do."""


def make_community(
    intake: Intake, name: str, timezone: str, usernames: dict[str, str], password_hash: str
) -> str:
    """An empty community with one person per role; its id. Raises AlreadyThere."""
    community_id = str(uuid_utils.uuid7())

    def work(writing: Writing) -> None:
        for username in usernames.values():
            if rows.by_username(writing.tx, username):
                raise AlreadyThere(
                    f"账号“{username}”已经有了，请用 --admin 和 --office 换个名字，"
                    "或换一个 JINLIN_DATA。"
                )
        add_community(writing, Community(id=community_id, name=name, timezone=timezone))
        for role, username in usernames.items():
            add_person(writing, username, NAMES[role], role, password_hash=password_hash)

    intake.do(community_id, work)
    with intake.store.read() as tx:
        is_first = system.community_ids(tx) == [community_id]
    if is_first:
        shapes.note(intake)
    return community_id


def add_community(writing: Writing, community: Community) -> None:
    """The reference data of a community, in its table and its stream."""
    today = days.day(stamp(writing.now), community.timezone)
    community = replace(community, festivals=festivals.current(community.festivals, today))
    writing.records.add(community)
    writing.feed.show(community)
    add_checklists(writing)
    writing.flush()


def add_checklists(writing: Writing) -> int:
    """The lists that every community has from the start, where they are not yet; how many."""
    lacking = _lacking(writing.records.checklists())
    for one in lacking:
        writing.records.add(one)
        writing.feed.show(one)
    return len(lacking)


def complete(intake: Intake) -> None:
    """Give communities of an earlier release what new ones begin with.

    Nothing is written where nothing lacks: a server starts with a full disk, too.
    """
    with intake.store.read() as tx:
        wanting = [
            community_id
            for community_id in system.community_ids(tx)
            if _lacking(Records(tx, community_id).checklists())
        ]
    for community_id in wanting:
        intake.do(community_id, _complete)


def _lacking(here: list[Checklist]) -> list[Checklist]:
    known = {(one.code, one.edition) for one in here}
    return [one for one in default_checklists() if (one.code, one.edition) not in known]


def _complete(writing: Writing) -> None:
    if add_checklists(writing):
        writing.flush()


def add_person(
    writing: Writing,
    username: str,
    name: str,
    role: str,
    *,
    phone: str = "",
    password_hash: str = "",
    person_id: str = "",
) -> str:
    """A person who may sign in once they have a password or a card; the id."""
    person_id = person_id or str(uuid_utils.uuid7())
    row = PersonRow(writing.community_id, person_id, username, name, role, phone, password_hash, 1)
    rows.add(writing.tx, row, writing.now)
    people.publish(writing, person_id)
    return person_id


def only_community(intake: Intake) -> str:
    """The community of an installation that has just one; "" when it has none."""
    with intake.store.read() as tx:
        found = system.community_ids(tx)
    return found[0] if found else ""
