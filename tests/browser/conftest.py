"""The browser, the server process and the pages that the tests drive."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.community import Community, make
from tests.browser.engines import found
from tests.browser.lent import PHONE, Lent, enter
from tests.browser.looking import Reader
from tests.browser.profiles import Owned, Profiles
from tests.browser.rig import SHORT, Chromium, Network, Server, serving_files
from tests.browser.walking import door_of
from tests.find_browser import find_browser, find_shell
from tests.server import town

# What takes minutes is begun first, so that nobody waits for it at the end.
LONG = (
    *("test_access.py", "test_layout.py", "test_simulation.py"),
    *("test_offline.py", "test_killed.py", "test_first_sync.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end which other browsers are not here, so that nobody takes them for tried."""
    for line in found.said():
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=find_shell(), args=SHORT)
    yield running
    running.close()


@pytest.fixture(scope="session")
def files() -> Iterator[str]:
    """An origin that serves web/ and nothing else."""
    with serving_files() as origin:
        yield origin


@pytest.fixture
def blank(browser: Browser, files: str) -> Iterator[Page]:
    """An empty page with empty storage, to run modules of the phone in."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{files}/blank")
    yield page
    context.close()


@pytest.fixture(scope="session")
def made_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town.make(tmp_path_factory.mktemp("town"))


@pytest.fixture
def server(made_town: Path, tmp_path: Path) -> Iterator[Server]:
    """A server process over a new copy of the small town of tests/server/town.py."""
    running = Server(made_town, tmp_path / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory) -> Community:
    """A small demo community with something on every page."""
    return make(tmp_path_factory.mktemp("community"))


@pytest.fixture(scope="session")
def community_server(
    community: Community, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server process over the community, for tests that only look."""
    running = Server(community.made, tmp_path_factory.mktemp("served")).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def reader(browser: Browser, community_server: Server, community: Community) -> Iterator[Reader]:
    """Opens pages of the community."""
    made = Reader(browser, community_server, community)
    yield made
    made.close()


@pytest.fixture(scope="session")
def address(made_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The one address at which phones find the server of each test."""
    made = Network(Server(made_town, tmp_path_factory.mktemp("nobody")))
    yield made
    made.stop()


@pytest.fixture
def network(server: Server, address: Network) -> Network:
    """The way to the server; it can be told to fail."""
    address.server = server
    address.fails, address.seen, address.rewrite = {}, [], None
    return address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone's browser with empty storage."""
    made = browser.new_context(**PHONE)
    yield made
    made.close()


@pytest.fixture(scope="session")
def lent(browser: Browser) -> Iterator[Lent]:
    made = Lent(browser)
    yield made
    made.throw_away()


@pytest.fixture
def used(lent: Lent, network: Network) -> Iterator[BrowserContext]:
    """A phone's browser that has the application, and nothing of anybody."""
    yield lent.lend(network)
    lent.take_back(network)


@pytest.fixture(scope="session")
def more_lent() -> Iterator[list[Lent]]:
    made: list[Lent] = []
    yield made
    for one in made:
        one.throw_away()


@pytest.fixture
def page_of(
    browser: Browser, network: Network, more_lent: list[Lent]
) -> Iterator[Callable[[str], Page]]:
    """Opens somebody's page, each on such a phone of their own."""
    taken: list[Lent] = []

    def opened(username: str) -> Page:
        taken.append(more_lent.pop() if more_lent else Lent(browser))
        return enter(taken[-1].lend(network), network.origin, username)

    yield opened
    for one in taken:
        one.take_back(network)
        more_lent.append(one)


@pytest.fixture
def page(used: BrowserContext, network: Network) -> Page:
    """worker1's page on such a phone."""
    return enter(used, network.origin, "worker1")


@pytest.fixture
def door(server: Server) -> str:
    """The door of one whom worker1 looks after."""
    return door_of(server, "黄秀珍")


@pytest.fixture(scope="session")
def profiles(
    playwright: Playwright, made_town: Path, tmp_path_factory: pytest.TempPathFactory
) -> Profiles:
    return Profiles(playwright, made_town, tmp_path_factory.mktemp("profiles"))


@pytest.fixture
def owned(profiles: Profiles, network: Network, tmp_path: Path) -> Iterator[Owned]:
    """A browser of this person, signed in, to be started, killed and started again."""
    running = []

    def of(username: str) -> Chromium:
        running.append(profiles.copy(username, network, tmp_path / "profile"))
        return running[-1]

    yield of
    for one in running:
        one.kill()


@pytest.fixture
def walker(owned: Owned) -> Chromium:
    """Such a browser of worker1's."""
    return owned("worker1")


@pytest.fixture
def whole_browser(playwright: Playwright, tmp_path: Path) -> Iterator[Chromium]:
    """The whole browser as people have it, at twice the work, with nothing on it yet."""
    running = Chromium(playwright, find_browser(), tmp_path / "profile")
    yield running
    running.kill()
