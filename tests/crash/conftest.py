"""A small town on disk, and commands that start at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.rig import House, Nursery
from tests.server import town


@pytest.fixture(scope="session")
def made_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town.make(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.stop()


@pytest.fixture
def house(nursery: Nursery, made_town: Path, tmp_path: Path) -> Iterator[House]:
    """A data folder with the small town; its server is started by the test."""
    made = House(nursery, tmp_path / "data", made_town)
    yield made
    made.kill()
