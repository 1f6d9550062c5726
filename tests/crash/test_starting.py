"""Commands over a data folder in trouble: a sentence that says what to do, never a traceback."""

import sqlite3
from contextlib import closing, contextmanager

import pytest

from server import storage
from tests.server.rosters import ROSTER

COMMANDS = ("serve", "check", "import", "export")
TORN = b"\xa5" * 4096


@contextmanager
def locked(house):
    with closing(sqlite3.connect(house.database, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield {"wait_s": 0.2}


@contextmanager
def readonly(house):
    """The database and its folder may be read by this user and not written."""
    house.database.chmod(0o444)
    house.folder.chmod(0o555)
    yield {"ordinary": True}
    house.folder.chmod(0o755)


@contextmanager
def unreadable(house):
    house.database.chmod(0)
    yield {"ordinary": True}


@contextmanager
def full(house):
    yield {"limit": 2000}


@contextmanager
def damaged(house):
    with house.database.open("r+b") as file:
        file.write(TORN)
    yield {}


@contextmanager
def torn(house):
    """Everything after the first pages is nonsense."""
    with house.database.open("r+b") as file:
        file.seek(3 * 4096)
        while file.tell() < house.database.stat().st_size - 4096:
            file.write(TORN)
    yield {}


TROUBLES = {
    locked: ("locked",),
    readonly: ("readonly", "closed"),
    unreadable: ("closed",),
    full: ("full", "failing", "closed"),
    damaged: ("damaged",),
    torn: ("damaged",),
}
# What only reads goes on beside a lock.
CASES = [
    (trouble, command)
    for trouble in TROUBLES
    for command in COMMANDS
    if trouble is not locked or command in ("import", "export")
]


@pytest.mark.parametrize(("trouble", "command"), CASES)
def test_a_command_in_trouble_says_what_to_do(house, trouble, command):
    argv = {
        "serve": ["serve", "--port", str(house.port)],
        "check": ["check"],
        "import": ["import", str(ROSTER)],
        "export": ["export", "visits"],
    }
    with trouble(house) as how:
        code, said = house.run(*argv[command], **how)

    assert code == 1, said
    assert "Traceback" not in said
    wanted = [storage.ADVICE[cause].split("{data}")[-1][:12] for cause in TROUBLES[trouble]]
    assert any(start in said.replace("\n", "") for start in wanted), said


def test_who_only_reads_does_not_wait_for_a_lock(house):
    with locked(house) as how:
        code, said = house.run("check", **how)
        house.start(**how)
        status, _, _ = house.ask("GET", "/signin")

    assert code == 0, said
    assert status == 200


def test_a_full_disk_leaves_no_empty_secret(house):
    code, said = house.run("check", limit=0)
    assert code == 1, said
    assert [one.name for one in house.folder.iterdir() if one.name.startswith("secret")] == []

    assert house.run("check")[0] == 0
    assert len((house.folder / "secret").read_text()) == 64


def test_an_empty_secret_is_told_and_never_used(house):
    (house.folder / "secret").touch()

    code, said = house.run("check")

    assert code == 1 and "secret" in said and "Traceback" not in said
