"""What a restore must not do to work that was recorded before it (see also tests/server)."""

from tests.simulation import network
from tests.simulation.town import Town

WORKER1, CHIEF = 0, 4


def test_f19_two_edits_from_a_lost_version_are_a_conflict_all_the_same(tmp_path):
    """Both phones knew versions that the backup does not: neither edit overwrites the other."""
    town = Town(0, tmp_path, out=[WORKER1, CHIEF])
    worker, chief = town.phones
    number = worker.all("contact")[0]["id"]
    backup = town.backend.back_up("backup.db")
    for digits in ("1", "2", "3"):
        form = f"01990000-0009-7000-8000-00000000000{digits}"
        version = town.backend.value("select version from contact where id = :id", id=number)
        changes = {"id": number, "changes": {"phone": f"1380000000{digits}"}}
        town.backend.submit("contact.change", changes, form, version)
    for phone, digits in ((worker, "13900000001"), (chief, "13900000002")):
        network.calm(town, phone)
        [base] = [one["version"] for one in phone.all("contact") if one["id"] == number]
        data = {"id": number, "changes": {"phone": digits}}
        phone.record(town.backend.clock(), "contact.change", data, base=base)

    town.backend.restore(backup)
    town.heal()

    outcomes = sorted(one.receipt.said for phone in town.phones for one in phone.entries.values())
    assert outcomes == ["accepted", "conflict"]
    town.truths.settled()
    town.close()
