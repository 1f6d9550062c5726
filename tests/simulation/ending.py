"""What must be true when the network is healed and everybody has synced to the end."""

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import msgspec

from server.store import check as store_check
from sync.digest import stream_digest
from tests.simulation import asking, calling, issuing, looking, merging, warnings
from tests.simulation.phone import Entry, Phone
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

OUTCOMES = ("accepted", "held", "conflict", "quarantined")
# What a receipt may have become since.
BECOMES = {
    "accepted": {"accepted"},
    "conflict": {"conflict"},
    "held": {"held", "accepted", "conflict", "quarantined"},
    "quarantined": {"quarantined", "accepted", "conflict", "held"},
}

Rows = list[dict[str, Any]]


def check(town: "Town") -> None:
    log = _Log(town)
    for phone in town.phones:
        log.holds_everything(phone)
        _ledger_agrees(phone)
    log.holds_nothing_else(town.phones)
    log.is_settled()
    _replicas_agree(town)
    _disputes_are_marked(town, log)
    _nobody_overwrites_in_silence(town)
    asking.check(town)
    looking.check(town)
    warnings.check(town)
    calling.check(town)
    issuing.check(town)
    merging.check(town)
    with town.backend.store.read() as tx:
        faults = list(store_check.faults(tx, town.backend.clock.now))
    demand(not faults, "store check", "; ".join(faults[:3]))


class _Log:
    """The server's log, ledger and quarantine, read once."""

    def __init__(self, town: "Town") -> None:
        rows = town.backend.rows
        self.town = town
        with town.backend.store.read():
            self.operations = {
                row["id"]: row
                for row in rows(
                    """
                    select operation.id, device_id, n, kind, hash, outcome, state, code,
                      coalesce(needs, '') as needs
                    from operation
                    left join waiting on waiting.community_id = operation.community_id
                      and waiting.operation_id = operation.id
                    """
                )
            }
            self.kept = {row["key"]: row for row in rows('select "key", state from quarantine')}
            self.numbers = {
                (row["device_id"], row["n"]): row["hash"]
                for row in rows("select device_id, n, hash from received")
            }
            self.visits: Rows = rows('select id, "by" from visit')

    def holds_everything(self, phone: Phone) -> None:
        """recorded = accepted + held + conflict + quarantined, by id."""
        counts: Counter[str] = Counter()
        for entry in phone.entries.values():
            counts[self._outcome(phone, entry)] += 1
        recorded = len(phone.entries)
        known = sum(counts[one] for one in OUTCOMES)
        demand(known == recorded, "sum", f"phone {phone.key}: {recorded} are {dict(counts)}")
        for device, entry in phone.archive:
            demand(entry.id in self.operations, "replaced", f"{entry.kind} {entry.id} of {device}")
            self._is_numbered(device, entry)
        for device, entry in phone.cleared:
            if entry.receipt is not None and entry.epoch == phone.epoch:
                self._is_numbered(device, entry)

    def holds_nothing_else(self, phones: list[Phone]) -> None:
        """No operation, number or visit came into being that no phone recorded."""
        devices = {phone.device: phone for phone in phones}
        recorded = {
            phone.device: {
                *(one.id for one in phone.entries.values()),
                *(one.id for _, one in [*phone.archive, *phone.cleared]),
            }
            for phone in phones
        }
        for row in self.operations.values():
            mine = recorded.get(row["device_id"], {row["id"]})
            demand(row["id"] in mine, "twice", f"{row['kind']} {row['id']} was never recorded")
        for device, n in self.numbers:
            if device in devices:
                demand(n in devices[device].entries, "twice", f"number {n} of {device}")
        self._visits_count_once(phones)

    def is_settled(self) -> None:
        for row in self.operations.values():
            needed = self.operations.get(row["needs"])
            waits = row["needs"] and needed is not None and needed["state"] == "applied"
            demand(not waits, "not released", f"{row['id']} waits for {row['needs']}, applied")
            failed = row["code"] == "operation.failed"
            demand(not failed, "operation.failed", f"{row['kind']} {row['id']}")

    def _outcome(self, phone: Phone, entry: Entry) -> str:
        """What the server says became of an entry; "" when it knows nothing of it."""
        receipt = entry.receipt
        if receipt is None:
            return ""
        digest = self._is_numbered(phone.device, entry)
        row = self.operations.get(entry.id)
        if row is None or row["hash"] != digest:
            return "quarantined" if digest in self.kept else ""
        now: str = row["outcome"]
        if entry.epoch == phone.epoch:
            may = BECOMES[receipt.said]
            demand(now in may, "outcome", f"{entry.id} was {receipt.said} and is {now}")
        return now

    def _is_numbered(self, device: str, entry: Entry) -> str:
        digest = hashlib.sha256(entry.text).hexdigest()
        known = self.numbers.get((device, entry.n))
        demand(known == digest, "lost", f"{entry.kind} {entry.id}, number {entry.n} of {device}")
        return digest

    def _visits_count_once(self, phones: list[Phone]) -> None:
        """A person's visits are those that they recorded and the server applied."""
        applied: dict[str, set[str]] = defaultdict(set)
        by_person: dict[str, list[str]] = defaultdict(list)
        for phone in phones:
            before = [*phone.archive, *phone.cleared]
            every = [*phone.entries.values(), *(one for _, one in before)]
            for entry in every:
                row = self.operations.get(entry.id)
                if entry.kind == "visit.record" and row and row["state"] == "applied":
                    applied[phone.person_id].add(entry.id)
        ours = {one for ids in applied.values() for one in ids}
        for row in self.visits:
            if row["id"] in ours:
                by_person[row["by"]].append(row["id"])
        for person_id, ids in applied.items():
            shown = sorted(by_person[person_id])
            demand(shown == sorted(ids), "total", f"{person_id} has {shown}, not {sorted(ids)}")


