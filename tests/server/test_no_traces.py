"""What stands in addresses, logs and lists: ids and days, no names, numbers or answers."""

import logging
import re
from html import unescape
from urllib.parse import unquote

import pytest

from server.office import reveal
from tests.server.test_access import TABLE

NAMES = ("黄秀珍", "梁建国", "吴丽华", "钟伟民")
PHONE = "19912340702"
PLACES = re.compile(r'(?:href|action|src|hx-get|hx-post|hx-target)="([^"]*)"')


@pytest.fixture
def called(town):
    for name in ("huang", "wu"):
        data = {"household_id": town.household(name), "phone": PHONE, "name": "何大姐"}
        town.submit("office1", "contact.add", data)
    return town


class Watching:
    """Every address that was asked for and every link that was given, unquoted."""

    def __init__(self, member):
        self.seen = []
        member.event_hooks = {"response": [self._note]}

    def _note(self, response):
        assert response.status_code < 500, response.request.url
        self.seen.append(unquote(str(response.request.url)))
        if "html" in response.headers.get("Content-Type", ""):
            response.read()
            self.seen += [unquote(unescape(one)) for one in PLACES.findall(response.text)]

    def told(self):
        # A telephone number to dial is an address, too: of the telephone.
        places = [one for one in self.seen if not one.startswith("tel:")]
        return [one for one in places if PHONE in one or any(name in one for name in NAMES)]


def pages(town):
    """Every page of the office that needs no id, and the pages of a door and a person."""
    plain = [key[4:] for key in TABLE if key.startswith("GET /office") and "{" not in key]
    door, person = town.household("huang"), town.resident("huang")
    return [*plain, f"/office/households/{door}", f"/office/residents/{person}"]


def test_a_day_in_the_office_leaves_no_name_in_addresses_and_logs(called, caplog):
    caplog.set_level(logging.DEBUG)
    office = called["office1"]
    watching = Watching(office)

    for page in pages(called):
        office.get(page)
    staff = "周晓岚"
    for to in ("/office/people", "/office/phones"):
        assert staff in office.submit("/office/finds", to=to, q=staff).text
    assert not [one for one in watching.seen if staff in one]
    for words in (*NAMES, PHONE[-4:], PHONE):
        office.submit("/office/finds", to="/office/search", q=words)
        office.submit("/office/finds", to="/office/visits", q=words)
        office.submit("/office/reveals", to="/office/pairings")
    office.submit(f"/office/residents/{called.resident('huang')}/changes", name="黄秀珠", base="1")
    office.submit(f"/office/residents/{called.resident('huang')}/moves", door="没有的门")

    assert len(watching.seen) > 1000
    assert watching.told() == []
    said = [unquote(record.getMessage()) for record in caplog.records]
    ours = [one for one in said if "testserver" not in one]
    assert not [one for one in ours if PHONE in one or any(name in one for name in NAMES)]


def test_the_field_pages_ask_without_names_where_no_phone_answers(called):
    worker = called["worker1"]
    watching = Watching(worker)

    worker.get("/search")
    found = worker.post("/search", data={"q": "黄秀珍"})
    for page in ("/today", "/buildings", "/followups", "/outbox", "/me"):
        worker.get(page)

    assert found.status_code == 200 and "黄秀珍" in found.text
    assert watching.told() == []


def test_words_of_somebody_else_open_nothing(called, office):
    found = office.submit("/office/finds", to="/office/search", q="梁建国")
    address = str(found.url)

    assert "梁建国" in found.text and "of=" in address
    assert "梁建国" in office.get(address).text
    assert "梁建国" not in called["secretary"].get(address).text
    assert office.get("/office/search?of=AAAA").status_code == 200
    assert office.submit("/office/finds", to="/somewhere", q="x").status_code >= 400


def test_numbers_on_lists_are_masked_until_somebody_says_so(called, office):
    masked = office.submit("/office/finds", to="/office/search", q=PHONE[-4:])
    whole = office.submit("/office/reveals", to=str(masked.url.raw_path, "ascii"))
    elsewhere = called["secretary"].get(str(whole.url.raw_path, "ascii"))

    assert "199****0702" in masked.text and PHONE not in masked.text.replace(" ", "")
    assert PHONE in whole.text.replace(" ", "")
    assert PHONE not in elsewhere.text.replace(" ", "")
    assert [(row["target"], row["person_id"]) for row in called.audit("reveal")] == [
        ("list:search", called.person("office1"))
    ]


def test_they_are_masked_again_after_a_while(called, office):
    address = "/office/numbers/records?show=contacts"
    whole = office.submit("/office/reveals", to=address)
    path = str(whole.url.raw_path, "ascii")
    assert PHONE in whole.text.replace(" ", "")

    called.clock.pass_(minutes=21)

    assert PHONE not in office.get(path).text.replace(" ", "")
    assert "199****0702" in office.get(address).text


@pytest.mark.parametrize("role", ["worker1", "leader1", "street", "admin"])
def test_nobody_else_opens_a_list(called, role):
    assert called[role].submit("/office/reveals", to="/office/search").status_code == 403
    assert not called.audit("reveal")


@pytest.mark.parametrize("to", ["", "/today", "https://else/office/search?x", "//else/office/x"])
def test_only_our_lists_are_opened(called, office, to):
    answer = office.submit("/office/reveals", to=to)

    assert "else" not in str(answer.url) and (answer.status_code >= 400 or "/search" in to)
    assert [word for _, word in reveal.LISTS]
