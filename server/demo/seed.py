"""Feeds the demo community through the one door for writes, as if half a year had passed."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from server import leaves, months, people, shapes
from server.audit import Author
from server.demo import arriving, papers, storms
from server.demo.arriving import Moment, instant_of
from server.demo.bulletins import DIVISION, SUBDISTRICT
from server.demo.departments import departments
from server.demo.handsets import Handset, emptied, handsets
from server.demo.history import Entry, history
from server.demo.ids import Minter, instant_ms, local_day
from server.demo.shapes import Person, Town
from server.demo.story import storm_of
from server.intake import Intake, lost
from server.intake.receiving import Sender
from server.intake.writing import Writing
from server.jobs import age_alerts, renew_doors, renew_festivals
from server.setup import add_community
from server.store import departments as directory
from server.store import people as rows
from server.store.database import Tx
from server.store.people import PersonRow
from sync.records import Community

Progress = Callable[[int, int], None]

_LEAVE_DAYS = 4
_PHONE, _DESK, _IMPORT, _EARLIER = "手机", "办公室电脑", "名册导入", "旧手机"


def seed(
    intake: Intake,
    town: Town,
    password_hash: str,
    progress: Progress,
    until: datetime | None = None,
) -> Counter[str]:
    """Make the community and tell its history in one transaction; operations by outcome.

    `until` a moment of today: with what today's story has until then.
    Everybody gets the same password hash. Real people never share one; here it saves 130 slow
    hashes of a password that is printed anyway.
    """
    entries, warned = _told(town, until)
    last = {entry.device_id: entry for entry in entries}

    def work(writing: Writing) -> Counter[str]:
        opened_at = instant_of(entries[0].received_at)
        opening = Writing(writing.tx, town.community_id, opened_at)
        add_community(
            opening,
            Community(
                id=town.community_id,
                name=town.name,
                office_phone=town.office_phone,
                gas_phone=town.gas_phone,
                division_code=DIVISION,
                subdistrict=SUBDISTRICT,
                # Its history was decided before anybody took samples.
                review_rules={"sample": 0},
            ),
        )
        for one in departments(town).values():
            directory.keep(writing.tx, town.community_id, one)
        for person in town.people:
            _enroll(opening, person, password_hash)
        _add_devices(writing.tx, town, last, opened_at)
        outcomes: Counter[str] = Counter()
        month = ""
        done = 0
        for moments, chunk in arriving.parts(entries, warned):
            for moment in moments:
                arriving.warn(writing, town, moment)
            if not chunk:
                continue
            first = local_day(chunk[0].received_at).replace(day=1)
            if first.isoformat() != month:
                month = first.isoformat()
                months.keep_as_of(Writing(writing.tx, town.community_id, _night(first)))
            outcomes += arriving.receive(writing, town, chunk)
            arriving.remind(writing, town, chunk[-1].received_at)
            done += len(chunk)
            progress(done, len(entries))
        evening = Writing(writing.tx, town.community_id, instant_of(entries[-1].received_at))
        _send_on_leave(evening, town)
        _hear_phones(evening, town, last)
        for person in town.people:
            people.publish(writing, person.id)
        writing.moved.update({**opening.moved, **evening.moved})
        return outcomes

    outcomes: Counter[str] = intake.do(town.community_id, work)
    renew_festivals(intake, town.community_id)
    renew_doors(intake, town.community_id)
    age_alerts(intake, town.community_id)
    months.keep(intake, town.community_id)
    papers.make(intake, town)
    shapes.note(intake)
    return outcomes


def _told(town: Town, until: datetime | None) -> tuple[list[Entry], list[Moment]]:
    """What arrived, and when there was a warning."""
    all_storms = storms.storms_of(town)
    if until is None:
        return list(history(town)), arriving.moments_of(storms.bulletins_of(all_storms))
    last_ms = round(until.timestamp() * 1000)
    entries = [one for one in history(town, with_today=True) if one.received_at <= last_ms]
    told = arriving.moments_of(storms.bulletins_of([*all_storms, storm_of(town)]))
    return entries, [one for one in told if one.at_ms <= last_ms]


def _enroll(opening: Writing, person: Person, password_hash: str) -> None:
    tx, community_id = opening.tx, opening.community_id
    row = PersonRow(
        community_id,
        person.id,
        person.username,
        person.name,
        person.role,
        person.phone,
        password_hash,
        1,
    )
    rows.add(tx, row, opening.now)
    began = local_day(round(opening.now.timestamp() * 1000))
    # Whoever has led a building longest leads it.
    since = (began + timedelta(days=person.is_deputy)).isoformat()
    for building_id in person.building_ids:
        rows.assign(tx, community_id, person.id, building_id, since)


def _send_on_leave(writing: Writing, town: Town) -> None:
    """One grid worker is away from today on; the chief of the grid goes instead."""
    person, by = town.person["worker9"], town.person["office1"]
    chief = next(
        (one for one in town.people if one.role == "chief" and one.grid_ids == person.grid_ids),
        town.person["worker3"],
    )
    until = town.today + timedelta(days=_LEAVE_DAYS)
    days = town.today.isoformat(), until.isoformat()
    leaves.set_leave(writing, Author(by.id, by.role), person.id, chief.id, *days)


def _add_devices(tx: Tx, town: Town, last: dict[str, Entry], at: datetime) -> None:
    """The devices that sent something, and one that was wiped before it could."""
    for device_id, entry in last.items():
        name = _name_of(town, entry)
        rows.add_device(tx, town.community_id, device_id, entry.person_id, name, at)
    device_id, owner = _wiped(town)
    rows.add_device(tx, town.community_id, device_id, owner, _EARLIER, at)


def _hear_phones(writing: Writing, town: Town, last: dict[str, Entry]) -> None:
    """What each phone said of itself the last time."""
    device_id, owner = _wiped(town)
    for heard in emptied(town.today):
        _hear(writing, device_id, owner, heard)
    said = handsets(town, last, town.today)
    for device_id, entry in last.items():
        is_phone = _name_of(town, entry) == _PHONE
        heard = said[device_id] if is_phone else Handset(entry.received_at)
        _hear(writing, device_id, entry.person_id, heard)


def _hear(writing: Writing, device_id: str, person_id: str, heard: Handset) -> None:
    home, seen_at = writing.community_id, instant_of(heard.seen_at)
    sender = Sender(home, person_id, device_id, seen_at, timedelta(0))
    lost.hear(writing, sender, heard.report)
    writing.ledgers.see(device_id, seen_at, heard.offset_ms, heard.report)


def _name_of(town: Town, entry: Entry) -> str:
    if entry.device_id == town.import_device_id:
        return _IMPORT
    office = {one.id for one in town.people if one.role == "office"}
    return _DESK if entry.person_id in office else _PHONE


def _wiped(town: Town) -> tuple[str, str]:
    """The earlier phone of one worker, and whose it was."""
    owner = [one.id for one in town.people if one.role == "worker"][-1]
    return Minter(f"wiped {owner}").mint(instant_ms(town.today, 0)), owner


def _night(day: date) -> datetime:
    """When the nightly jobs of a day would have run."""
    return instant_of(instant_ms(day, 150))
