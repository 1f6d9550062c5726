"""The hash chain of a device."""

import hashlib

from sync import ledger


def test_the_chain_is_the_documented_one():
    one, two = ledger.digest(b"one"), ledger.digest(b"two")
    first = hashlib.sha256(bytes(32) + hashlib.sha256(b"one").digest()).digest()
    second = hashlib.sha256(first + hashlib.sha256(b"two").digest()).digest()

    assert ledger.extend(ledger.START, [one, two]) == second
    assert ledger.extend(ledger.extend(ledger.START, [one]), [two]) == second


def test_order_and_content_change_the_code():
    one, two = ledger.digest(b"one"), ledger.digest(b"two")

    codes = {ledger.code(ledger.extend(ledger.START, order)) for order in ([one, two], [two, one])}

    assert len(codes) == 2


def test_the_code_is_eight_hex_digits_in_two_groups():
    assert ledger.code(bytes.fromhex("7f3a91c2") + bytes(28)) == "7F3A-91C2"
