"""Opens any page of the application for tests that look at it."""

from typing import Any

from playwright.sync_api import Browser, Page

from server.people import COOKIE
from tests.browser.community import Community
from tests.browser.rig import Server

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
# Pages as the server draws them: test_same_drawing compares them with the phone's. Without motion,
# since a colour that is still on its way is no colour to judge.
AS_A_PHONE: dict[str, Any] = {
    "service_workers": "block",
    "locale": "zh-CN",
    "has_touch": True,
    "reduced_motion": "reduce",
}


class Reader:
    """Opens pages as one person or another, with the size of screen they are made for."""

    def __init__(self, browser: Browser, server: Server, community: Community) -> None:
        self.browser, self.server, self.community = browser, server, community
        self.status = 0
        self._pages: dict[str, Page] = {}

    def page(self, who: str) -> Page:
        if who not in self._pages:
            # Pages as the server draws them; test_same_drawing compares them with the phone's.
            context = self.browser.new_context(**AS_A_PHONE)
            context.add_cookies(self._cookies(who))
            self._pages[who] = context.new_page()
        return self._pages[who]

    def go(self, who: str, pattern: str) -> Page:
        page = self.page(who)
        path = self.community.path(pattern)
        page.set_viewport_size(DESK if path.startswith("/office") else PHONE)
        answer = page.goto(self.server.origin + path)
        assert answer and answer.status < 500
        self.status = answer.status
        return page

    def show(self, who: str, text: str) -> Page:
        """A document that the phone would draw, with the server's style sheets."""
        page = self.page(who)
        page.set_viewport_size(PHONE)
        page.route("**/drawn", lambda route: route.fulfill(body=text, content_type="text/html"))
        page.goto(f"{self.server.origin}/drawn")
        page.unroute("**/drawn")
        return page

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def _cookies(self, who: str) -> list[Any]:
        said = {"jinlin_mode": "elder"} if who == "elder" else {}
        token = self.community.tokens.get({"elder": "worker1"}.get(who, who))
        if token:
            said[COOKIE] = token
        return [{"name": n, "value": v, "url": self.server.origin} for n, v in said.items()]
