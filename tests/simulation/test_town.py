"""Many phones and an office against one intake, over a network that loses, repeats and reorders."""

import json
import random

import pytest

from server.store import paging, people
from sync.refusals import Refusal
from sync.scope import streams_of
from tests.server.spine import Spine, visit_data

SEEDS = 40
STEPS = 40
RESULTS = ("met", "met_family", "not_home", "refused", "no_answer", "hospital", "deceased")


class Device:
    """A phone with an outbox, a replica and cursors; it forgets nothing that lacks a receipt."""

    def __init__(self, phone, chance):
        self.phone = phone
        self.chance = chance
        self.outbox = {}
        self.settled = {}
        self.cursors = {}
        self.records = {}
        self.tries = 0

    def record(self, kind, data, **more):
        text = self.phone.record(kind, data, **more)
        self.outbox[json.loads(text)["id"]] = text
        return json.loads(text)["id"]

    def sync(self, town, calm=False):
        """Push some of the outbox in any order and pull a little; either half may get lost."""
        batch = list(self.outbox.values())
        if not calm:
            self.chance.shuffle(batch)
            batch = batch[: self.chance.randint(0, 8)]
            if self.chance.random() < 0.2:
                return
        receipts = self.phone.push(*batch)
        if not calm and self.chance.random() < 0.3:
            return
        for receipt in receipts:
            self.settled[receipt.id] = receipt.first or receipt.outcome
            self.outbox.pop(receipt.id)
        self.pull(town, self.chance.choice([1, 3, 500]))

    def pull(self, town, limit):
        with town.spine.store.read() as tx:
            for stream in town.streams(self.phone.person_id):
                found, _ = paging.changes_after(
                    tx, town.spine.home, stream, self.cursors.get(stream, 0), limit
                )
                for change in found:
                    self.records[stream, change.kind, change.id] = change.record
                    self.cursors[stream] = change.seq


class Town:
    """One seed: who does what is drawn, so that the same seed plays the same."""

    def __init__(self, folder, seed):
        self.chance = random.Random(seed)
        self.spine = Spine(folder)
        self.devices = [
            Device(self.spine.phone(name), self.chance)
            for name in ("worker1", "worker1", "worker2")
        ]
        self.contacts = [self.spine.contact]

    def streams(self, person_id):
        buildings = [self.spine.building, self.spine.other]
        with self.spine.store.read() as tx:
            held = people.buildings_now(tx, self.spine.home, person_id, "2026-09-15")
        assert set(held) <= set(buildings)
        return streams_of("worker", person_id, self.spine.home, held)

    def step(self):
        device = self.chance.choice(self.devices)
        act = self.chance.choice(
            [self.visit, self.visit, self.edit, self.correct, self.newcomer, self.sync, self.sync]
        )
        act(device)
        if self.chance.random() < 0.15:
            self.office()

    def visit(self, device):
        people = [self.spine.elder] if self.chance.random() < 0.6 else []
        data = visit_data(
            self.chance.choice([self.spine.door, self.spine.door, self.spine.far_door]),
            result=self.chance.choice(RESULTS),
            resident_ids=people,
        )
        device.record("visit.record", data)

    def edit(self, device):
        changes = {"phone": f"1400000{self.chance.randint(0, 9999):04d}"}
        base = self.chance.randint(1, 4)
        device.record("contact.change", {"id": self.spine.contact, "changes": changes}, base=base)

    def correct(self, device):
        own = [
            key for key, text in device.outbox.items() if json.loads(text)["kind"] == "visit.record"
        ]
        if own:
            named = self.chance.choice(own)
            kind = self.chance.choice(["visit.withdraw", "visit.correct"])
            data = {"id": named}
            if kind == "visit.correct":
                data["changes"] = {"result": "met", "resident_ids": [self.spine.elder]}
            device.record(kind, data, after=[named] if self.chance.random() < 0.5 else [])

    def newcomer(self, device):
        data = {"household_id": self.spine.door, "name": "新来的"}
        created = device.record("resident.add", data)
        device.record("visit.record", visit_data(self.spine.door, resident_ids=[created]))

    def sync(self, device):
        device.sync(self)

    def office(self):
        """The office edits the contested number, or decides something that waits."""
        contact = self.spine.get("contact", self.spine.contact)
        kept = self.spine.rows("select key from quarantine where state = 'waiting' order by key")
        try:
            if kept and self.chance.random() < 0.5:
                decision = self.chance.choice(["accept", "refuse"])
                key = self.chance.choice(kept)["key"]
                self.spine.submit("quarantine.decide", {"key": key, "decision": decision})
            else:
                changes = {"phone": f"1400000{self.chance.randint(0, 9999):04d}"}
                self.spine.submit(
                    "contact.change", {"id": contact.id, "changes": changes}, contact.version
                )
        except Refusal as refusal:
            assert refusal.code in ("quarantine.cannot_accept", "record.unknown")

    def heal(self):
        for device in self.devices:
            while device.outbox:
                device.sync(self, calm=True)
        for device in self.devices:
            for _ in range(300):
                before = dict(device.cursors)
                device.pull(self, 500)
                if device.cursors == before:
                    break


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_vanishes_nothing_is_doubled_and_every_replica_agrees(seed, tmp_path):
    town = Town(tmp_path, seed)
    for _ in range(STEPS):
        town.step()
    town.heal()
    spine = town.spine

    known = {row["id"]: row for row in spine.rows("select id, state, outcome from operation")}
    for device in town.devices:
        assert set(device.settled) <= set(known)
        assert {key for key, text in device.settled.items() if not text} == set()
        for stream in town.streams(device.phone.person_id):
            with spine.store.read() as tx:
                shown = {
                    (row["kind"], row["id"]): row["record"] or ""
                    for row in tx.rows(
                        "select kind, id, record from feed where stream = :s", s=stream
                    )
                }
            held = {key[1:]: text for key, text in device.records.items() if key[0] == stream}
            assert held == shown
    visits = spine.rows("select count(*) as n from visit")[0]["n"]
    applied = [
        key
        for key, row in known.items()
        if row["state"] == "applied" and spine.get("visit", key) is not None
    ]
    assert visits == len(applied)
    assert spine.faults() == []
    spine.stop()
