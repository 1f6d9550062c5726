"""Accounts and phones from the command line."""

import argparse
import json

import pytest

from server import cli_people
from server.people import COOKIE
from sync.refusals import Refusal
from tests.server.town import PASSWORD


@pytest.fixture
def command(town, monkeypatch):
    """Runs a command beside the running server."""
    monkeypatch.setenv("JINLIN_DATA", str(town.store.path.parent))
    parser = argparse.ArgumentParser()
    cli_people.register(parser.add_subparsers())

    def run(*words):
        asked = parser.parse_args(words)
        return asked.run(asked)

    return run


def test_a_person_is_added_and_signs_in_with_the_password_shown(command, town, capsys):
    command("person", "add", "newone", "--name", "方晓", "--role", "worker", "--json")

    shown = json.loads(capsys.readouterr().out)
    answer = town.nobody().post(
        "/api/session", json={"username": "newone", "password": shown["password"]}
    )
    assert answer.status_code == 200
    assert answer.json()["person"] == {"id": shown["id"], "name": "方晓", "role": "worker"}


def test_a_username_is_given_once(command):
    with pytest.raises(Refusal, match=r"person\.same_username"):
        command("person", "add", "worker1", "--name", "方晓", "--role", "worker")


def test_a_password_that_is_too_short_is_refused(command):
    with pytest.raises(Refusal, match=r"password\.short"):
        command("person", "reset", "worker1", "--password", "short")


def test_a_reset_ends_what_is_signed_in_and_the_old_password(command, town, worker, capsys):
    command("person", "reset", "worker1", "--json")

    assert worker.get("/api/session").status_code == 401
    old = {"username": "worker1", "password": PASSWORD}
    assert town.nobody().post("/api/session", json=old).status_code == 401
    assert json.loads(capsys.readouterr().out)["username"] == "worker1"


def test_the_list_holds_everybody_and_no_hash(command, capsys):
    command("person", "list", "--json")

    out = capsys.readouterr().out
    assert {"worker1", "leader1", "admin"} <= {one["username"] for one in json.loads(out)}
    assert "argon2" not in out


@pytest.mark.parametrize("name", ["worker1", "周晓岚"])
def test_minted_tokens_stand_alone_on_stdout_and_work(command, town, capsys, name):
    command("devices", "mint", "--person", name, "--count", "3")

    tokens = capsys.readouterr().out.split()
    devices = set()
    for token in tokens:
        phone = town.nobody()
        phone.cookies.set(COOKIE, token, domain="testserver.local")
        devices.add(phone.get("/api/session").json()["device"])
    assert len(tokens) == len(devices) == 3


def test_a_person_nobody_knows_is_named(command):
    with pytest.raises(Refusal, match=r"person\.unknown"):
        command("devices", "mint", "--person", "ghost")
