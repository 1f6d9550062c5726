"""A server that is killed in the middle of a storm: what it acknowledged is there."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from server import people
from server.intake import Intake, now_utc
from server.store import check
from server.store import people as rows
from server.store.database import Store
from tests.server.spine import visit_data
from tests.server.town import COMMUNITY

ROOT = Path(__file__).resolve().parents[2]
PHONES = 4
START_S = 20
STORM_S = 1.5


@pytest.fixture
def tokens(made_town, tmp_path):
    """A copy of the town, with a few phones of its worker signed in by today's clock."""
    shutil.copy(made_town, tmp_path / "jinlin.db")
    store = Store(tmp_path / "jinlin.db")
    intake = Intake(store, now_utc)

    def enrol(writing):
        person = rows.by_username(writing.tx, "worker1")
        made = []
        for _ in range(PHONES):
            device = str(uuid.uuid4())
            rows.add_device(writing.tx, COMMUNITY, device, person.id, "手机", writing.now)
            made.append(people.open_session(writing.tx, person, device, writing.now))
        return made

    made = intake.do(COMMUNITY, enrol)
    intake.stop()
    store.close()
    return made


def serve(folder, port):
    code = f"from server.cli import main; main(['serve', '--port', '{port}'])"
    environment = {**os.environ, "JINLIN_DATA": str(folder)}
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{port}/api/session")
            return server
        time.sleep(0.1)
    server.kill()
    raise AssertionError("the server did not start")


def storm(port, token, door):
    """Push until nobody answers; the ids that were acknowledged."""
    told = []
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as phone:
        for start in range(1, 100_000, 10):
            ops = [operation(n, door) for n in range(start, start + 10)]
            try:
                answer = phone.post("/sync", content=json.dumps({"ops": ops, "limit": 0}))
            except httpx.HTTPError:
                return told
            told += [one["id"] for one in answer.json()["receipts"]]
    return told


def operation(n, door):
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    head = {"id": str(uuid.uuid4()), "n": n, "kind": "visit.record", "at": at}
    return {**head, "data": visit_data(door)}


def test_what_was_acknowledged_survives_a_kill(tokens, tmp_path):
    store = Store(tmp_path / "jinlin.db")
    with store.read() as tx:
        door = tx.value("select id from household order by door_no desc limit 1")
    store.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serve(tmp_path, port)
    with ThreadPoolExecutor(PHONES) as phones:
        storms = [phones.submit(storm, port, token, door) for token in tokens]
        time.sleep(STORM_S)
        server.kill()
        told = {one for each in storms for one in each.result()}
    server.wait()

    store = Store(tmp_path / "jinlin.db")
    with store.read() as tx:
        here = {row["id"] for row in tx.rows("select id from operation")}
        faults = list(check.faults(tx, now_utc()))
    store.close()
    assert told and told <= here
    assert faults == []
