"""Looking after accounts: adding people, new passwords, handing over buildings."""

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from server import audit, lending, people, setup
from server.alerts import joining
from server.audit import Author
from server.intake.writing import Writing
from server.store import cards, leaves, pairings, team
from server.store import people as rows
from server.store.database import Tx
from server.store.people import PersonRow
from sync import days
from sync import people as rules
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import Building, Pairing
from sync.refusals import Refusal
from sync.scope import OFFICE

# A password that is read out on the phone: no letter that looks or sounds like another.
SPOKEN = "abcdefghkmnpqrstuvwxyz23456789"
GIVEN_OUT_FOR = timedelta(days=7)
# Who sees a whole community, or more.
DESKS = OFFICE | {"street", "admin"}
# The server's own hand: nobody's device.
NOBODY = Stamp(0, "", 0)


class Account(NamedTuple):
    """What the office says of a person."""

    name: str
    role: str
    phone: str = ""
    active: int = 1


class HandOver(NamedTuple):
    """Buildings for a person from a day on, until a last day or until further notice.

    `instead`: those of the same role who hold them now give them up the day before.
    """

    person_id: str
    building_ids: list[str]
    from_on: str
    until_on: str = ""
    instead: bool = False


def add(writing: Writing, by: Author, username: str, account: Account) -> str:
    """A person who may sign in once they have a password or a card; the id."""
    rules.refuse_unmanaged(by.role, rules.role(account.role))
    username = rules.username(username)
    if rows.by_username(writing.tx, username):
        raise Refusal("person.same_username", username=username)

    name = rules.name(account.name)
    person_id = setup.add_person(writing, username, name, account.role, phone=account.phone)
    audit.note(writing, by, "person.add", person_id, detail=account.role)
    return person_id


def change(writing: Writing, by: Author, person_id: str, account: Account) -> None:
    """Change what an account says. Who is no longer active, or comes to another desk or leaves one,
    is signed out everywhere."""
    before = find(writing, by, person_id)
    rules.refuse_unmanaged(by.role, rules.role(account.role))
    if by.id == person_id and (account.role != before.role or not account.active):
        raise Refusal("person.self")

    account = account._replace(name=rules.name(account.name))
    team.change_account(writing.tx, writing.community_id, person_id, account._asdict())
    if not account.active or _is_other_desk(before.role, account.role):
        rows.end_sessions(writing.tx, writing.community_id, person_id, writing.now)
    if not account.active:
        cards.withdraw(writing.tx, writing.community_id, person_id, writing.now)
    people.publish(writing, person_id)
    if before.role == "leader" and not (account.active and account.role == "leader"):
        let_pairs_go(writing, person_id)
    if "leader" in (before.role, account.role):
        held = team.assignments(writing.tx, writing.community_id, person_id)
        name_leaders(writing, {one["building_id"] for one in held})
    changed = [word for word in Account._fields if getattr(account, word) != getattr(before, word)]
    audit.note(writing, by, "person.change", person_id, detail=" ".join(changed))


def _is_other_desk(before: str, now: str) -> bool:
    """Whether somebody who signed in for one work would go on into another that sees more."""
    return before != now and bool(DESKS & {before, now})


def let_pairs_go(writing: Writing, person_id: str) -> None:
    """Whom somebody looked after as a leader is asked after by the workers from now on.

    The pair goes on by name and number: it is the neighbour who looks in, not the post.
    """
    for pairing_id in pairings.of_leader(writing.tx, writing.community_id, person_id):
        pairing = writing.records.get("pairing", pairing_id)
        assert isinstance(pairing, Pairing)
        writing.feed.end(f"person:{person_id}", "pair", pairing_id)
        writing.save(Follows([msgspec.structs.replace(pairing, leader_id="")]), NOBODY)


def find(writing: Writing, by: Author, person_id: str) -> PersonRow:
    """Somebody whose account `by` may look after. Raises Refusal."""
    return managed(writing.tx, writing.community_id, by, person_id)


def managed(tx: Tx, community_id: str, by: Author, person_id: str) -> PersonRow:
    """The same where nothing is written."""
    found = rows.find(tx, community_id, person_id)
    if found is None:
        raise Refusal("person.unknown")
    rules.refuse_unmanaged(by.role, found.role)
    return found


