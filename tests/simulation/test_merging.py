"""F13: nobody's words are overwritten in silence."""

import json
from random import Random

import pytest
from msgspec.structs import asdict, replace

from sync.merge import Stamp
from sync.operations import open_envelope, understand
from sync.reconcile import decide, reconcile
from sync.records import Resident
from tests.simulation import network
from tests.simulation.town import Town
from tests.sync.memory import BUILDING, DOOR, ELDER, WORKER, MemoryTown, known, uid

MERGES = 10_000
OF_ONE_RECORD = 20
DEVICES = 3
FIELDS = ("name", "pinyin", "birth_on", "relation_to_head")
WORKER1, CHIEF = 0, 4


class Register(MemoryTown):
    """One resident with the stamps of its fields, written as the intake writes them."""

    def __init__(self) -> None:
        super().__init__(BUILDING, DOOR, ELDER)
        self.marks = {}
        self.disputes = []
        # Per field: every value with the version it came in with, its device and its number.
        self.said = {field: [] for field in FIELDS}

    def stamps(self, kind, record_id):
        return self.marks

    @property
    def elder(self) -> Resident:
        return self.held["resident", ELDER.id]

    def change(self, device, n, base, changes):
        """Apply one edit; the fields that went into dispute."""
        told = {"id": uid(1000 + n), "n": n, "kind": "resident.change", "base": base}
        told |= {"at": "2026-09-15T12:00:00+08:00", "data": {"id": ELDER.id, "changes": changes}}
        envelope = open_envelope(json.dumps(told).encode())
        actor = WORKER._replace(device=device)
        before = self.elder
        follows = reconcile(understand(envelope), known(self, actor))
        self.keep(follows.changed)
        differs = [one for one in FIELDS if getattr(before, one) != getattr(self.elder, one)]
        if before != self.elder:
            self.keep([replace(self.elder, version=before.version + 1)])
        for field in differs:
            self.marks[field] = Stamp(self.elder.version, device, n)
        self.disputes += [(one.field, one.proposed) for one in follows.disputed]
        for field, value in changes.items():
            self.said[field].append((self.elder.version, device, n, base, value))
        return {one.field for one in follows.disputed}

    def lost(self, field):
        """Values that are neither current, nor in dispute, nor overwritten by who knew of them."""
        kept = {getattr(self.elder, field)} | {
            value for name, value in self.disputes if name == field
        }
        return [
            value
            for version, device, n, _, value in self.said[field]
            if value not in kept
            and not any(
                (other == device and later > n) or (other != device and base >= version)
                for _, other, later, base, _ in self.said[field]
            )
        ]


