"""A phone in plain Python: an outbox, a replica and cursors, as web/phone/ keeps them.

It trusts nothing: whatever in an answer breaks the contract of sync/README.md is Broken.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from server.seals import OPERATION, Seals, seal
from sync import ledger
from sync.digest import stream_digest
from sync.operations import EARLIEST, LATEST
from tests.simulation.cast import ident
from tests.simulation.wire import Change, Facts, Heard, Receipt, demand, hear

AWAY = timedelta(hours=72)
TOLD = Seals(b"").told


class LockedOut(Exception):
    """The server was not reached for so long that no PIN opens the phone."""


class Entry:
    """One operation as the outbox keeps it."""

    def __init__(self, n: int, text: bytes, told: dict[str, Any], at: datetime) -> None:
        self.n = n
        self.text = text
        self.id: str = told["id"]
        self.kind: str = told["kind"]
        self.data: Any = told["data"]
        self.base: int | None = told.get("base")
        self.at = at
        self.receipt: Receipt | None = None
        self.epoch = self.again = ""
        self.is_back = False
        self.sealed = b""
        self.sent: set[str] = set()

    def seal(self, wanted: bool) -> None:
        """Behind a PIN a text is also sealed to the server, once."""
        if not wanted:
            self.sealed = b""
        elif not self.sealed:
            closed = {"n": self.n, "sealed": seal(TOLD, self.text, OPERATION)}
            self.sealed = json.dumps(closed).encode()

    def numbered(self, n: int) -> "Entry":
        """The same work under another number, not answered for."""
        told = {**json.loads(self.text), "n": n}
        entry = Entry(n, json.dumps(told, ensure_ascii=False).encode(), told, self.at)
        entry.again = self.again
        entry.seal(bool(self.sealed))
        return entry


Replica = dict[str, dict[tuple[str, str], bytes]]


class Phone:
    """One phone of one person. `ahead` is what its clock is wrong by."""

    def __init__(self, key: int, username: str, role: str, person_id: str) -> None:
        self.key, self.username, self.role, self.person_id = key, username, role, person_id
        self.device = self.token = self.epoch = self.fresh_epoch = self.heard_epoch = ""
        self.ahead = timedelta(0)
        self.entries: dict[int, Entry] = {}
        # What went out under earlier devices, and what was lost when the storage was cleared.
        self.archive: list[tuple[str, Entry]] = []
        self.cleared: list[tuple[str, Entry]] = []
        self.streams: Replica = {}
        self.cursors: dict[str, int] = {}
        self.fresh: Replica = {}
        self.fresh_cursors: dict[str, int] = {}
        self.left: list[str] = []
        self.facts: Facts | None = None
        self.more = True
        self.made = 0
        self.has_pin = self.is_locked = False
        self.reached_at: datetime | None = None

    def copied(self) -> "Phone":
        """A phone that has synced and recorded nothing yet, for another story."""
        assert not self.entries
        other = Phone(self.key, self.username, self.role, self.person_id)
        other.device, other.token, other.epoch = self.device, self.token, self.epoch
        other.streams = {name: dict(records) for name, records in self.streams.items()}
        other.cursors = dict(self.cursors)
        return other

    def time(self, now: datetime) -> datetime:
        return min(max(now + self.ahead, EARLIEST), LATEST)

    def record(self, now: datetime, kind: str, data: Any, **more: Any) -> Entry:
        """Number an operation and keep its text; it is fixed from now on. Raises LockedOut."""
        self.open(now)
        self.made += 1
        n = max(self.entries, default=0) + 1
        told = {
            "id": ident(16 + self.key, self.made),
            "n": n,
            "kind": kind,
            "at": self.time(now).isoformat(timespec="milliseconds"),
            **more,
            "data": data,
        }
        entry = Entry(n, json.dumps(told, ensure_ascii=False).encode(), told, now + self.ahead)
        entry.seal(self.has_pin)
        self.entries[n] = entry
        return entry

    def open(self, now: datetime) -> None:
        """Somebody types the PIN, if there is one. Raises LockedOut."""
        if self.has_pin and self.reached_at and now - self.reached_at > AWAY:
            self.is_locked = True
            raise LockedOut
        self.is_locked = False

    @property
    def waiting(self) -> list[Entry]:
        return [one for one in self.entries.values() if one.receipt is None]

    @property
    def ready(self) -> list[Entry]:
        """What may go out now. A server that was restored is first asked what it has, but not by a
        locked phone, which hears receipts only."""
        if self.is_locked:
            return [one for one in self.waiting if one.sealed]
        known = self.fresh_epoch or self.epoch
        is_strange = self.heard_epoch and known and self.heard_epoch != known
        return [] if is_strange else self.waiting

    def question(self, now: datetime, limit: int, batch: Sequence[Entry]) -> bytes:
        """The body of a round trip; operations go out byte for byte, sealed by a locked phone."""
        cursors = self.fresh_cursors if self.fresh_epoch else self.cursors
        head = {
            "protocol": 1,
            "device": self.device,
            "sent_at": self.time(now).isoformat(timespec="milliseconds"),
            "cursors": {} if self.is_locked else cursors,
            "limit": 0 if self.is_locked else limit,
        }
        if self.epoch:
            head["epoch"] = self.fresh_epoch or self.epoch
        for one in batch:
            one.sent.add("sealed" if self.is_locked else "open")
        ops = b",".join(one.sealed if self.is_locked else one.text for one in batch)
        return msgspec.json.encode(head)[:-1] + b',"ops":[' + ops + b"]}"

    def hear(self, body: bytes, batch: Sequence[Entry], limit: int) -> Heard:
        """Take in one whole answer, as one transaction. Raises ValueError when it is cut."""
        heard = hear(body)
        if self.is_locked:
            self._check_receipts(heard, batch)
            self._take_receipts(heard)
            return heard
        self.heard_epoch = ""
        self._gather(heard)
        self._check_receipts(heard, batch)
        self._take_receipts(heard)
        is_new = bool(self.epoch) and heard.epoch != (self.fresh_epoch or self.epoch)
        if is_new or len(self.entries) - len(self.waiting) > heard.device.received:
            self._take_up_again(heard)
        self._pull(heard)
        self.facts, self.more = heard.device, heard.more
        self.left = heard.left
        if not self.waiting:
            self._erase(heard.left)
        return heard

    def move_to(self, device: str) -> None:
        """The server took the device away: what was never answered for is numbered anew."""
        unsent = self.waiting
        for one in self.entries.values():
            if one.receipt is not None:
                one.epoch = self.fresh_epoch or self.epoch
                self.archive.append((self.device, one))
        self.entries = {n: one.numbered(n) for n, one in enumerate(unsent, start=1)}
        self.device, self.facts = device, None

    def forget_everything(self, device: str, token: str) -> None:
        """As when the browser's storage is cleared: the next sign-in makes another phone of it."""
        self.cleared += [*self.archive, *((self.device, one) for one in self.entries.values())]
        self.archive, self.entries, self.facts = [], {}, None
        self.streams, self.cursors, self.fresh, self.fresh_cursors = {}, {}, {}, {}
        self.epoch, self.fresh_epoch, self.left, self.more = "", "", [], True
        self.device, self.token = device, token
        self.has_pin = self.is_locked = False

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Records of a kind in the replica, by what people call them, then by id."""
        found = {
            key[1]: text
            for records in self.streams.values()
            for key, text in records.items()
            if key[0] == kind
        }
        records = [msgspec.json.decode(text) for text in found.values()]
        return sorted(records, key=called)

    def digests(self) -> dict[str, str]:
        return {
            stream: stream_digest((kind, one, text.decode()) for (kind, one), text in held.items())
            for stream, held in self.streams.items()
        }

    def chain(self, upto: int) -> str:
        """The ledger as this phone has it."""
        hashes = (hashlib.sha256(self.entries[n].text).digest() for n in range(1, upto + 1))
        return ledger.extend(ledger.START, hashes).hex()

    def _check_receipts(self, heard: Heard, batch: Sequence[Entry]) -> None:
        told = [(one.id, one.n) for one in heard.receipts]
        asked = [(one.id, one.n) for one in batch]
        demand(told == asked, "receipts", f"phone {self.key} sent {asked} and heard of {told}")
        strange = {stream for one in heard.receipts for stream in one.seq} - set(heard.cursors)
        demand(not strange, "receipts", f"phone {self.key} hears of streams {strange}")

    def _take_receipts(self, heard: Heard) -> None:
        for receipt in heard.receipts:
            entry = self.entries.get(receipt.n or 0)
            if entry is not None and entry.id == receipt.id:
                entry.receipt, entry.epoch = receipt, heard.epoch

    def _pull(self, heard: Heard) -> None:
        """As answers.js: after a restore a fresh replica fills beside the old one."""
        if not self.epoch or self.epoch == heard.epoch:
            self.fresh, self.fresh_cursors, self.fresh_epoch = {}, {}, ""
            self._take_changes(self.streams, self.cursors, heard)
            self.epoch = heard.epoch
            return
        if self.fresh_epoch != heard.epoch:
            self.fresh, self.fresh_cursors = {}, {}
        self.fresh_epoch = heard.epoch
        self._take_changes(self.fresh, self.fresh_cursors, heard)
        if heard.more:
            return
        self.streams, self.cursors = self.fresh, self.fresh_cursors
        self.fresh, self.fresh_cursors, self.fresh_epoch = {}, {}, ""
        self.epoch = heard.epoch

    def _take_up_again(self, heard: Heard) -> None:
        """Send again, once in an epoch, whatever a restored server does not name as received."""
        device = heard.device
        missing = set(device.missing)
        highest = max(device.upto, device.received + len(missing))
        for entry in self.entries.values():
            lacks = entry.n in missing or entry.n > highest
            if entry.receipt is not None and lacks and entry.again != heard.epoch:
                entry.receipt, entry.is_back, entry.again = None, False, heard.epoch

    def _gather(self, heard: Heard) -> None:
        """A server that has nothing of this device may lack what earlier ones sent: all of it goes
        out again under this one, in the order in which it was done."""
        pending = [one for _, one in self.archive if one.epoch != heard.epoch]
        if heard.device.received or not pending:
            return
        self.archive = [(device, one) for device, one in self.archive if one not in pending]
        every = [*pending, *self.entries.values()]
        for one in every:
            one.again = heard.epoch
        self.entries = {n: one.numbered(n) for n, one in enumerate(every, start=1)}

    def _take_changes(self, replica: Replica, cursors: dict[str, int], heard: Heard) -> None:
        for one in heard.changes:
            reached = heard.cursors.get(one.stream, -1)
            new = cursors.get(one.stream, 0) < one.seq <= reached
            demand(new, "cursors", f"{one.stream} {one.seq} came twice or outside its page")
            self._store(replica.setdefault(one.stream, {}), one)
        cursors.update(heard.cursors)
        for stream in heard.cursors:
            replica.setdefault(stream, {})

    def _store(self, records: dict[tuple[str, str], bytes], one: Change) -> None:
        key, text = (one.kind, one.id), bytes(one.record)
        if text == b"null":
            records.pop(key, None)
            return
        before = records.get(key)
        # A leader's form is numbered from 1 again when its record left the building and came back.
        if before is not None and b'"version"' in text and not one.stream.startswith("doors:"):
            was, now = (msgspec.json.decode(each)["version"] for each in (before, text))
            demand(now >= was, "versions", f"{one.stream} {key} went from {was} to {now}")
        records[key] = text

    def _erase(self, streams: Sequence[str]) -> None:
        for stream in streams:
            self.streams.pop(stream, None)
            self.cursors.pop(stream, None)


def called(record: dict[str, Any]) -> tuple[str, ...]:
    """Sorts records the same in every run: an import makes ids anew each time."""
    return tuple(str(record.get(name, "")) for name in ("label", "name", "phone", "at", "id"))
