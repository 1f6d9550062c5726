"""The browser and the pages that the tests drive."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import rig
from tests.find_browser import find_browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """An origin that serves web/ and nothing else."""
    with rig.serving() as origin:
        yield origin


@pytest.fixture
def blank(browser: Browser, files: str) -> Iterator[Page]:
    """An empty page with empty storage, to run modules of the phone in."""
    context = browser.new_context(timezone_id="Asia/Shanghai", locale="zh-CN")
    page = context.new_page()
    page.goto(f"{files}/blank")
    yield page
    context.close()
