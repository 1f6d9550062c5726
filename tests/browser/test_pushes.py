"""A phone that wants to be told of warnings asks once; what comes shows a title and no more."""

import json

import pytest

from tests.browser.lent import Lent, enter
from tests.browser.rig import FLAGS
from tests.browser.test_refused import rows
from tests.browser.walking import soon, until, until_pill
from tests.find_browser import find_browser
from tests.server.town import ident

ENDPOINT = "https://push.example.org/send/1"
# The push service is the outside network: nothing else of the browser is replaced.
SERVICE = """
    const given = JSON.parse(%s);
    let kept = null;
    PushManager.prototype.getSubscription = async () => kept;
    PushManager.prototype.subscribe = async ({ applicationServerKey: key, userVisibleOnly }) => {
        if (!given.endpoint) throw new DOMException("no service", "AbortError");
        window.asked = { key, userVisibleOnly };
        return (kept = { toJSON: () => given, unsubscribe: async () => (kept = null) });
    };
"""
# As records that come do it to an open page.
AGAIN = """async () => {
    const how = { target: "#page", select: "#page", swap: "outerMorph" };
    await window.htmx.ajax("GET", "/me", how);
}"""
NOTIFIED = """async () => {
    const registration = await navigator.serviceWorker.ready;
    const shown = await registration.getNotifications();
    return shown.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }));
}"""


@pytest.fixture(scope="module")
def lent(playwright):
    """A phone with the whole Chromium: without windows it shows no notifications."""
    running = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
    yield Lent(running)
    running.close()


def me(context, network, endpoint=ENDPOINT, permissions=("notifications",)):
    """The page about oneself in a browser whose push service gives this address."""
    context.grant_permissions(list(permissions), origin=network.origin)
    told = json.dumps({"endpoint": endpoint, "keys": {"p256dh": "p", "auth": "a"}})
    page = enter(context, network.origin, "leader1", SERVICE % json.dumps(told))
    page.goto(f"{network.origin}/me")
    return page


def subscribed(server):
    return rows(server, "select person_id, endpoint from push_subscription")


def test_a_phone_is_told_after_a_tap_and_no_more_after_another(used, network, server):
    page = me(used, network)
    page.wait_for_selector("text=打开预警通知")
    assert subscribed(server) == []

    page.click("[data-push-is=off] [data-push-on]")

    page.wait_for_selector("text=这部手机会收到预警通知")
    assert page.evaluate("window.asked.userVisibleOnly") is True
    assert len(page.evaluate("window.asked.key")) == 87
    assert subscribed(server) == [(ident("person", "leader1"), ENDPOINT)]

    page.evaluate(AGAIN)
    page.wait_for_selector("text=这部手机会收到预警通知")
    page.click("[data-push-off]")
    page.wait_for_selector("text=打开预警通知")
    assert subscribed(server) == []


@pytest.mark.parametrize("why", ["service", "network", "refused"])
def test_what_could_not_be_done_is_said(used, network, server, why):
    page = me(used, network, "" if why == "service" else ENDPOINT)
    page.wait_for_selector("text=打开预警通知")
    if why != "service":
        network.fails["/push/subscriptions"] = "down" if why == "network" else 503

    page.click("[data-push-is=off] [data-push-on]")

    page.wait_for_selector("text=没有办成")
    assert subscribed(server) == []


def test_a_push_shows_the_title_alone_and_brings_the_records(used, network):
    page = me(used, network)
    until_pill(page, "已同步")
    network.seen.clear()
    worker = used.new_cdp_session(page)
    found = []

    def hear(told):
        found.append(told)

    worker.on("ServiceWorker.workerRegistrationUpdated", hear)
    worker.send("ServiceWorker.enable")
    until(page, "async () => (await navigator.serviceWorker.getRegistration()).active !== null")
    (registration,) = {one["registrationId"] for told in found for one in told["registrations"]}
    said = {"title": "雷雨大风黄色预警", "text": "全文", "incident": "i-1"}

    for data, title in (
        (json.dumps(said), said["title"]),
        (json.dumps({**said, "title": "解除"}), "解除"),
        ("no json", "社区有新消息"),
    ):
        told = {"origin": network.origin, "registrationId": registration, "data": data}
        worker.send("ServiceWorker.deliverPushMessage", told)
        shown = f"(await ({NOTIFIED})()).some((one) => one.title === '{title}')"
        until(page, f"async () => {shown}")

    assert sorted(page.evaluate(NOTIFIED), key=lambda one: one["tag"]) == [
        {"title": "解除", "body": "", "tag": "i-1", "path": "/alerts/i-1"},
        {"title": "社区有新消息", "body": "", "tag": "news", "path": "/"},
    ]
    soon(page, lambda: "POST /sync" in network.seen)
