"""What the crash tests stand on: `jinlin` commands as processes that can be killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from server.intake import now_utc
from server.store import check
from server.store.database import Store
from tests.browser.rig import free_port, is_open

ROOT = Path(__file__).resolve().parents[2]
START_S = 30


class Nursery:
    """Forks commands of one process that has imported everything (nursery.py)."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **asked: Any) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def stop(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class House:
    """One data folder and the commands that run in it. The server keeps its port."""

    def __init__(self, nursery: Nursery, folder: Path, made: Path | None = None) -> None:
        self.nursery = nursery
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.log"
        self.port = free_port()
        self.pid = 0
        if made:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(made, self.database)

    @property
    def database(self) -> Path:
        return self.folder / "jinlin.db"

    def run(self, *argv: str, **more: Any) -> tuple[int, str]:
        """A command to its end: how it ended, and all that it said."""
        said = self.log.stat().st_size if self.log.exists() else 0
        code = self.nursery.ask(wait=self.launch(*argv, **more))
        return code, self.log.read_text("utf-8")[said:]

    def launch(self, *argv: str, **more: Any) -> int:
        data, log = str(self.folder.resolve()), str(self.log.resolve())
        return self.nursery.ask(argv=list(argv), data=data, log=log, **more)

    def start(self, **more: Any) -> "House":
        self.pid = self.launch("serve", "--port", str(self.port), **more)
        until = time.monotonic() + START_S
        while not is_open(self.port):
            assert time.monotonic() < until, self.log.read_text("utf-8")
            assert not _has_ended(self.pid), self.log.read_text("utf-8")
            time.sleep(0.01)
        return self

    def kill(self) -> None:
        """SIGKILL: nothing is finished, flushed or said."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if not self.pid:
            return 0
        pid, self.pid = self.pid, 0
        os.kill(pid, how)
        return self.nursery.ask(wait=pid)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers in lower case, body."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            link.request(method, path, body, named)
            answer = link.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()
        finally:
            link.close()

    def faults(self) -> list[str]:
        """What `jinlin check` finds, also beside the running server."""
        with self.store() as store, store.read() as tx:
            return list(check.faults(tx, now_utc()))

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        with self.store() as store, store.read() as tx:
            return tx.rows(sql, **values)

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = Store(self.database)
        try:
            yield store
        finally:
            store.close()


def _has_ended(pid: int) -> bool:
    """Whether a command is over; the nursery still has to be asked how."""
    stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    return stat.rsplit(")", 1)[1].split()[0] == "Z"
