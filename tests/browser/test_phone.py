"""The phone as its worker uses it: pages, forms, no network, a killed browser, and back."""

import json

from tests.browser.lent import at_desk, enter
from tests.browser.updating import UPDATE, next_version
from tests.browser.walking import (
    choose,
    door_of,
    pill,
    ready,
    sign_in,
    until,
    until_pill,
    visit,
    visits_on,
)
from tests.server.town import PASSWORD

# What the browser does when it throws away what a site stored: everything but the cookies.
EMPTY = """async () => {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
    const all = await indexedDB.databases();
    await Promise.all(all.map(({ name }) => new Promise((resolve) => {
        const deleting = indexedDB.deleteDatabase(name);
        deleting.onsuccess = deleting.onerror = deleting.onblocked = resolve;
    })));
}"""
SIGNED_OUT = "async () => (await fetch('/api/session')).status === 401"


def test_three_visits_without_a_network_survive_a_killed_browser_and_arrive_once(
    whole_browser, server, browser
):
    page = whole_browser.start()
    sign_in(page, server.origin, "chief")
    whole_browser.close()
    page = whole_browser.start()
    known = [door_of(server, name) for name in ("黄秀珍", "梁建国", "吴丽华")]
    server.stop()

    made = [
        visit(page, server.origin, known[0], note="精神好"),
        visit(page, server.origin, known[1], result="not_home"),
        visit(page, server.origin, known[2]),
    ]
    page.goto(f"{server.origin}/today")
    assert pill(page) == "离线 · 3 条"
    whole_browser.kill()

    page = whole_browser.start()
    page.goto(f"{server.origin}/outbox")
    assert page.locator("[id^=queued-]").count() == 3
    page.goto(f"{server.origin}/households/{known[0]}")
    assert page.locator(f"#visit-{made[0]}").count() == 1
    assert "精神好" in page.inner_text(f"#visit-{made[0]}")

    server.start()
    until_pill(page, "已同步")

    assert sorted(visits_on(server)) == sorted(made)
    page.goto(f"{server.origin}/outbox")
    assert page.locator("[id^=queued-]").count() == 0
    office = at_desk(browser, server.origin, "/office/visits")
    for one in made:
        assert office.locator(f"a[href*='{one}']").count() > 0
    office.context.close()


def test_f3_the_pill_never_says_all_sent_while_something_waits(page, network, door):
    network.fails["/sync"] = "portal"

    visit(page, network.origin, door)
    page.goto(f"{network.origin}/today")
    assert pill(page) == "离线 · 1 条"

    network.fails.clear()
    page.reload()
    until_pill(page, "已同步")


def test_f3_even_a_page_of_the_server_counts_what_waits_on_the_phone(page, network, door):
    network.fails["/sync"] = "down"
    visit(page, network.origin, door)
    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    page.wait_for_url("**/signin*")
    page.fill("#username", "worker1")
    page.fill("#password", PASSWORD)
    page.click("form button.button--main")
    page.wait_for_url("**/today")

    said = page.evaluate("async () => (await fetch('/today')).text()")

    assert "已同步" not in said.split("<main")[0]
    assert "1 条" in said.split("<main")[0]


def test_a_draft_survives_a_killed_browser_and_goes_when_it_was_saved(walker, network, door):
    page = walker.start()
    page.goto(f"{network.origin}/households/{door}/visit")
    choose(page, "result", "refused")
    page.fill("textarea[name=note]", "半句话")
    page.wait_for_timeout(400)
    walker.kill()

    page = walker.start()
    page.goto(f"{network.origin}/households/{door}/visit")
    until(page, "() => document.querySelector('textarea[name=note]').value === '半句话'")
    assert page.is_checked("input[name=result][value=refused]")
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved")
    page.goto(f"{network.origin}/households/{door}/visit")
    page.wait_for_timeout(400)
    assert page.input_value("textarea[name=note]") == ""


def test_a_visit_can_be_undone_at_once(page, network, door):
    made = visit(page, network.origin, door)

    page.click(f"#visit-{made} form button")

    page.wait_for_selector(f"#visit-{made}.is-withdrawn")
    assert "已撤回" in page.inner_text(f"#visit-{made}")


