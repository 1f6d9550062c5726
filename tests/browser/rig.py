"""What browser tests stand on: a server process that can be stopped, a network that can fail."""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.browser.serve import serve

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
VECTORS = ROOT / "tests" / "vectors"
BLANK = b"<!doctype html><html lang=zh-CN><title>blank</title></html>"
START_S = 30
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Most pages of tests are gone before code that V8 makes better has paid for itself.
SHORT = [*FLAGS, "--js-flags=--no-opt,--no-maglev"]
How = str | int
# Servers are forked from a process that has loaded all they need.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.browser.serve_breaking", "tests.browser.routes"])
PORTAL = b"<html><body>Welcome to Free WiFi, please accept</body></html>"


class Server:
    """A server process over its own copy of a data folder. It keeps its port when started again."""

    serve = staticmethod(serve)

    def __init__(self, made: Path, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(made, folder / "jinlin.db")
        self.port = free_port()
        self.process: ForkServerProcess | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Server":
        self.process = FORKS.Process(target=self.serve, args=(self.folder, self.port))
        self.process.start()
        until = time.monotonic() + START_S
        while not is_open(self.port):
            assert self.process.is_alive(), "the server ended at once"
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        self.process.join(10)
        self.kill()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.join(10)
        self.process = None


class Network:
    """Stands between browser and server and fails on demand, by path.

    `fails` maps a path to what happens to requests for it: "down" (no answer), "cut" (the server
    does its work, the answer is lost), "portal" (somebody else's page, status 200), a number (that
    status, nothing reaches the server), or a function of the body that says which. The path "*"
    stands for all. `rewrite` changes the bodies of the worker and of its list of files.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.fails: dict[str, How | Callable[[bytes], How]] = {}
        self.seen: list[str] = []
        self.rewrite: Callable[[str, bytes], bytes] | None = None
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Relay, self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def how(self, path: str, body: bytes) -> How:
        asked = self.fails.get(path, self.fails.get("*", ""))
        return asked(body) if callable(asked) else asked

    def get(self, path: str) -> Any:
        """A JSON document of the server itself."""
        link = HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        link.request("GET", path)
        found = json.loads(link.getresponse().read())
        link.close()
        return found

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


class _Relay(BaseHTTPRequestHandler):
    def __init__(self, network: Network, *args: Any) -> None:
        self.network = network
        super().__init__(*args)

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.network.seen.append(f"{self.command} {path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        how = self.network.how(path, body)
        self.close_connection = True
        if how == "portal":
            self._answer(200, [("Content-Type", "text/html")], PORTAL)
        elif isinstance(how, int):
            self._answer(how, [("Content-Type", "text/plain")], b"trouble")
        elif how != "down":
            self._relay(body, is_cut=how == "cut")

    do_POST = do_PUT = do_GET

    def _relay(self, body: bytes, is_cut: bool) -> None:
        link = HTTPConnection("127.0.0.1", self.network.server.port, timeout=30)
        try:
            # Uncompressed, so that tests can read and rewrite what passes.
            headers = {n: v for n, v in self.headers.items() if n.lower() != "accept-encoding"}
            link.request(self.command, self.path, body or None, headers)
            answer = link.getresponse()
            if not is_cut:
                self._pass_on(answer)
        except (OSError, HTTPException):
            pass  # no answer is what the browser gets, too
        finally:
            link.close()

    def _pass_on(self, answer: Any) -> None:
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOPS]
        if self.network.rewrite and self.path in VERSIONED:
            body = self.network.rewrite(self.path, answer.read())
            plain = [(name, value) for name, value in kept if name.lower() != "content-length"]
            self._answer(answer.status, plain, body)
            return
        self._head(answer.status, [*kept, ("Connection", "close")])
        while piece := answer.read1(65536):
            self.wfile.write(piece)
            self.wfile.flush()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self._head(status, [*headers, ("Content-Length", str(len(body)))])
        self.wfile.write(body)

    def _head(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        with suppress(OSError):  # the browser may go away at any time
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        pass


VERSIONED = ("/sw.js", "/shell.json")
HOPS = {"connection", "transfer-encoding", "keep-alive"}


class Files(SimpleHTTPRequestHandler):
    """The files of web/ as they are, and an empty page to run modules in."""

    def do_GET(self) -> None:
        if self.path != "/blank":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(BLANK)))
        self.end_headers()
        self.wfile.write(BLANK)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving_files() -> Iterator[str]:
    """An origin with the files of web/ on a free port; gone when the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(WEB)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Chromium:
    """A browser process with a profile on disk that can be killed as a phone kills an app."""

    def __init__(
        self, playwright: Any, program: str, profile: Path, flags: Sequence[str] = FLAGS
    ) -> None:
        self.playwright = playwright
        self.program = program
        self.flags = flags
        self.profile = profile
        self.process: subprocess.Popen[bytes] | None = None
        self.browser: Any = None

    def start(self) -> Any:
        """A page of the running browser."""
        port = free_port()
        flags = [*self.flags, f"--user-data-dir={self.profile}", f"--remote-debugging-port={port}"]
        self.process = subprocess.Popen(
            [self.program, "--headless=new", "--window-size=360,740", *flags, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8"},
        )
        until = time.monotonic() + START_S
        while not is_open(port):
            assert time.monotonic() < until, "the browser did not start"
            time.sleep(0.05)
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        page = self.browser.contexts[0].new_page()
        page.set_default_timeout(15_000)
        return page

    def close(self) -> None:
        """Close it as a person does: Chromium writes cookies to disk only now and then."""
        assert self.process is not None
        with suppress(Exception):  # the link ends before the answer comes
            self.browser.new_browser_cdp_session().send("Browser.close")
        self.process.wait(10)
        self.kill()

    def kill(self) -> None:
        """End it without a goodbye; what it had not stored is gone."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None
        with suppress(Exception):  # the link to a killed browser breaks in many ways
            self.browser.close()
