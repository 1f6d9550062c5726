"""Fixtures of the server's tests: a small town (see town.py), a new copy for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.channels.service import Service, says, serving
from tests.server import town as making
from tests.server.channels import HOSTS, YES
from tests.server.town import Clock, Member, Town


@pytest.fixture(scope="session")
def made_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.make(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(made_town: Path, tmp_path: Path) -> Iterator[Town]:
    """The whole town: `town["worker1"]` is a browser of that person."""
    with making.run(made_town, tmp_path) as running:
        yield running


@pytest.fixture
def clock(town: Town) -> Clock:
    return town.clock


@pytest.fixture
def nobody(town: Town) -> Member:
    return town.nobody()


@pytest.fixture
def office(town: Town) -> Member:
    return town["office1"]


@pytest.fixture
def worker(town: Town) -> Member:
    return town["worker1"]


@pytest.fixture
def leader(town: Town) -> Member:
    return town["leader1"]


@pytest.fixture
def admin(town: Town) -> Member:
    return town["admin"]


@pytest.fixture
def service(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """What the town's server believes to be the robots' and the push services' servers."""
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as running:
        town.app.state.dispatcher.outlets.hosts = dict.fromkeys(HOSTS, running.url)
        running.answers(says(YES))
        yield running
