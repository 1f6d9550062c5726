"""Two edits of one record."""

import random

from sync.merge import Stamp, merge

CURRENT = {"name": "何嘉敏", "phone": "14000004412"}


def test_different_fields_both_survive():
    stamps = {"name": Stamp(7, "desk", 3)}

    merged = merge({**CURRENT, "name": "何家敏"}, stamps, {"phone": "14000007718"}, 6, "phone", 4)

    assert merged.applied == {"phone": "14000007718"}
    assert merged.disputed == {}


def test_the_same_field_from_the_same_version_is_disputed():
    stamps = {"phone": Stamp(7, "desk", 3)}

    merged = merge(CURRENT, stamps, {"phone": "14000007718"}, 6, "phone", 4)

    assert merged.applied == {}
    assert merged.disputed == {"phone": "14000007718"}


def test_the_same_value_twice_is_agreement():
    stamps = {"phone": Stamp(7, "desk", 3)}

    merged = merge(CURRENT, stamps, {"phone": "14000004412"}, 6, "phone", 4)

    assert merged.disputed == {}


def test_a_device_never_conflicts_with_itself():
    stamps = {"phone": Stamp(7, "phone", 3)}

    assert merge(CURRENT, stamps, {"phone": "1"}, 1, "phone", 4).applied == {"phone": "1"}


def test_a_lower_number_arriving_late_does_not_overwrite_a_higher_one():
    stamps = {"phone": Stamp(7, "phone", 9)}

    merged = merge(CURRENT, stamps, {"phone": "1"}, 1, "phone", 4)

    assert (merged.applied, merged.disputed) == ({}, {})


def test_no_value_of_ten_thousand_random_merges_is_lost():
    """Whatever is proposed becomes current, stays in dispute, agrees, or is the device's older."""
    chance = random.Random(13)
    for _ in range(10_000):
        last = Stamp(chance.randint(1, 9), chance.choice("ab"), chance.randint(1, 9))
        current, wanted = {"phone": str(chance.randint(0, 3))}, str(chance.randint(0, 3))
        base, device, n = chance.randint(0, 9), chance.choice("ab"), chance.randint(1, 9)

        merged = merge(current, {"phone": last}, {"phone": wanted}, base, device, n)

        kept = "phone" in merged.applied or "phone" in merged.disputed
        older = device == last.device and n <= last.n
        assert kept or older
        assert not (device == last.device and merged.disputed)
