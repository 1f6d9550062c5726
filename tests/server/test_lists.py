"""导出: every list of the office, masked, harmless in a spreadsheet, and written down."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from server.office import lists
from server.office.listed import LISTS
from tests.server.office import record


def as_csv(browser, url, **asked):
    answer = browser.get(f"{url}/csv", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def as_xlsx(browser, url, **asked):
    answer = browser.get(f"{url}/xlsx", params=asked)
    assert answer.status_code == 200, answer.text
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows())


@pytest.fixture
def busy(town):
    """Something on every list that this town can fill in a few steps."""
    huang = town.resident("huang")
    record(town, "worker1", "huang", resident_ids=[huang], note="=1+1 黄 19900000702")
    record(town, "worker1", "liang", result="no_answer", followup="@换灯管")
    asked = {
        "household_id": town.household("wu"),
        "reason": "请去看看",
        "due_on": "",
        "resident_ids": [],
        "for_person": "",
    }
    town.submit("office1", "task.add", asked)
    town.submit("office1", "pairing.add", {"resident_id": huang, "name": "志愿", "phone": ""})
    return town


def test_every_list_has_its_lines_and_its_page(town):
    served = {route.path for route in town.app.routes}

    assert set(LISTS) == set(lists.LINES)
    assert {one.page for one in LISTS.values()} <= served


@pytest.mark.parametrize("code", LISTS)
def test_a_list_is_the_same_in_both_forms(busy, office, code):
    heads, *rows = as_csv(office, LISTS[code].url)
    _, sheet_heads, *sheet = as_xlsx(office, LISTS[code].url)

    assert heads == [cell.value for cell in sheet_heads]
    texts = [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet]
    if rows:
        assert [[cell.removeprefix("'") for cell in row] for row in rows] == texts
    else:
        assert texts[0][0] == "没有"


@pytest.mark.parametrize("code", LISTS)
def test_a_list_names_nobody_and_runs_nothing(busy, office, code):
    heads, *rows = as_csv(office, LISTS[code].url)
    known = residents(busy)

    assert len(set(heads)) == len(heads)
    for row in rows:
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
        assert not [cell for cell in row if any(name in cell for name in known)]
        assert not [cell for cell in row if "19900000702" in cell]


def residents(town):
    with town.store.read() as tx:
        found = tx.tuples("select name from resident")
    return [name for (name,) in found]


def test_what_looks_like_a_formula_is_text_in_both(busy, office):
    (row,) = [row for row in as_csv(office, LISTS["visits"].url)[1:] if "1+1" in row[6]]
    (cell,) = [
        cell
        for row in as_xlsx(office, LISTS["visits"].url)
        for cell in row
        if cell.value and "1+1" in str(cell.value)
    ]

    assert row[6].startswith("'=1+1")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_list_has_the_filter_of_its_page(busy, office):
    url = LISTS["visits"].url

    assert len(as_csv(office, url)) == 3
    assert len(as_csv(office, url, result="no_answer")) == 2
    assert len(as_csv(office, url, result="refused")) == 1
    assert len(as_csv(office, LISTS["tasks"].url)) == 2
    assert len(as_csv(office, LISTS["tasks"].url, show="closed")) == 1


def test_the_page_leads_to_its_list_with_its_filter(busy, office):
    page = office.get("/office/visits?result=no_answer").text

    assert 'href="/office/lists/visits/csv?result=no_answer"' in page
    assert "/office/staff-lists/" in office.get("/office/people").text
    assert 'class="take"' not in office.get("/office/settings").text


def test_taking_a_list_is_written_down_without_what_was_typed(busy, office):
    office.get("/office/lists/visits/csv", params={"result": "met", "q": "黄"})

    row = busy.audit("export")[-1]
    assert row["target"] == "list.visits"
    assert "result=met" in row["detail"] and "1 行" in row["detail"] and "黄" not in row["detail"]


def test_too_long_a_list_is_refused_whole_and_told(busy, office, monkeypatch):
    monkeypatch.setattr(lists, "MOST", 1)
    answer = office.get("/office/lists/visits/csv")

    assert answer.status_code == 422 and "一次最多出 1 行" in answer.text
    assert not [row for row in busy.audit("export") if row["target"] == "list.visits"]


@pytest.mark.parametrize("path", ["lists/none/csv", "lists/visits/pdf", "lists/people/csv"])
def test_there_is_no_other_list(office, path):
    assert office.get(f"/office/{path}").status_code == 404


def test_who_looks_after_accounts_takes_no_list_of_homes(town, admin):
    assert admin.get("/office/staff-lists/people/csv").status_code == 200
    assert admin.get("/office/lists/households/csv").status_code == 403
    assert admin.get("/office/staff-lists/households/csv").status_code == 404
