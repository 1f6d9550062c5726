"""Strangers for the tests of delivery channels."""

import pytest

from tests.alerts.channels.service import serving


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A test's server is on this machine, whatever the environment says."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def service():
    with serving() as running:
        yield running
