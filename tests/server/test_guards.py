"""What every write is guarded by, asked of every write the application has: other sites, forms
without their page, and bodies beyond measure."""

import logging
import re
import tracemalloc
import zipfile
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import Workbook

from server import roster_files
from server.access import SAFE
from server.checklists import workbooks
from server.field.photos import MAX_FORM
from server.office import bulk
from server.shell import WEB
from sync import outboxes
from tests.server import filled
from tests.server.test_access import (  # noqa: F401
    ENDLESS,
    TABLE,
    full,
    made_everything,
    path_of,
    routes_of,
)
from tests.server.town import CAST, DOORS

# Who may ask for a route: the first of these.
ASKED_BY = ("office1", "worker1", "leader1", "admin", "street")
WITHOUT_SESSION = {
    *("POST /signin", "POST /api/session", "POST /api/erasures"),
    *("POST /card/readings", "POST /card/uses"),
    *("POST /open311/v2/requests.json", "POST /open311/v2/requests.xml"),
}
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
)
# What a request moves without being a write: who was here, and who was refused.
NOTED = {"audit", "audit_anchor", "session", "device", "digest", "dispatch"}


def writes(app):
    return [route for route in routes_of(app) if route.split(" ")[0] not in SAFE]


def asker(route):
    return next(who for who in ASKED_BY if CAST[who][0] in TABLE[route])


class Kept:
    """Every row of the database that a write could change."""

    def __init__(self, town):
        self.town = town
        self.before = self.rows()

    def rows(self):
        with self.town.store.read() as tx:
            tables = [row["name"] for row in tx.rows(TABLES)]
            return {
                name: tx.tuples(f"select * from {name}") for name in tables if name not in NOTED
            }

    def changed(self):
        after = self.rows()
        return {name for name in after if after[name] != self.before[name]}


TABLES = "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'"


def send(browser, route, names, headers, token):
    method, path = route.split(" ")
    fields = {**filled.form(path, names), "form_token": token}
    body = {"content": b"x"} if method == "PUT" else {"data": fields}
    return browser.request(
        method, filled.address(path, names), headers=headers, follow_redirects=False, **body
    )


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda one: " ".join(one.values()))
def test_no_write_is_taken_from_another_site(full, headers):  # noqa: F811
    town, names = full
    asked, taken, kept = 0, [], Kept(town)

    for route in writes(town.app):
        browser = town.nobody() if route in WITHOUT_SESSION else town[asker(route)]
        token = browser.form_token if browser.token else ""
        answer = send(browser, route, names["hongmian"], headers, token)
        asked += 1
        taken += [f"{route}: {answer.status_code}"] if answer.status_code != 403 else []

    assert taken == [] and asked > 140
    assert kept.changed() == set()


def test_no_form_of_the_office_is_taken_without_the_token_of_its_page(full):  # noqa: F811
    town, names = full
    taken, kept = [], Kept(town)
    forms = [one for one in writes(town.app) if path_of(one).startswith("/office")]
    someone_elses = town["secretary"].form_token

    for route in forms:
        browser = town[asker(route)]
        for token in ("", "nonsense", someone_elses):
            answer = send(browser, route, names["hongmian"], {}, token)
            taken += [f"{route}: {answer.status_code}"] if answer.status_code != 403 else []

    assert taken == [] and len(forms) > 100
    assert kept.changed() == set()


# ---- addresses and logs --------------------------------------------------------------------------

# What the forms of filled.py say of somebody, and who is on the register.
SAID = (filled.ANY["name"], filled.ANY["phone"], *(one[4] for one in DOORS.values()))


def test_no_route_puts_a_name_or_number_into_an_address_or_a_log(full, caplog):  # noqa: F811
    town, names = full
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "jinlin")  # whatever a server of another test said
    asked, addresses = 0, []

    for route in sorted(TABLE, key=filled.in_order):
        if route in ENDLESS or not TABLE[route]:
            continue
        browser = town[asker(route)]
        answer = send(browser, route, names["hongmian"], {}, browser.form_token)
        asked += 1
        told = [answer.headers.get("location", ""), answer.headers.get("hx-redirect", "")]
        addresses += [unquote(one) for one in (*told, answer.headers.get("hx-replace-url", ""))]

    # httpx writes down what this test itself asks for.
    lines = [one.getMessage() for one in caplog.records if not one.name.startswith("httpx")]
    logged = [unquote(one) for one in lines]
    assert asked > 300 and len(logged) >= asked
    assert [one for one in (*addresses, *logged) if any(word in one for word in SAID)] == []


