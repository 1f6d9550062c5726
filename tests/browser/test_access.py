"""axe finds nothing serious on any page, in the light and in the dark."""

import json

import pytest
from playwright.sync_api import Page

from server.field.drawing import draw
from tests import drawn
from tests.browser.community import FOLDERS, NO_PAGE, PAGES, Community, sign_in
from tests.browser.looking import Reader
from tests.browser.rig import ROOT
from tests.browser.walking import choose

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text("utf-8")
FOUND = """async (only) => {
    const asked = { resultTypes: ["violations"], ...(only ? { runOnly: [only] } : {}) };
    const { violations } = await axe.run(document, asked);
    const reason = ({ message }) => message;
    const why = ({ target, any, all }) => `${target} ${any.concat(all).map(reason)[0]}`;
    const told = ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map(why)}`;
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(told);
}"""

LISTS = [route for route in PAGES if route.startswith("/office") and "{" not in route]
# Fragments stand inside a page; alone they are no document.
CASES = [
    case for case in drawn.cases() if case["template"] and not case["template"].startswith("_")
]


def wrong_on(page: Page) -> list[str]:
    """What axe finds; in the dark only colours can differ."""
    page.emulate_media(color_scheme="light")
    page.evaluate(AXE)
    found = page.evaluate(FOUND, "")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(FOUND, "color-contrast")
    return found + [f"dark {one}" for one in dark]


def test_every_page_of_the_application_is_looked_at(community):
    served = community.routes - NO_PAGE
    served = {path for path in served if not path.startswith(FOLDERS)}

    assert sorted(served - set(PAGES)) == []
    assert sorted(set(PAGES) - served) == []


@pytest.mark.parametrize("route", PAGES)
def test_axe_finds_nothing_serious(reader, route):
    wrong, answered = {}, []
    for who, pattern in PAGES[route]:
        found = wrong_on(reader.go(who, pattern))
        answered.append(reader.status)
        if found:
            wrong[f"{who} {pattern}"] = found

    assert answered[0] == 200
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_axe_finds_nothing_serious_in_any_state_of_a_field_page(reader, case):
    text = draw(f"field/{case['template']}.html", drawn.context_of(case) or {})

    assert wrong_on(reader.show("nobody", text)) == []


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
