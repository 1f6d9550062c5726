"""The real `jinlin serve` in a process of its own, and what the kernel knows about it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TICKS = os.sysconf("SC_CLK_TCK")
START_S = 60


class Server:
    """A running server: its port, processor time and memory."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu(self) -> float:
        """Seconds of processor so far, user and system, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, what: str = "VmHWM") -> float:
        """MB: VmHWM is the peak, VmRSS what is held now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1]) / 1024
        raise AssertionError(what)

    def stop(self) -> float:
        """Seconds from being told to stop until it is gone."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        return time.monotonic() - began


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(folder: Path, preload: dict[str, str] | None = None) -> Iterator[Server]:
    """`jinlin serve` over a data folder; `preload` adds to its environment."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.storm.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "JINLIN_DATA": str(folder), **(preload or {})},
        stderr=subprocess.DEVNULL,
    )
    server = Server(process, port)
    try:
        until_open(port)
        yield server
    finally:
        if process.poll() is None:
            server.stop()


def check(folder: Path) -> str:
    """What `jinlin check` says; "" when everything agrees."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.storm.cli", "check", "--json"],
        cwd=ROOT,
        env={**os.environ, "JINLIN_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def until_open(port: int) -> None:
    until = time.monotonic() + START_S
    while not _is_open(port):
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)


def _is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
