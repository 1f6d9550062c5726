"""Another process holds the database: who writes is told to come again, who reads is answered."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.crash.asking import is_unavailable, push, signed
from tests.crash.senders import Phone
from tests.crash.storm import enrol

WAIT_S = 1.0
SOON_S = 0.8
PHONES = 3


def test_who_writes_beside_a_long_lock_comes_again_and_is_taken(house):
    phones = [Phone(*enrol(house, "worker1"), f"locked {number}") for number in range(PHONES)]
    house.start(wait_s=WAIT_S)
    for phone in phones:
        phone.act()
        push(house, phone)
        phone.act()

    with (
        closing(sqlite3.connect(house.database, isolation_level=None)) as other,
        ThreadPoolExecutor(PHONES) as waiting,
    ):
        other.execute("begin immediate")
        pushes = [waiting.submit(push, house, phone) for phone in phones]
        began = time.monotonic()
        assert house.ask("GET", "/today", **signed(phones[0]))[0] == 200
        assert time.monotonic() - began < WAIT_S
        assert all(is_unavailable(one.result()) for one in pushes)
        began = time.monotonic()
        assert is_unavailable(push(house, phones[0]))
        assert time.monotonic() - began < SOON_S
        nothing = Phone(phones[0].token, phones[0].device, phones[0].door, "nothing new")
        status, _, told = push(house, nothing)
        assert status == 200 and told["device"]["received"] == 1

    for phone in phones:
        status, _, told = push(house, phone)
        assert status == 200 and told["receipts"][0]["outcome"] == "accepted"
        assert told["device"]["ledger"] == phone.code()
    assert house.faults() == []


def test_a_lock_that_ends_in_time_is_only_waited_for(house):
    phone = Phone(*enrol(house, "worker1"), "patient")
    house.start(wait_s=20)
    phone.act()

    with (
        closing(sqlite3.connect(house.database, isolation_level=None)) as other,
        ThreadPoolExecutor(1) as waiting,
    ):
        other.execute("begin immediate")
        pushing = waiting.submit(push, house, phone)
        assert house.ask("GET", "/today", **signed(phone))[0] == 200
        other.execute("rollback")
        status, _, told = pushing.result()

    assert status == 200 and told["receipts"][0]["outcome"] == "accepted"
