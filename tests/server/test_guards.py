"""What every write is guarded by, asked of every write the application has: other sites, forms
without their page, and bodies beyond measure."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from server.access import SAFE
from tests.server import filled
from tests.server.test_access import TABLE, full, made_everything, path_of, routes_of  # noqa: F401
from tests.server.town import CAST

# Who may ask for a route: the first of these.
ASKED_BY = ("office1", "worker1", "leader1", "admin")
WITHOUT_SESSION = {
    *("POST /signin", "POST /api/session", "POST /api/erasures"),
    *("POST /card/readings", "POST /card/uses"),
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
            return {name: tx.tuples(f"select * from {name}") for name in tables if name not in NOTED}

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


# Every route that takes a file: under which name, and what stands in the rest of its form.
UPLOADS = {
    "POST /office/imports": "名册.xlsx",
    "POST /office/checklists": "清单.xlsx",
    "POST /office/bulk": "人员.xlsx",
    "POST /office/outboxes": "outbox.json",
}
MIB = 1024 * 1024


def bring(browser, route, name, content):
    return browser.post(
        path_of(route), files={"file": (name, content)}, data={"form_token": browser.form_token}
    )
