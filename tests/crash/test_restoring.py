"""A restore asked for on the page of a real server: it comes back by itself, under a new epoch."""

import re
import time
from urllib.parse import urlencode

from server.people import COOKIE
from tests.browser.rig import is_open
from tests.server.town import PASSWORD

BACK_S = 60


def signed(house):
    body = urlencode({"username": "admin", "password": PASSWORD}).encode()
    form = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}
    _, headers, _ = house.ask("POST", "/signin", body, **form)
    token = re.search(f"{COOKIE}=([^;]+)", headers["set-cookie"])
    assert token
    return {**form, "Cookie": f"{COOKIE}={token[1]}"}


def epoch(house):
    return house.rows("select value from setting where name = 'epoch'")[0]["value"]


def test_the_server_restores_and_serves_on(house):
    code, said = house.run("backup")
    assert code == 0, said
    house.start()
    before = epoch(house)
    admin = signed(house)
    page = house.ask("GET", "/office/backups", None, **admin)[2].decode()
    action = re.search(r'action="(/office/backups/[^"]+/restores)"', page)
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert action and token

    form = urlencode({"form_token": token[1], "word": "恢复"}).encode()
    status, _, text = house.ask("POST", action[1], form, **admin)

    assert status == 200 and "正在恢复" in text.decode()
    until = time.monotonic() + BACK_S
    while not (is_open(house.port) and epoch(house) != before):
        assert time.monotonic() < until, house.log.read_text("utf-8")
        time.sleep(0.1)
    assert house.faults() == []
    assert house.stop() in (0, -15, 15)