def _ledger_agrees(phone: Phone) -> None:
    facts = phone.facts
    assert facts is not None
    recorded = len(phone.entries)
    said = (facts.received, facts.upto, facts.missing)
    demand(said == (recorded, recorded, []), "ledger", f"phone {phone.key}: {recorded} are {said}")
    demand(facts.ledger == phone.chain(recorded), "ledger", f"code of phone {phone.key}")


def _replicas_agree(town: "Town") -> None:
    feed: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in town.backend.rows(
        "select stream, kind, id, record from feed where record is not null"
    ):
        feed[row["stream"]].append((row["kind"], row["id"], row["record"]))
    tops = {
        row["stream"]: row["seq"] for row in town.backend.rows("select stream, seq from stream")
    }
    digests: dict[str, str] = {}
    for phone in town.phones:
        held, expected = phone.digests(), town.truths.streams(phone)
        demand(sorted(held) == expected, "scope", f"phone {phone.key} keeps {sorted(held)}")
        for stream in expected:
            if stream not in digests:
                digests[stream] = stream_digest(feed[stream])
            same = held[stream] == digests[stream]
            demand(same, "replica", f"phone {phone.key} differs in {stream}")
            reached = phone.cursors[stream]
            demand(reached == tops.get(stream, 0), "replica", f"{stream} is read to {reached}")


def _disputes_are_marked(town: "Town", log: _Log) -> None:
    """Both values are kept and the field is marked, for as long as nobody has decided."""
    disputes = town.backend.rows("select operation_id, kind, record_id, field, state from dispute")
    waiting = {
        (one["kind"], one["record_id"], one["field"]) for one in disputes if one["state"] == "open"
    }
    marked, here = set(), set()
    for kind in ("household", "resident", "contact", "issue"):
        for row in town.backend.rows(f"select id, disputed from {kind}"):
            here.add((kind, row["id"]))
            marked |= {(kind, row["id"], one) for one in msgspec.json.decode(row["disputed"])}
    waiting = {one for one in waiting if one[:2] in here}
    demand(marked == waiting, "dispute", f"marked {marked}, open {waiting}")
    told = {one["operation_id"] for one in disputes}
    for row in log.operations.values():
        lost = row["outcome"] == "conflict" and row["id"] not in told
        demand(not lost, "dispute", f"{row['id']} is in conflict and nobody decides")


def _nobody_overwrites_in_silence(town: "Town") -> None:
    """Of the edits from one version, one device's applies; a device's own last word stands.

    Names and numbers are never the same twice here, so no edit agrees with another by chance.
    """
    edits: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in town.backend.rows(
        """
        select body, outcome, device_id, n from operation
        where state = 'applied' and kind in ('contact.change', 'resident.change')
        order by rowid
        """
    ):
        told = msgspec.json.decode(row["body"])
        for field in {"phone", "name"} & told["data"]["changes"].keys():
            value = told["data"]["changes"][field]
            edit = {**row, "base": told["base"], "value": value}
            edits[told["data"]["id"], field].append(edit)
    merged = _merged(town)
    for (record_id, field), every in edits.items():
        winners = defaultdict(set)
        for at, one in enumerate(every):
            if one["outcome"] == "accepted" and not _was_late(one, every[:at]):
                winners[one["base"]].add(one["device_id"])
        twice = {base: devices for base, devices in winners.items() if len(devices) > 1}
        demand(not twice, "overwritten", f"{field} of {record_id}: {twice}")
        if len({one["device_id"] for one in every}) == 1 and record_id not in merged:
            last = max(every, key=lambda one: one["n"])["value"]
            kind = "contact" if field == "phone" else "resident"
            now = town.backend.value(f"select {field} from {kind} where id = :id", id=record_id)
            demand(now in (None, last), "overwritten", f"{field} of {record_id}: {now}, not {last}")


def _merged(town: "Town") -> set[str]:
    """Who was in a merge: the office has chosen between two names."""
    rows = town.backend.rows(
        "select body from operation where state = 'applied' and kind = 'resident.merge'"
    )
    data = [msgspec.json.decode(row["body"])["data"] for row in rows]
    return {one[side] for one in data for side in ("keep", "drop")}


def _was_late(edit: dict[str, Any], earlier: Rows) -> bool:
    """Whether its device had already said something newer: then it changed nothing."""
    own = (one for one in earlier if one["device_id"] == edit["device_id"])
    return any(one["n"] > edit["n"] for one in own)
