"""A phone that one test after the other gets: the application stays on it, everything else goes."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.browser.rig import Network
from tests.browser.walking import ready
from tests.server import town

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "timezone_id": "Asia/Shanghai",
    "locale": "zh-CN",
    "has_touch": True,
}
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}
INSTALL = """async () => {
    await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== "activated") await new Promise((go) => setTimeout(go, 20));
}"""
# Everything but the worker and the files it keeps.
LEFT = "cookies,indexeddb,local_storage"
ENGLISH = "/locale/en.json"
FORGET = """async (file) => {
    for (const name of await caches.keys()) await (await caches.open(name)).delete(file);
}"""
Rewrite = Callable[[str, bytes], bytes]


class Lent:
    """A browser's context at one address, with the worker of the application there.

    It is for tests that leave alone what cannot be taken back: the context's clock, its scripts
    that run first. `rewrite` changes the worker as a Network does, for all of a module's tests.
    """

    def __init__(self, browser: Browser, rewrite: Rewrite | None = None) -> None:
        self.browser = browser
        self.rewrite = rewrite
        self.context: BrowserContext | None = None
        self._session: CDPSession | None = None

    def lend(self, network: Network) -> BrowserContext:
        network.rewrite = self.rewrite
        if self.context is None:
            self.context = self.browser.new_context(**PHONE)
            page = self.context.new_page()
            page.goto(f"{network.origin}/up")
            page.evaluate(INSTALL)
            page.goto("about:blank")
            self._session = self.context.new_cdp_session(page)
            self._session.send("ServiceWorker.enable")
            network.seen.clear()
        return self.context

    def take_back(self, network: Network) -> None:
        """Close its pages, stop its worker, and empty it."""
        assert self.context and self._session
        if network.rewrite is not self.rewrite:  # the worker may be another by now
            self.throw_away()
            return
        _, *pages = self.context.pages
        if f"GET {ENGLISH}" in network.seen:
            pages[0].evaluate(FORGET, ENGLISH)
        for page in pages:
            page.close()
        self._session.send("ServiceWorker.stopAllWorkers")
        told = {"origin": network.origin, "storageTypes": LEFT}
        self._session.send("Storage.clearDataForOrigin", told)
        self.context.clear_cookies()
        self.context.clear_permissions()

    def throw_away(self) -> None:
        if self.context:
            self.context.close()
        self.context = None


def enter(context: Any, origin: str, username: str, script: str = "") -> Page:
    """A page of somebody who signs in, in a browser that draws it once it has the application.

    A `script` runs first in whatever this page shows.
    """
    _open_session(context, origin, username)
    page: Page = context.new_page()
    if script:
        page.add_init_script(script)
    page.goto(f"{origin}/")
    ready(page)
    return page


def at_desk(browser: Browser, origin: str, path: str, username: str = "office1") -> Page:
    """A page of the office, signed in; its context is the caller's to close."""
    context = browser.new_context(**DESK)
    _open_session(context, origin, username)
    page = context.new_page()
    page.goto(f"{origin}{path}")
    return page


def _open_session(context: BrowserContext, origin: str, username: str) -> None:
    told = {"username": username, "password": town.PASSWORD, "device_name": "测试"}
    answer = context.request.post(f"{origin}/api/session", data=told)
    assert answer.ok, answer.status
