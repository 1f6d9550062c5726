"""Phones and an office that keep sending to a server that dies, and know what they were told."""

import hashlib
import json
import os
import random
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from server import people
from sync import ledger
from tests.server.spine import visit_data
from tests.server.town import SECRET

BATCH = 20
MARK = "停电演练"


class Line:
    """The way to the server: it is up or down, and everybody who sends waits for it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.up = threading.Event()
        self.over = threading.Event()
        self.fuse = 0

    def heard(self) -> None:
        """An answer begins: a server whose fuse is lit dies before anything else happens."""
        pid, self.fuse = self.fuse, 0
        if pid:
            os.kill(pid, signal.SIGKILL)

    def connections(self) -> Iterator[HTTPConnection]:
        """One connection after another, each when the server is up, until the storm is over."""
        while not self.over.is_set():
            if self.up.wait(0.1):
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as link:
                    yield link


class Phone:
    """A device with an outbox. What has a receipt leaves it; everything else is sent again."""

    def __init__(self, token: str, device: str, door: str, seed: str) -> None:
        self.token = token
        self.device = device
        self.door = door
        self.random = random.Random(seed)
        self.texts: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.outbox: dict[str, str] = {}
        self.told: dict[str, dict[str, Any]] = {}
        self.contact = ""
        self.again = 0
        self.heard: Callable[[], object] = bool

    def record(self, kind: str, data: dict[str, Any], **more: Any) -> str:
        made = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        head = {"id": made, "n": len(self.texts) + 1, "kind": kind, "at": at, **more, "data": data}
        text = json.dumps(head, ensure_ascii=False)
        self.texts[made] = self.outbox[made] = text
        self.kinds[made] = kind
        return made

    def act(self) -> None:
        """Do one thing at a door: visits, some of them corrected, and a number that changes."""
        visits = [one for one, kind in self.kinds.items() if kind == "visit.record"]
        kind = self.random.choices(("visit", "correct", "contact"), (70, 15, 15))[0]
        if kind == "visit" or not visits:
            self.record("visit.record", visit_data(self.door, note="看望"))
        elif kind == "correct":
            changes = {"note": f"补记 {len(self.texts)}"}
            self.record("visit.correct", {"id": self.random.choice(visits), "changes": changes})
        elif not self.contact:
            data = {"household_id": self.door, "phone": self._number()}
            self.contact = self.record("contact.add", data)
        else:
            data = {"id": self.contact, "changes": {"phone": self._number()}}
            self.record("contact.change", data, base=1)

    def _number(self) -> str:
        return f"140{self.random.randrange(10**8):08d}"

    def run(self, line: Line, *, stops: bool = False) -> None:
        """Send until the storm is over; with `stops`, until nothing waits."""
        self.heard = line.heard
        for link in line.connections():
            try:
                while not line.over.is_set():
                    if not stops:
                        for _ in range(self.random.randrange(1, 8)):
                            self.act()
                    elif not self.outbox:
                        return
                    self.push(link)
            except (OSError, HTTPException):
                self.again += 1

    def push(self, link: HTTPConnection) -> None:
        sent = list(self.outbox)[:BATCH]
        if self.told and self.random.random() < 0.1:
            sent.append(self.random.choice(list(self.told)))
        body = b'{"limit":0,"ops":[%b]}' % ",".join(self.texts[one] for one in sent).encode()
        link.request("POST", "/sync", body, {"Authorization": f"Bearer {self.token}"})
        answer = link.getresponse()
        self.heard()
        said = answer.read()
        assert answer.status == 200, (answer.status, said)
        receipts = json.loads(said)["receipts"]
        assert [one["id"] for one in receipts] == sent
        for one in receipts:
            became = one.get("first") or one["outcome"]
            before = self.told.setdefault(one["id"], {**one, "became": became})
            assert (before["became"], before["seq"]) == (became, one["seq"]), (before, one)
            self.outbox.pop(one["id"], None)

    def code(self) -> str:
        """What the ledger of everything recorded here must be."""
        digests = (hashlib.sha256(text.encode()).digest() for text in self.texts.values())
        return ledger.extend(ledger.START, digests).hex()


class Office:
    """Sends one form after another; one without an answer is sent again as it was."""

    def __init__(self, token: str, door: str, seed: str) -> None:
        self.token = token
        self.door = door
        self.random = random.Random(seed)
        self.sent: list[str] = []
        self.told: set[str] = set()

    def run(self, line: Line) -> None:
        for link in line.connections():
            try:
                while not line.over.is_set():
                    self.send(link)
            except (OSError, HTTPException):
                continue

    def send(self, link: HTTPConnection) -> None:
        if not self.sent or self.sent[-1] in self.told:
            self.sent.append(str(uuid.UUID(int=self.random.getrandbits(128), version=4)))
        form = self.sent[-1]
        fields = {
            "reason": f"{MARK} {form}",
            "form_id": form,
            "form_token": people.form_token(SECRET, self.token),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{people.COOKIE}={self.token}",
        }
        path = f"/office/households/{self.door}/tasks"
        link.request("POST", path, urlencode(fields).encode(), headers)
        answer = link.getresponse()
        said = answer.read()
        assert answer.status in (200, 303), (answer.status, said)
        self.told.add(form)