def test_f13_ten_thousand_random_merges_never_lose_a_value():
    chance = Random(13)
    conflicts = 0
    for _ in range(MERGES // OF_ONE_RECORD):
        register = Register()
        for edit in _edits(register, chance):
            disputed = register.change(*edit)
            conflicts += len(disputed)
            assert disputed <= set(register.elder.disputed)
        for field in FIELDS:
            assert register.lost(field) == []
        assert set(register.elder.disputed) == {name for name, _ in register.disputes}
    assert conflicts > MERGES // 10


def _edits(register, chance):
    """(device, number, base, changes) as they arrive: late, and out of order within a device."""
    queued = {device: [] for device in range(DEVICES)}
    seen = dict.fromkeys(queued, register.elder.version)
    numbers = dict.fromkeys(queued, 0)
    for made in range(OF_ONE_RECORD):
        device = chance.randrange(DEVICES)
        if chance.random() < 0.3:
            seen[device] = register.elder.version
        numbers[device] += 1
        fields = chance.sample(FIELDS, chance.randint(1, 2))
        changes = {one: _value(one, made) for one in fields}
        queued[device].append((uid(50 + device), numbers[device], seen[device], changes))
        waiting = queued[chance.randrange(DEVICES)]
        if waiting:
            yield waiting.pop(chance.randrange(min(2, len(waiting))))
    for waiting in queued.values():
        yield from waiting


def _value(field, number):
    """No two edits agree by chance."""
    return f"19{number % 90 + 10}-05-05" if field == "birth_on" else f"{field} {number}"


@pytest.mark.parametrize("chosen", ["黄甲", "黄乙"])
def test_f13_two_people_edit_one_resident_offline(tmp_path, chosen):
    """Other fields: both survive. The same field: both are kept, marked and told with author."""
    town = Town(0, tmp_path, out=[WORKER1, CHIEF])
    worker, chief = town.phones
    person = worker.all("resident")[0]
    for phone, changes in (
        (worker, {"name": "黄甲", "sex": "f"}),
        (chief, {"name": "黄乙", "relation_to_head": "head"}),
    ):
        data = {"id": person["id"], "changes": changes}
        phone.record(town.backend.clock(), "resident.change", data, base=person["version"])

    town.heal()

    [dispute] = town.backend.rows("select id, current, proposed, person_id, at from dispute")
    assert (dispute["current"], dispute["proposed"]) == ('"黄甲"', '"黄乙"')
    assert dispute["person_id"] == chief.person_id and dispute["at"]
    for phone in town.phones:
        shown = _of(phone, person["id"])
        assert (shown["name"], shown["sex"], shown["relation_to_head"]) == ("黄甲", "f", "head")
        assert shown["disputed"] == ["name"]
    town.truths.settled()

    decision = {"id": dispute["id"], "value": chosen}
    town.backend.submit("dispute.decide", decision, "01990000-0009-7000-8000-000000000001")
    town.heal()

    for phone in town.phones:
        shown = _of(phone, person["id"])
        assert (shown["name"], shown["disputed"]) == (chosen, [])
    town.truths.settled()
    town.close()


NOW = "2026-09-15T04:00:00.000Z"


def test_f13_the_word_of_the_office_ends_one_dispute_and_no_other():
    elder = replace(ELDER, disputed=["name", "sex"])

    after = decide(elder, "name", "黄乙", still_disputed=False, at=NOW)

    assert asdict(after) == asdict(replace(elder, name="黄乙", disputed=["sex"]))


def test_a_status_that_the_office_decided_is_since_then_what_it_says():
    elder = replace(ELDER, disputed=["status"])

    assert decide(elder, "status", "away", still_disputed=False, at=NOW).status_at == NOW


def _of(phone, record_id):
    return next(one for one in phone.all("resident") if one["id"] == record_id)


def test_f13_one_person_with_two_phones_is_told_as_well(tmp_path):
    town = Town(0, tmp_path, out=[0, 1])
    one, other = town.phones
    number = one.all("contact")[0]
    for phone, digits in ((one, "13800000001"), (other, "13800000002")):
        data = {"id": number["id"], "changes": {"phone": digits}}
        phone.record(town.backend.clock(), "contact.change", data, base=number["version"])

    network.calm(town, one)
    network.calm(town, other)

    [entry] = other.entries.values()
    assert entry.receipt.said == "conflict"
    town.heal()
    town.truths.settled()
    town.close()


def test_f13_a_late_edit_that_its_own_phone_replaced_overwrites_nobody(tmp_path):
    """Seed 70093 of 200 steps: an edit from a common version comes last, and changes nothing."""
    town = Town(0, tmp_path, out=[WORKER1, CHIEF])
    worker, chief = town.phones
    number = worker.all("contact")[0]
    late = _calls(town, worker, number, "13800000001")
    _calls(town, chief, number, "13800000002")
    network.calm(town, chief)
    _alone(town, worker, [])
    informed = next(one for one in worker.all("contact") if one["id"] == number["id"])
    last = _calls(town, worker, informed, "13800000003")
    _alone(town, worker, [last])

    town.heal()

    assert (late.receipt.said, last.receipt.said) == ("accepted", "accepted")
    assert (
        town.backend.value("select phone from contact where id = :id", id=number["id"])
        == "13800000003"
    )
    town.truths.settled()
    town.close()


def _calls(town, phone, number, digits):
    data = {"id": number["id"], "changes": {"phone": digits}}
    return phone.record(town.backend.clock(), "contact.change", data, base=number["version"])


def _alone(town, phone, batch):
    body = phone.question(town.backend.clock(), 500, batch)
    phone.hear(town.backend.request(phone.token, body).body, batch, 500)