# ---- bodies --------------------------------------------------------------------------------------


def workbook(rows=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def bomb():
    """A workbook whose sheet unpacks to 300 MB."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbook([["甲"]]))) as book,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in book.namelist():
            blank = name == "xl/worksheets/sheet1.xml"
            packed.writestr(name, b" " * (300 * 1024 * 1024) if blank else book.read(name))
    return made.getvalue()


# Every form with a file: the name of a file it would take, and the most it reads.
UPLOADS = {
    "POST /office/imports": ("名册.xlsx", roster_files.MAX_BYTES),
    "POST /office/checklists": ("清单.xlsx", workbooks.MAX_BYTES),
    "POST /office/bulk": ("人员.xlsx", bulk.MAX_BYTES),
    "POST /office/outboxes": ("outbox.json", outboxes.MAX_BYTES),
}
# What reads its body itself, piece by piece: test_malformed.py, test_media.py, test_alerts_api.py.
OWN_BOUNDS = {"POST /sync", "PUT /media/{sha256}", "POST /api/alerts"}
MIB = 1024 * 1024
NO_FILES = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a page": b"<html><script>alert(1)</script></html>",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
    "half a workbook": workbook([["甲", "乙"]] * 50)[:-500],
    "noise": bytes(range(256)) * 64,
}


def bring(browser, route, name, content):
    return browser.post(
        path_of(route), files={"file": (name, content)}, data={"form_token": browser.form_token}
    )


def test_every_write_has_a_bound(town):
    unbound = set()
    for route in town.app.routes:
        for handler in route.route_handlers:
            for method in handler.http_methods - SAFE:
                most = handler.resolve_request_max_body_size()
                if most is None or most > max(MAX_FORM, 40 * MIB):
                    unbound.add(f"{method} {route.path_format}")

    assert unbound == OWN_BOUNDS


def test_every_form_with_a_file_is_tried(town):
    """Those of the field bring pictures, and so does test_media.py with each of them."""
    found = re.findall(r'action="(/[^"]*)"[^>]*multipart/form-data', all_templates())

    assert {f"POST {path}" for path in found if path.startswith("/office")} == set(UPLOADS)
    assert {path for path in found if not path.startswith("/office")} == {
        *("/households/{{ household.id }}/visits", "/issues", "/issues/{{ one.id }}/steps"),
    }


def all_templates():
    return "".join(one.read_text("utf-8") for one in (WEB / "templates").rglob("*.html"))


@pytest.mark.parametrize("what", NO_FILES)
@pytest.mark.parametrize("route", UPLOADS)
def test_what_is_no_such_file_is_said_and_kept_nowhere(town, route, what):
    kept = Kept(town)

    answer = bring(town["office1"], route, UPLOADS[route][0], NO_FILES[what])

    assert is_refused(answer)
    assert kept.changed() == set()


def is_refused(answer):
    """A list of questions is shown with what is wrong with it, and with no way to publish it."""
    if answer.status_code == 200:
        return "/office/checklists/editions" not in answer.text and "没有问题" not in answer.text
    return answer.status_code in (400, 413, 422)


@pytest.mark.parametrize("route", UPLOADS)
def test_a_file_beyond_measure_is_refused_in_words(town, route):
    name, most = UPLOADS[route]
    kept = Kept(town)

    answer = bring(town["office1"], route, name, b"PK" + b"x" * most)
    far_more = town["office1"].post(
        path_of(route), content=b"", headers={"Content-Length": str(10**12)}
    )

    assert is_refused(answer) and re.search(f"{most // MIB} ?(MB|兆)", answer.text)
    assert far_more.status_code in (403, 413, 422)
    assert kept.changed() == set()


@pytest.mark.parametrize("route", [one for one, (name, _) in UPLOADS.items() if "xlsx" in name])
def test_a_workbook_that_unpacks_without_end_is_not_unpacked(town, route):
    kept, made = Kept(town), bomb()
    tracemalloc.start()

    answer = bring(town["office1"], route, UPLOADS[route][0], made)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert is_refused(answer) and len(made) < MIB
    assert peak < 60 * MIB
    assert kept.changed() == set()


@pytest.mark.parametrize("route", UPLOADS)
def test_a_form_of_thousands_of_parts_is_not_read_to_its_end(town, route):
    office, kept = town["office1"], Kept(town)
    parts = [("file", (f"{n}.xlsx", b"x")) for n in range(3000)]

    answer = office.post(path_of(route), files=parts, data={"form_token": office.form_token})

    assert 400 <= answer.status_code < 500
    assert kept.changed() == set()
