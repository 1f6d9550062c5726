"""Writes into a server's folder as the command line does, beside the server or before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.intake import Form, Intake, now_utc
from server.store.database import Store
from tests.browser.rig import Server
from tests.server import town


@contextmanager
def writing_into(server: Server) -> Iterator[Intake]:
    store = Store(server.folder / "jinlin.db")
    intake = Intake(store, now_utc)
    try:
        yield intake
    finally:
        intake.stop()
        store.close()


def submit(server: Server, kind: str, data: Any) -> Any:
    """What a form of the office would do; the receipt."""
    person, device = town.ident("person", "office1"), town.page_device("office1")
    with writing_into(server) as intake:
        return intake.submit(Form(town.COMMUNITY, person, device, kind, data))
