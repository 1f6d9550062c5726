"""ID numbers: locked on disk, known by a hash, shown by their last four."""

import pytest

from server import identities
from server.identities import Vault, WrongSecret
from tests.server.rosters import id_number, raw_bytes
from tests.server.town import SECRET

NUMBER = id_number("1940-03-02")


@pytest.fixture
def kept(town):
    """The elder of the first door, with a number."""
    resident, vault = town.resident("huang"), Vault(SECRET)
    town.intake.do(
        town.community,
        lambda writing: identities.keep(writing.tx, vault, town.community, resident, NUMBER),
    )
    return resident


def reveal(town, resident, secret=SECRET):
    with town.store.read() as tx:
        return identities.reveal(tx, Vault(secret), town.community, resident)


def test_a_number_comes_back_whole_and_shows_its_last_four(town, kept):
    with town.store.read() as tx:
        assert identities.last4(tx, town.community, kept) == NUMBER[-4:]
    assert reveal(town, kept) == NUMBER


def test_nobody_has_a_number_until_it_is_kept(town):
    assert reveal(town, town.resident("huang")) == ""


def test_a_number_does_not_lie_on_the_disk(town, kept):
    assert NUMBER.encode() not in raw_bytes(town)
    assert NUMBER[:14].encode() not in raw_bytes(town)


def test_another_secret_opens_nothing_and_says_so(town, kept):
    with pytest.raises(WrongSecret):
        reveal(town, kept, b"another secret")


def test_a_cipher_opens_only_where_it_was_put(town, kept):
    other = town.resident("liang")
    town.intake.do(
        town.community,
        lambda writing: writing.tx.run(
            "update identity set resident_id = :other where resident_id = :kept",
            other=other,
            kept=kept,
        ),
    )

    with pytest.raises(WrongSecret):
        reveal(town, other)


def test_the_same_number_has_one_hash_in_a_community_and_another_elsewhere():
    vault = Vault(SECRET)

    assert vault.hash("here", NUMBER) == vault.hash("here", NUMBER)
    assert len({vault.hash("here", NUMBER), vault.hash("there", NUMBER)}) == 2
    assert Vault(b"another secret").hash("here", NUMBER) != vault.hash("here", NUMBER)


def test_a_number_locked_twice_looks_different():
    vault = Vault(SECRET)

    assert vault.lock(b"same", "about") != vault.lock(b"same", "about")


def test_with_a_resident_goes_the_number(town, kept):
    town.submit("office1", "resident.remove", {"id": kept})

    assert reveal(town, kept) == ""
