"""What a restore must not do to work that was recorded before it (see also tests/server)."""

from datetime import timedelta

from tests.simulation import network
from tests.simulation.town import Town

WORKER1, CHIEF = 0, 4


def test_f19_two_edits_from_a_lost_version_are_a_conflict_all_the_same(tmp_path):
    """Both phones knew versions that the backup does not: neither edit overwrites the other."""
    town = Town(0, tmp_path, out=[WORKER1, CHIEF])
    number = town.phones[0].all("contact")[0]["id"]
    backup = town.backend.back_up("backup.db")
    both_edit(town, number)

    town.backend.restore(backup)

    assert_in_conflict(town)


def test_f19_a_backup_made_after_a_restore_gives_no_version_out_twice(tmp_path):
    """Seed 70063 of 200 steps: restored within the hour and again, it began at the same numbers."""
    town = Town(0, tmp_path, out=[WORKER1, CHIEF])
    first = town.backend.back_up("first.db")
    town.backend.restore(first)
    again = town.backend.back_up("again.db")
    given_out = []
    for _ in range(3):
        town.backend.clock.now += timedelta(minutes=10)
        town.backend.restore(again)
        given_out.append(town.backend.value("select max(version) from contact"))

    assert given_out == sorted(set(given_out))
    town.close()


def test_f19_edits_from_versions_of_two_restores_meet_in_a_conflict(tmp_path):
    town = Town(0, tmp_path, out=[WORKER1, CHIEF])
    number = town.phones[0].all("contact")[0]["id"]
    town.backend.restore(town.backend.back_up("first.db"))
    backup = town.backend.back_up("again.db")
    town.backend.clock.now += timedelta(minutes=10)
    town.backend.restore(backup)
    both_edit(town, number)
    town.backend.clock.now += timedelta(minutes=10)
    town.backend.restore(backup)

    assert_in_conflict(town)


def both_edit(town, number):
    """The office changes a number three times, and then two phones that know of it."""
    for digits in ("1", "2", "3"):
        form = f"01990000-0009-7000-8000-00000000000{digits}"
        version = town.backend.value("select version from contact where id = :id", id=number)
        changes = {"id": number, "changes": {"phone": f"1380000000{digits}"}}
        town.backend.submit("contact.change", changes, form, version)
    for phone, digits in zip(town.phones, ("13900000001", "13900000002"), strict=True):
        network.calm(town, phone)
        [base] = [one["version"] for one in phone.all("contact") if one["id"] == number]
        data = {"id": number, "changes": {"phone": digits}}
        phone.record(town.backend.clock(), "contact.change", data, base=base)


def assert_in_conflict(town):
    town.heal()
    outcomes = sorted(one.receipt.said for phone in town.phones for one in phone.entries.values())
    assert outcomes == ["accepted", "conflict"]
    town.truths.settled()
    town.close()