def give_password(writing: Writing, by: Author, person_id: str, password_hash: str) -> None:
    """A password for a few days, to be replaced by an own one; ends what is signed in."""
    find(writing, by, person_id)
    until = stamp(writing.now + GIVEN_OUT_FOR)
    team.set_password(writing.tx, writing.community_id, person_id, password_hash, until)
    rows.end_sessions(writing.tx, writing.community_id, person_id, writing.now)
    audit.note(writing, by, "password.reset", person_id)


def spoken_password() -> str:
    """Three groups of four: 58 random bits that can be read out."""
    letters = [secrets.choice(SPOKEN) for _ in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


def hand_over(writing: Writing, by: Author, asked: HandOver) -> None:
    """Give buildings to a person."""
    person = find(writing, by, asked.person_id)
    if person.role not in rules.HOLDS_BUILDINGS:
        raise Refusal("person.holds_no_building")
    if asked.until_on and asked.until_on < asked.from_on:
        raise Refusal("person.days_misfit")
    known = {one["id"] for one in team.buildings(writing.tx, writing.community_id)}
    if not asked.building_ids or not known.issuperset(asked.building_ids):
        raise Refusal("person.building_unknown")

    if asked.instead:
        _give_up(writing, person, asked)
    for building_id in asked.building_ids:
        rows.assign(
            writing.tx,
            writing.community_id,
            asked.person_id,
            building_id,
            asked.from_on,
            asked.until_on,
        )
    lending.renew(writing)
    people.publish(writing, asked.person_id)
    joining.follow(writing, asked.person_id)
    if person.role == "leader":
        name_leaders(writing, asked.building_ids)
    span = f"{asked.from_on} {asked.until_on} {len(asked.building_ids)}"
    audit.note(writing, by, "building.assign", asked.person_id, detail=span)


def _give_up(writing: Writing, taker: PersonRow, asked: HandOver) -> None:
    last_on = days.after(asked.from_on, -1)
    tx, community_id = writing.tx, writing.community_id
    for building_id in asked.building_ids:
        for person_id in team.holders(tx, community_id, building_id, taker.role, asked.from_on):
            if person_id != taker.id:
                rows.unassign(tx, community_id, person_id, building_id, last_on)
                people.publish(writing, person_id)


def end(
    writing: Writing, by: Author, person_id: str, building_ids: list[str], last_on: str
) -> None:
    """A person gives buildings up after a last day."""
    person = find(writing, by, person_id)
    if not building_ids:
        raise Refusal("person.building_unknown")

    for building_id in building_ids:
        rows.unassign(writing.tx, writing.community_id, person_id, building_id, last_on)
    lending.renew(writing)
    people.publish(writing, person_id)
    if person.role == "leader":
        held = team.assignments(writing.tx, writing.community_id, person_id)
        name_leaders(writing, {one["building_id"] for one in held})
    audit.note(writing, by, "building.unassign", person_id, detail=f"{last_on} {len(building_ids)}")


def hand_overs_since(writing: Writing, day: date) -> int:
    """Tell phones of stretches that began or ended by themselves; how many people moved."""
    today = rows.today_of(writing.tx, writing.community_id, writing.now)
    moved = team.handed_over_between(writing.tx, writing.community_id, day.isoformat(), today)
    deputies = leaves.deputies_between(writing.tx, writing.community_id, day.isoformat(), today)
    moved_people = sorted({*deputies, *(person_id for person_id, _ in moved)})
    for person_id in moved_people:
        people.publish(writing, person_id)
        joining.follow(writing, person_id)
    name_leaders(writing, {building_id for _, building_id in moved})
    return len(moved_people)


def name_leaders(writing: Writing, building_ids: Iterable[str]) -> None:
    """Buildings say who leads them today; it follows from the stretches and is typed nowhere."""
    today = rows.today_of(writing.tx, writing.community_id, writing.now)
    for building_id in sorted(building_ids):
        building = writing.records.get("building", building_id)
        assert isinstance(building, Building)
        leaders = team.leaders_of(writing.tx, writing.community_id, building_id, today)
        said = "、".join(dict.fromkeys(name for name, _ in leaders))
        phone = next((phone for _, phone in leaders if phone), "")
        renamed = msgspec.structs.replace(building, leader_name=said, leader_phone=phone)
        if renamed != building:
            writing.save(Follows([renamed]), NOBODY)
    writing.flush()
