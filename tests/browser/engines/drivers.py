"""Windows of browsers other than Chromium: opened, told what to do, killed, opened again.

Each has `start()`, `goto(address)`, `run(script, *given)` (a function in the page, awaited),
`close()` and `kill()`, and keeps what sites store in its profile.
"""

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.browser.rig import START_S, free_port, is_open

WINDOW = Path(__file__).with_name("window.py")
SYSTEM_PYTHON = "/usr/bin/python3"
ANSWER_S = 40
ENVIRONMENT = {"TZ": "Asia/Shanghai", "LANG": "C.UTF-8"}
# A phone's app asks nobody for permission to start, updates itself elsewhere and reports nothing.
FIREFOX_PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.server": "",
}
# Marionette waits for a callback; what was thrown comes back under a name that no answer has.
AWAITED = """
    const done = arguments[arguments.length - 1];
    const failed = (problem) => done({ $: String(problem) });
    (%s)(...[...arguments].slice(0, -1)).then(done, failed);
"""


class Failed(Exception):
    """The window could not do it: the page went away under a script, or nothing answered."""


class Firefox:
    """Firefox without a display, spoken to over Marionette."""

    def __init__(self, program: str, profile: Path) -> None:
        self.program = program
        self.profile = profile
        self.process: subprocess.Popen[bytes] | None = None
        self.line: Any = None

    def start(self) -> None:
        port = free_port()
        self.profile.mkdir(parents=True, exist_ok=True)
        wanted = {**FIREFOX_PREFERENCES, "marionette.port": port}
        lines = [f"user_pref({json.dumps(n)}, {json.dumps(v)});\n" for n, v in wanted.items()]
        (self.profile / "user.js").write_text("".join(lines))
        options = ["--headless", "--marionette", "--no-remote", "--profile", str(self.profile)]
        self.process = spawn([self.program, *options], {"HOME": str(self.profile)})
        wait_for(port)
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S) as link:
            self.line = link.makefile("rwb")  # keeps the link open
        self._heard()
        self._ask("WebDriver:NewSession", {"pageLoadStrategy": "normal"})
        self._ask("WebDriver:SetTimeouts", {"script": 30_000, "pageLoad": 30_000})

    def goto(self, address: str) -> None:
        self._ask("WebDriver:Navigate", {"url": address})

    def run(self, script: str, *given: Any) -> Any:
        text = AWAITED % script
        asked = {"script": text, "args": list(given), "sandbox": None}
        found = self._ask("WebDriver:ExecuteAsyncScript", asked)["value"]
        if isinstance(found, dict) and "$" in found:
            raise Failed(found["$"])
        return found

    def close(self) -> None:
        with suppress(Failed, OSError):  # the line ends with the browser
            self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()

    def kill(self) -> None:
        """End it without a goodbye."""
        self.process = end(self.process)
        if self.line:
            with suppress(OSError):  # what was not said yet is lost with the process
                self.line.close()
        self.line = None

    def _ask(self, command: str, asked: dict[str, Any]) -> Any:
        text = json.dumps([0, 1, command, asked]).encode()
        self.line.write(b"%d:%s" % (len(text), text))
        self.line.flush()
        _kind, _number, problem, answer = self._heard()
        if problem:
            raise Failed(f"{problem['error']}: {problem['message']}")
        return answer

    def _heard(self) -> Any:
        length = b""
        while (byte := self.line.read(1)) != b":":
            if not byte:
                raise Failed("Firefox hung up")
            length += byte
        return json.loads(self.line.read(int(length)))


class WebKit:
    """WebKitGTK, as GNOME's browser uses it, on a screen that nobody looks at."""

    def __init__(self, screen: str, profile: Path) -> None:
        self.screen = screen
        self.profile = profile
        self.process: subprocess.Popen[bytes] | None = None
        self.display: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ready, told = os.pipe()
        options = ["-displayfd", str(told), "-screen", "0", "800x800x24", "-nolisten", "tcp"]
        self.display = spawn([self.screen, *options], {}, pass_fds=(told,))
        os.close(told)
        with os.fdopen(ready) as said:
            number = said.readline().strip()
        own = {name: str(self.profile / name) for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME")}
        more = {"DISPLAY": f":{number}", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", **own}
        more["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        self.process = spawn([SYSTEM_PYTHON, str(WINDOW), str(self.profile)], more, talks=True)
        self._heard()

    def goto(self, address: str) -> None:
        self._ask({"goto": address})

    def run(self, script: str, *given: Any) -> Any:
        return self._ask({"run": f"return await ({script})(...{json.dumps(given)});"})

    def close(self) -> None:
        if self.process and self.process.stdin:
            self.process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()

    def kill(self) -> None:
        """End it without a goodbye."""
        self.process = end(self.process)
        self.display = end(self.display)

    def _ask(self, asked: dict[str, Any]) -> Any:
        assert self.process and self.process.stdin
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()
        return self._heard()

    def _heard(self) -> Any:
        assert self.process and self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise Failed("WebKit hung up")
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer["value"]


def spawn(
    command: list[str], more: dict[str, str], talks: bool = False, pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE if talks else subprocess.DEVNULL
    return subprocess.Popen(
        command,
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=pass_fds,
        env={**os.environ, **ENVIRONMENT, **more},
    )


def end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(OSError):  # what was not said yet is lost with the process
                stream.close()


def wait_for(port: int) -> None:
    until = time.monotonic() + START_S
    while not is_open(port):
        assert time.monotonic() < until, "the browser did not start"
        time.sleep(0.05)
