"""Takes the pictures of 使用说明 anew, from the real pages of a small demo community.

    python -m tests.browser.guide [topic …]

The community has a fixed seed and stands at a fixed day, so that a picture changes only when its
page does. What `FOCUS` names is scrolled to; all else is what a phone or a desk shows first.
"""

import base64
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from server.app import build
from server.field.answering import HINTS
from server.guides import GUIDES
from server.guides.topic import Topic
from server.intake import Clock, now_utc
from server.people import COOKIE
from server.settings import Settings
from tests.browser.community import PAGES, Community, make
from tests.browser.rig import FLAGS, START_S, WEB, free_port, is_open
from tests.find_browser import find_shell
from tests.server.town import SECRET

MORNING = datetime(2026, 9, 15, 2, 20, tzinfo=UTC)
FOLDER = WEB / "static" / "help"
MAX_BYTES = 30_000
QUALITIES = (50, 35, 20, 10)

# Who of the community has which guide.
USERS = {
    "chief": "worker1",
    "leader": "leader1",
    "office": "office1",
    "street": "street",
    "admin": "admin",
}
# Their ids among the community's names: they have read the hints of the first days.
HOLDERS = {"worker1": "PERSON", "leader1": "LEADER"}
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1.5}
DESK = {"viewport": {"width": 1280, "height": 800}}
DESK_HEIGHT = 560
# The address of the picture, where it is not the first of its page.
ADDRESSES = {
    "todo": "/issues/MATTER",
    "handover": "/office/handovers?giver=PERSON",
    "import": "/office/imports/LOOK",
    "household": "/office/households/HOUSEHOLD",
    "issues": "/office/issues",
}
FOCUS = {
    "looks": "form[action='/me/settings']",
    "waiting": "section.section + section",
    "leader-building": ".map",
}


def topics() -> Iterator[tuple[str, Topic]]:
    """Every topic with who of the community reads it, once for each reader."""
    for role, user in USERS.items():
        yield from ((user, topic) for topic in GUIDES[role])


def addresses(user: str, route: str) -> list[str]:
    """Where this user sees a page: as others see it, where PAGES does not say."""
    own = [address for who, address in PAGES[route] if who == user]
    return own or [address for _, address in PAGES[route]]


def main() -> None:
    wanted = set(sys.argv[1:])
    asked = {topic.name: (user, topic) for user, topic in reversed([*topics()])}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as (origin, community),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_shell(), args=FLAGS)
        for name, (user, topic) in asked.items():
            if not wanted or name in wanted:
                take(browser, origin, community, user, topic)
        browser.close()


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Community]]:
    """A server over a new community, both at the fixed morning."""
    clock = clock_from(MORNING)
    community = make(folder, clock)
    port = free_port()
    app = build(Settings(data=folder, port=port, secret=SECRET), clock)
    config = uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + START_S
    while not is_open(port):
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}", community
    finally:
        server.should_exit = True
        thread.join(10)


def clock_from(start: datetime) -> Clock:
    began = now_utc()
    return lambda: start + (now_utc() - began)


def take(browser: Browser, origin: str, community: Community, user: str, topic: Topic) -> None:
    """One picture, as good as fits into its bytes."""
    is_desk = topic.page.startswith("/office")
    looks: dict[str, Any] = DESK if is_desk else PHONE
    context = browser.new_context(locale="zh-CN", service_workers="block", **looks)
    read = f"{community.names[HOLDERS.get(user, 'PERSON')]}:{'.'.join(HINTS)}"
    kept = {COOKIE: community.tokens[user], "jinlin_hints": read}
    context.add_cookies([{"name": n, "value": v, "url": origin} for n, v in kept.items()])
    page = context.new_page()
    address = ADDRESSES.get(topic.name) or addresses(user, topic.page)[0]
    answer = page.goto(origin + community.path(address))
    assert answer and answer.status == 200, (topic.name, address)
    if focus := FOCUS.get(topic.name):
        page.locator(focus).first.evaluate("one => one.scrollIntoView({block: 'center'})")
    data = shot(page, is_desk)
    (FOLDER / f"{topic.name}.webp").write_bytes(data)
    sys.stdout.write(f"{topic.name} {len(data)}\n")
    context.close()


def shot(page: Page, is_desk: bool) -> bytes:
    top = page.evaluate("scrollY")
    clip = {"x": 0, "y": top, "width": 360, "height": 740, "scale": 1}
    if is_desk:  # without the rail, which is the same on every page
        box = page.locator(".desk__main").first.bounding_box()
        assert box
        width = DESK["viewport"]["width"] - box["x"]
        clip = {"x": box["x"], "y": top, "width": width, "height": DESK_HEIGHT, "scale": 1}
    link = page.context.new_cdp_session(page)
    for quality in QUALITIES:
        asked = {"format": "webp", "quality": quality, "clip": clip}
        data = base64.b64decode(link.send("Page.captureScreenshot", asked)["data"])
        if len(data) <= MAX_BYTES:
            return data
    raise AssertionError("too big a picture")


if __name__ == "__main__":
    main()
