"""Stops the phone's modules between two steps, so that the browser can be killed right there.

The way to the server changes the scripts as they are served: at each step they ask for /step/NAME
and wait for the answer. Inside a transaction nothing may be awaited: there they only say that they
were there, and the kill comes a moment later.
"""

import re
import threading
from typing import Any

from tests.browser import rig
from tests.browser.rig import Network

ASK = 'const step = (name) => fetch(`/step/${name}`, { cache: "no-store" }).catch(() => {});\n'
# file: the text before which a step is put, its name, whether it is waited for
STEPS: dict[str, list[tuple[str, str, bool]]] = {
    "/phone/outbox.js": [
        ("const n = (await lastNumber(personId)) + 1;", "asked", True),
        ("await add(personId, await locker.close(ofEntry, entry), asked);", "numbered", True),
        ("return entry;", "stored", True),
        ("await changedHere(tx);", "storing", False),
    ],
    "/sw.js": [("const told = tellPages(VERSION);", "answering", True)],
    "/static/js/app/drafts.js": [("drop(keyOf(form));", "dropping", False)],
    "/phone/rewriting.js": [
        ("const after = await turned(before, from, to);", "turning", True),
        ("isDone = await write(", "turned", True),
        ('await tx.objectStore("bytes").clear();', "rewriting", False),
    ],
    "/phone/pins.js": [("await scrub();", "rewritten", True)],
    "/phone/roundtrip.js": [("const response = await fetch(", "sending", True)],
    "/phone/answers.js": [("await leave(tx, answer.left);", "taking", False)],
    "/phone/sync.js": [
        (
            "const state = await (isLocked ? takeReceipts : takeWhole)(person.id, heard);",
            "heard",
            True,
        ),
        ("size = Math.min(size * 2, MAX_OPS);", "taken", True),
    ],
}
SERVED = ("/sw.js", "/static/js/app.js")
PART = re.compile(r"^// (\S+\.js)\n", re.MULTILINE)
HELD_S = 20


class Stops:
    """Lets every step pass but the one that is armed; says when that is reached."""

    def __init__(self, network: Network, monkeypatch: Any) -> None:
        monkeypatch.setattr(rig, "VERSIONED", SERVED)
        network.rewrite = with_steps
        self.network = network
        self.reached = threading.Event()
        self.gone = threading.Event()
        for steps in STEPS.values():
            for _, name, _ in steps:
                network.fails[f"/step/{name}"] = 204

    def arm(self, name: str) -> None:
        self.reached.clear()
        self.gone.clear()
        self.network.fails[f"/step/{name}"] = self._hold

    def arm_answer(self) -> None:
        """The server does its work, and the answer never comes."""
        self.reached.clear()
        self.gone.clear()
        self.network.fails["/sync"] = self._cut

    def disarm(self, name: str) -> None:
        self.gone.set()
        self.network.fails[f"/step/{name}"] = 204

    def _hold(self, _body: bytes) -> int:
        self.reached.set()
        self.gone.wait(HELD_S)
        return 204

    def _cut(self, _body: bytes) -> str:
        threading.Timer(0.3, self.reached.set).start()
        return "cut"


def with_steps(_path: str, body: bytes) -> bytes:
    """The script with all its steps: one of many modules, each under its name."""
    parts = PART.split(body.decode())
    named = zip(parts[1::2], parts[2::2], strict=True)
    modules = [f"// {name}\n{_stepped(f'/{name}', text)}" for name, text in named]
    return "".join([ASK, parts[0], *modules]).encode()


def _stepped(module: str, text: str) -> str:
    for before, name, is_awaited in STEPS.get(module, []):
        assert text.count(before) == 1, f"{module} has changed: {before}"
        word = "await " if is_awaited else ""
        text = text.replace(before, f'{word}step("{name}");\n{before}')
    return text
