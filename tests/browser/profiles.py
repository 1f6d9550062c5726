"""Phones on which somebody is signed in, on disk: made once, copied for tests that kill one."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.browser.lent import enter
from tests.browser.rig import SHORT, Chromium, Network, Server
from tests.browser.walking import until_pill
from tests.find_browser import find_shell

# What a server knows of a phone that has signed in.
KNOWN = ("device", "session")


class Profiles:
    """A profile of each person and kind of worker that was asked for, and who knows it."""

    def __init__(self, playwright: object, made_town: Path, folder: Path) -> None:
        self.playwright = playwright
        self.made_town = made_town
        self.folder = folder
        self.made: dict[object, Path] = {}

    def copy(self, username: str, network: Network, profile: Path) -> Chromium:
        """A browser with this person's profile, not started yet, known to the network's server."""
        key = (username, network.rewrite)
        if key not in self.made:
            self.made[key] = self._make(username, network)
        kept = self.made[key]
        shutil.copytree(kept / "profile", profile, symlinks=True)
        _introduce(kept / "data" / "jinlin.db", network.server.folder / "jinlin.db")
        return Chromium(self.playwright, find_shell(), profile, SHORT)

    def _make(self, username: str, network: Network) -> Path:
        folder = self.folder / str(len(self.made))
        server = network.server
        network.server = Server(self.made_town, folder / "data").start()
        browser = Chromium(self.playwright, find_shell(), folder / "profile", SHORT)
        try:
            page = enter(browser.start().context, network.origin, username)
            until_pill(page, "已同步")
            browser.close()
        finally:
            browser.kill()
            network.server.stop()
            network.server = server
            network.seen.clear()
        return folder


def _introduce(known: Path, here: Path) -> None:
    with closing(sqlite3.connect(here, timeout=30)) as db, db:
        db.execute("attach ? as other", [str(known)])
        for table in KNOWN:
            db.execute(f"insert or ignore into main.{table} select * from other.{table}")


Owned = Callable[[str], Chromium]
