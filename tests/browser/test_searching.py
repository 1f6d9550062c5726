"""Whoever is searched for stands in no address: not in the bar, not in the history."""

from urllib.parse import unquote

from tests.browser.walking import sign_in, until

NAME = "黄秀珍"
ADDRESSES = """() => JSON.stringify([
    location.href, document.referrer, ...window.navigation.entries().map((one) => one.url),
])"""


def find(page):
    page.wait_for_selector(f"#found a:has-text('{NAME}')")


def test_a_search_on_the_phone_leaves_no_name_in_addresses(context, network):
    page = context.new_page()
    asked = []
    page.on("request", lambda one: asked.append(unquote(one.url)))
    sign_in(page, network.origin, "worker1")
    page.goto(f"{network.origin}/search")

    page.fill("#q", NAME)  # found while one types
    find(page)
    page.reload()
    page.fill("#q", NAME)
    page.press("#q", "Enter")
    find(page)
    page.click("#found a")
    page.wait_for_url("**/households/*")
    told = page.evaluate(ADDRESSES)
    page.go_back()
    page.wait_for_url("**/search")
    until(page, "() => Boolean(document.getElementById('q'))")

    assert NAME not in unquote(told + page.evaluate(ADDRESSES))
    assert not [one for one in asked if NAME in one]


def test_a_form_sent_without_scripts_finds_and_tells_no_address(page, network):
    page.goto(f"{network.origin}/search")

    # As a browser sends the form by itself, past every listener.
    page.fill("#q", NAME)
    with page.expect_navigation():
        page.evaluate("document.querySelector('form[role=search]').submit()")
    find(page)

    assert page.input_value("#q") == NAME
    assert page.url == f"{network.origin}/search"
    assert NAME not in unquote(page.evaluate(ADDRESSES))
