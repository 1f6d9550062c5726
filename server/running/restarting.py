"""A restore asked for on a page: the server stops, the backup takes its place, it serves on."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from server import backups
from server.restore import Restored, RestoreProblem, restore
from server.settings import Settings


class Restarts:
    """What a running server should do once it has stopped, and what came of it the last time.

    `can` is False where somebody else serves the application: then only the command restores.
    """

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._wanted: Path | None = None
        self.problem = ""
        self.done: Restored | None = None
        self.other_secret = False

    @property
    def can(self) -> bool:
        return self._stop is not None

    @property
    def is_wanted(self) -> bool:
        return self._wanted is not None

    def serving(self, stop: Callable[[], None]) -> None:
        """From now on `stop` ends the serving, after the answers that are under way."""
        self._stop = stop

    def ask(self, backup: Path) -> None:
        """Stop, and serve this backup. The page that asked is still answered."""
        assert self._stop is not None
        self._wanted = backup
        self._stop()

    def carry_out(self, settings: Settings, now: datetime) -> None:
        """Put the backup that was asked for in place; when it cannot be, all stays as it was."""
        assert self._wanted is not None
        wanted, self._wanted = self._wanted, None
        self.problem, self.done = "", None
        try:
            self.done = restore(wanted, settings.data, now)
        except RestoreProblem as problem:
            self.problem = str(problem)
            return
        mark = self.done.secret
        self.other_secret = bool(mark) and mark != backups.mark_of(settings.secret)
