"""Opens any page of the application for tests that look at it, and what they look for."""

from typing import Any

from playwright.sync_api import Browser, Page

from server.people import COOKIE
from tests.browser.community import Community
from tests.browser.rig import ROOT, Server

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text("utf-8")
# The source travels to a page once, not with every document: it is read when a page is judged.
BRING_AXE = f"globalThis.bringAxe = () => {{ {AXE} }};"
# A rule that could find nothing serious is left out: what a rule weighs goes for all it finds.
FOUND = """async (only) => {
    if (!globalThis.axe) bringAxe();
    const isMild = ({ impact }) => ["minor", "moderate"].includes(impact);
    const off = ({ id }) => [id, { enabled: false }];
    const rules = Object.fromEntries(axe._audit.rules.filter(isMild).map(off));
    const asked = { resultTypes: ["violations"], rules, ...(only ? { runOnly: [only] } : {}) };
    const { violations } = await axe.run(document, asked);
    const reason = ({ message }) => message;
    const why = ({ target, any, all }) => `${target} ${any.concat(all).map(reason)[0]}`;
    const told = ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map(why)}`;
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(told);
}"""
# What was looked at is taken off the screen, so that nobody draws it anew for the next size.
CLEAR = """() => document.documentElement.style.setProperty("display", "none", "important")"""
# Parts that fold away are measured open.
UNFOLD = """() => document.querySelectorAll("details").forEach((one) => (one.open = true))"""
# What sticks out sideways, and words of which a part cannot be seen. What scrolls in a box of its
# own is within reach.
CUT = """() => {
    const root = document.documentElement;
    const known = new Map();
    const style = (one) => known.get(one) || known.set(one, getComputedStyle(one)).get(one);
    const overflow = (one) => style(one).overflowX;
    const inScroller = (one) => {
        for (let at = one.parentElement; at && at !== document.body; at = at.parentElement)
            if (["auto", "scroll"].includes(overflow(at))) return true;
        return false;
    };
    const isSeen = (one) => {
        const { width, height, right } = one.getBoundingClientRect();
        return width > 1 && height > 1 && right > 0 && style(one).visibility !== "hidden";
    };
    const name = (one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 20)}`;
    const [wide, seen] = [root.scrollWidth, root.clientWidth];
    const found = wide > seen ? [`page ${wide} > ${seen}`] : [];
    for (const one of document.body.querySelectorAll("*:not(svg):not(svg *)")) {
        if (!isSeen(one)) continue;
        const { left, right } = one.getBoundingClientRect();
        if ((right > seen + 1 || left < -1) && !inScroller(one)) found.push(`out ${name(one)}`);
        const hides = ["hidden", "clip"].includes(overflow(one)) && one.textContent.trim();
        if (hides && one.scrollWidth > one.clientWidth + 1) found.push(`cut ${name(one)}`);
    }
    return found.slice(0, 8);
}"""

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
            page = self._pages[who] = context.new_page()
            page.add_init_script(BRING_AXE)
        return self._pages[who]

    def _cleared(self, who: str, size: Any) -> Page:
        """The page of somebody in the light, with nothing on it, for a screen of a size."""
        page = self.page(who)
        page.evaluate(CLEAR)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)
        return page

    def go(self, who: str, pattern: str) -> Page:
        path = self.community.path(pattern)
        page = self._cleared(who, DESK if path.startswith("/office") else PHONE)
        answer = page.goto(self.server.origin + path)
        assert answer and answer.status < 500
        self.status = answer.status
        return page

    def show(self, who: str, text: str) -> Page:
        """A document that the phone would draw, with the server's style sheets."""
        page = self._cleared(who, PHONE)
        page.goto(f"{self.server.origin}/up")
        page.set_content(text)
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


def wrong_on(page: Page) -> list[str]:
    """What axe finds, in the light and in the dark, where only colours can differ."""
    page.emulate_media(color_scheme="light")
    found = page.evaluate(FOUND, "")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(FOUND, "color-contrast")
    return found + [f"dark {one}" for one in dark]