def test_a_form_that_does_not_fit_says_why_and_keeps_what_was_written(page, network, door):
    page.goto(f"{network.origin}/households/{door}/visit")
    choose(page, "result", "met")
    page.evaluate("document.querySelector('textarea[name=note]').removeAttribute('maxlength')")
    page.fill("textarea[name=note]", "长" * 1001)
    page.click("#visit form button.button--main")

    page.wait_for_selector("#notice #refusal")
    assert "1001" in page.inner_text("#notice")
    assert page.input_value("textarea[name=note]") == "长" * 1001


def test_f8_after_signing_out_nobody_reads_what_was_here(page, network, door):
    network.fails["/sync"] = "down"
    made = visit(page, network.origin, door)
    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    page.wait_for_url("**/signin*")

    until(page, "() => !document.getElementById('kept').hidden")
    assert "周晓岚" in page.inner_text("#kept") and "1" in page.inner_text("#kept")
    page.goto(f"{network.origin}/households/{door}")
    assert "/signin" in page.url
    network.fails.clear()
    sign_in(page, network.origin, "worker2")
    page.goto(f"{network.origin}/outbox")
    assert page.locator("[id^=queued-]").count() == 0
    assert made not in visits_on(network.server)

    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    page.wait_for_url("**/signin*")
    sign_in(page, network.origin, "worker1")
    until_pill(page, "已同步")
    assert made in visits_on(network.server)


def test_f8_signing_out_without_a_network_is_told_later_and_ends_no_other_session(page, network):
    network.fails["*"] = "down"
    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    page.wait_for_url("**/signin*")
    assert "没有网络" in page.inner_text("main")
    page.goto(f"{network.origin}/today")
    assert "没有网络" in page.inner_text("main")

    network.fails.clear()
    page.goto(f"{network.origin}/up")
    page.evaluate("() => navigator.serviceWorker.controller.postMessage({ type: 'hello' })")
    until(page, SIGNED_OUT)
    sign_in(page, network.origin, "worker2")
    page.goto(f"{network.origin}/me")
    assert page.evaluate(SIGNED_OUT) is False


def test_the_outbox_is_saved_as_a_file_of_the_very_texts(page, network, door):
    network.fails["/sync"] = "down"
    made = visit(page, network.origin, door)
    page.goto(f"{network.origin}/outbox")
    with page.expect_download() as downloading:
        page.click("form[action='/outbox/export'] button")

    file = json.loads(downloading.value.path().read_text("utf-8"))

    assert [json.loads(text)["id"] for text in file["operations"]] == [made]
    assert file["ledger"]["recorded"] == 1 and file["device"]


def test_f7_a_half_fetched_shell_leaves_no_worker_and_the_next_try_does(context, network):
    page = context.new_page()
    network.fails["/static/css/tokens.css"] = 500
    page.goto(f"{network.origin}/signin")
    page.fill("#username", "worker1")
    page.fill("#password", PASSWORD)
    page.click("form button.button--main")
    page.wait_for_timeout(1500)
    assert page.evaluate("navigator.serviceWorker.controller") is None

    network.fails.clear()
    page.reload()
    ready(page)


def test_f7_a_new_version_waits_until_the_person_agrees_and_the_queue_still_sends(
    context, network, door
):
    page = enter(context, network.origin, "worker1")
    network.fails["/sync"] = "down"
    made = [visit(page, network.origin, door) for _ in range(3)]
    next_version(network)

    page.goto(f"{network.origin}/me")
    page.evaluate(UPDATE)
    until(page, "() => Boolean(document.querySelector('[data-take-version]'))")
    assert "next-version" not in page.inner_text("main")
    with page.expect_navigation():
        page.click("[data-take-version]")

    until(page, "() => document.querySelector('main').innerText.includes('next-version')")
    network.fails.clear()
    page.goto(f"{network.origin}/me")
    until_pill(page, "已同步")
    assert set(made) <= set(visits_on(network.server))


def test_f6_an_emptied_phone_is_noticed_and_gets_a_device_of_its_own(context, network, door):
    page = enter(context, network.origin, "worker1")
    visit(page, network.origin, door)
    until_pill(page, "已同步")

    page.goto(f"{network.origin}/up")
    page.evaluate(EMPTY)
    page.goto(f"{network.origin}/me")
    until(page, SIGNED_OUT)

    sign_in(page, network.origin, "worker1")
    again = visit(page, network.origin, door)
    until_pill(page, "已同步")
    assert again in visits_on(network.server)
