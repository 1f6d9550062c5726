"""Feeds the demo community through the one door for writes, as if half a year had passed."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from server import leaves, months, people, shapes
from server.audit import Author
from server.demo.handsets import Handset, emptied, handsets
from server.demo.history import Entry, history
from server.demo.ids import Minter, instant_ms, local_day
from server.demo.shapes import Person, Town
from server.intake import Intake, lost
from server.intake.receiving import Sender
from server.intake.writing import Writing
from server.jobs import renew_doors, renew_festivals
from server.setup import add_community
from server.store import people as rows
from server.store.database import Tx
from server.store.people import PersonRow
from sync.operations import stamp
from sync.records import Community
from sync.visits import WINDOW_DAYS

Progress = Callable[[int, int], None]

_LEAVE_DAYS = 4
_AT_ONCE = 1000
_PHONE, _DESK, _IMPORT, _EARLIER = "手机", "办公室电脑", "名册导入", "旧手机"


def seed(intake: Intake, town: Town, password_hash: str, progress: Progress) -> Counter[str]:
    """Make the community and tell its history in one transaction; operations by outcome.

    Everybody gets the same password hash. Real people never share one; here it saves 130 slow
    hashes of a password that is printed anyway.
    """
    entries = list(history(town))
    last = {entry.device_id: entry for entry in entries}

    def work(writing: Writing) -> Counter[str]:
        opened_at = _instant(entries[0].received_at)
        opening = Writing(writing.tx, town.community_id, opened_at)
        add_community(
            opening,
            Community(
                id=town.community_id,
                name=town.name,
                office_phone=town.office_phone,
                gas_phone=town.gas_phone,
            ),
        )
        for person in town.people:
            _enroll(opening, person, password_hash)
        _add_devices(writing.tx, town, last, opened_at)
        outcomes: Counter[str] = Counter()
        month = ""
        for done, chunk in _days(entries):
            first = local_day(chunk[0].received_at).replace(day=1)
            if first.isoformat() != month:
                month = first.isoformat()
                months.keep_as_of(Writing(writing.tx, town.community_id, _night(first)))
            outcomes += _receive(writing, town, chunk)
            progress(done, len(entries))
        evening = Writing(writing.tx, town.community_id, _instant(entries[-1].received_at))
        _send_on_leave(evening, town)
        _hear_phones(evening, town, last)
        for person in town.people:
            people.publish(writing, person.id)
        writing.moved.update({**opening.moved, **evening.moved})
        return outcomes

    outcomes: Counter[str] = intake.do(town.community_id, work)
    renew_festivals(intake, town.community_id)
    renew_doors(intake, town.community_id)
    months.keep(intake, town.community_id)
    shapes.note(intake)
    return outcomes


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
    since = local_day(round(opening.now.timestamp() * 1000)).isoformat()
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
    home, seen_at = writing.community_id, _instant(heard.seen_at)
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


def _days(entries: list[Entry]) -> Iterator[tuple[int, list[Entry]]]:
    """The operations received on each day, with how many came until then."""
    done = 0
    for _, group in groupby(entries, key=lambda entry: local_day(entry.received_at)):
        chunk = list(group)
        done += len(chunk)
        yield done, chunk


def _receive(whole: Writing, town: Town, chunk: list[Entry]) -> Counter[str]:
    """One day's operations, as of the moment the last of them came."""
    day = Writing(whole.tx, town.community_id, _instant(chunk[-1].received_at), seeding=True)
    # What has left the phones' window by now never enters the streams.
    day.feed.windows.window_from = stamp(whole.now - timedelta(days=WINDOW_DAYS))
    outcomes: Counter[str] = Counter()
    sent = [(entry.raw, _sender(town, entry)) for entry in chunk]
    for start in range(0, len(sent), _AT_ONCE):
        receipts = day.receive_each(sent[start : start + _AT_ONCE])
        outcomes.update(one.outcome for one in receipts)
    day.finish()
    whole.moved.update(day.moved)
    return outcomes


def _sender(town: Town, entry: Entry) -> Sender:
    at = _instant(entry.received_at)
    return Sender(town.community_id, entry.person_id, entry.device_id, at, timedelta(0))


def _night(day: date) -> datetime:
    """When the nightly jobs of a day would have run."""
    return _instant(instant_ms(day, 150))


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
