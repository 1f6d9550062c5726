"""Every page is opened once: axe finds nothing serious, and an office page fits its screens."""

import json

import pytest

from tests.browser.community import FOLDERS, NO_PAGE, PAGES, Community, sign_in
from tests.browser.looking import CUT, PHONE, UNFOLD, Reader, wrong_on
from tests.browser.walking import choose

LISTS = [route for route in PAGES if route.startswith("/office") and "{" not in route]


def test_every_page_of_the_application_is_looked_at(community):
    served = community.routes - NO_PAGE
    served = {path for path in served if not path.startswith(FOLDERS)}

    assert sorted(served - set(PAGES)) == []
    assert sorted(set(PAGES) - served) == []


@pytest.mark.parametrize("route", PAGES)
def test_axe_finds_nothing_serious_and_an_office_page_fits_a_desk_and_a_phone(reader, route):
    wrong, answered = {}, []
    for who, pattern in PAGES[route]:
        page = reader.go(who, pattern)
        answered.append(reader.status)
        wrong[f"{who} {pattern}"] = wrong_on(page)
        if len(answered) == 1 and route.startswith("/office"):
            page.evaluate(UNFOLD)
            wrong["1280 px"] = page.evaluate(CUT)
            page.set_viewport_size(PHONE)
            wrong["360 px"] = page.evaluate(CUT)

    assert answered[0] == 200
    assert not any(wrong.values()), json.dumps(wrong, ensure_ascii=False, indent=1)


def test_axe_finds_nothing_serious_in_what_a_form_answers(reader, community):
    page = reader.go("nobody", "/signin")
    page.fill("#username", "worker1")
    page.fill("#password", "wrong")
    page.click("form button.button--main")
    page.wait_for_selector("#wrong")
    assert wrong_on(page) == []

    page = reader.go("worker1", "/households/HOUSEHOLD/visit")
    choose(page, "result", "met")
    page.evaluate("document.querySelector('textarea[name=note]').removeAttribute('maxlength')")
    page.fill("textarea[name=note]", "长" * 1001)
    page.click("#visit form button.button--main")
    page.wait_for_selector("#notice #refusal")
    assert wrong_on(page) == []


def test_axe_finds_nothing_serious_where_there_is_nothing_yet(browser, server):
    """The lists of a community that has just begun."""
    reader = Reader(browser, server, Community(server.folder, sign_in(server.origin)))
    wrong = {}
    for route in LISTS:
        who, pattern = PAGES[route][0]
        found = wrong_on(reader.go(who, pattern))
        if found:
            wrong[f"{who} {pattern}"] = found
    reader.close()

    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
