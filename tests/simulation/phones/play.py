"""Plays seeds: phones in pages of one browser, one server, and the network of each seed between."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import BrowserContext, Page, async_playwright

from server.people import COOKIE
from tests.browser.rig import FLAGS, ROOT, WEB, Server
from tests.faults import Decision, FaultProxy
from tests.faults.plan import Request
from tests.faults.proxy import Entry
from tests.find_browser import find_browser
from tests.simulation.phones import history, judge
from tests.simulation.phones.town import PHONES, Neighbourhood, make

DRIVER = Path(__file__).parent / "driver"
TABLES = 4
PLAY_S = 120
LONGEST_S = 0.06
# Everything but the drawing of pages: that has tests of its own, and costs half of a start.
UNDRAWN = b"export const drawStanding = async () => '';"
T = TypeVar("T")
Files = dict[str, tuple[str, bytes]]


@dataclass
class Played:
    """What became of one seed; `wrong` is empty when everything held."""

    seed: int
    table: str
    wrong: list[str]
    counts: dict[str, int] = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)

    def report(self) -> str:
        lines = [history.told(self.seed, history.of(self.seed)), "network:"]
        lines += [f"  {entry}" for entry in self.log if entry.path == "/sync"]
        return "\n".join([*lines, "wrong:", *(f"  {one}" for one in self.wrong)])


class Networks:
    """The network of each table: that of the seed that plays there."""

    def __init__(self) -> None:
        self.plans: dict[str, Any] = {}

    def choose(self, request: Request) -> Decision | None:
        plan = self.plans.get(table_of(request.lane))
        found: Decision | None = plan.choose(request) if plan else None
        return found


def table_of(lane: str) -> str:
    return lane.split(".")[1] if "." in lane else lane


@dataclass(frozen=True)
class Table:
    """Where seeds are played one after the other: the phone's modules as they are, or patched."""

    name: str
    seeds: list[int]  # taken from its end; several tables may share one
    heard: Callable[["Played"], bool] = lambda _: True  # whether to go on after this one
    patched: Mapping[str, str] = field(default_factory=dict)


def tables(
    seeds: Iterable[int], heard: Callable[["Played"], bool], count: int = TABLES
) -> list[Table]:
    """Tables that share the seeds; all stop when one hears that it is enough."""
    waiting = list(reversed(list(seeds)))

    def told(played: Played) -> bool:
        goes_on = heard(played)
        if not goes_on:
            waiting.clear()
        return goes_on

    return [Table(f"table{number}", waiting, told) for number in range(count)]


def play(spread: list[Table], folder: Path) -> list[Played]:
    """Play the seeds of all tables at once, in one town of a new folder, and judge each."""
    found: list[Played] = []
    problems: list[BaseException] = []

    def work() -> None:
        # A thread of its own: pytest's browser fixtures hold an event loop in theirs.
        try:
            found.extend(asyncio.run(_play(spread, folder)))
        except BaseException as problem:  # noqa: BLE001 raised again where it can be seen
            problems.append(problem)

    thread = threading.Thread(target=work, name="phones")
    thread.start()
    thread.join()
    if problems:
        raise problems[0]
    return found


async def _play(spread: list[Table], folder: Path) -> list[Played]:
    (folder / "made").mkdir(parents=True)
    homes = make(folder / "made", sorted({seed for one in spread for seed in one.seeds}))
    networks = Networks()
    played: list[Played] = []
    local = _local({one.name: files(one.patched) for one in spread})
    with (
        serving(folder) as server,
        FaultProxy(server.origin, networks, longest_s=LONGEST_S, local=local) as proxy,
    ):
        async with async_playwright() as running:
            browser = await running.chromium.launch(executable_path=find_browser(), args=FLAGS)
            context = await browser.new_context(timezone_id="Asia/Shanghai", locale="zh-CN")

            async def sit(table: Table) -> None:
                pages = Pages(table.name, context, proxy, networks, server)
                await pages.open()
                while table.seeds:
                    done = await pages.one(homes[table.seeds.pop()])
                    played.append(done)
                    if not table.heard(done):
                        return

            await asyncio.gather(*(sit(table) for table in spread))
            await browser.close()
    if faults := judge.checked(folder / "data" / "jinlin.db"):
        played.append(Played(-1, "all", faults))
    return sorted(played, key=lambda one: one.seed)


def _local(served: dict[str, Files]) -> Callable[[Request], tuple[str, bytes] | None]:
    def find(request: Request) -> tuple[str, bytes] | None:
        return served.get(table_of(request.lane), {}).get(request.path)

    return find


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder / "made" / "jinlin.db", folder / "data").start()
    try:
        yield server
    finally:
        server.stop()


class Pages:
    """The pages of one table: one for each phone of a neighbourhood, emptied for every seed."""

    def __init__(
        self,
        name: str,
        context: BrowserContext,
        proxy: FaultProxy,
        networks: Networks,
        server: Server,
    ) -> None:
        self.name = name
        self.context = context
        self.proxy = proxy
        self.networks = networks
        self.server = server
        self.pages: list[Page] = []

    def origin(self, number: int) -> str:
        return self.proxy.host(f"phone{number}.{self.name}")

    async def open(self) -> None:
        for number in range(len(PHONES)):
            page = await self.context.new_page()
            await page.goto(f"{self.origin(number)}/simulation/phone.html")
            await page.wait_for_function("() => window.phone")
            self.pages.append(page)

    async def one(self, home: Neighbourhood) -> Played:
        begin = len(self.proxy.log)
        played = Played(home.seed, self.name, [])
        try:
            async with asyncio.timeout(PLAY_S):
                accounts = await self._accounts(home)
        except TimeoutError:
            played.wrong.append(f"not done within {PLAY_S} s")
        else:
            played.wrong, played.counts = self._read(judge.judge, home, accounts)
        played.log = [one for one in self.proxy.log[begin:] if table_of(one.lane) == self.name]
        return played

    def _read(
        self,
        look: Callable[[sqlite3.Connection, Neighbourhood, Any], T],
        home: Neighbourhood,
        takes: Any,
    ) -> T:
        """What a judge finds in the server's database."""
        path = self.server.folder / "jinlin.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return look(db, home, takes)

    async def _accounts(self, home: Neighbourhood) -> list[Any]:
        """Play the history of a seed, heal the network, sync until quiet; what each phone says."""
        self.networks.plans.pop(self.name, None)
        await self._all("() => phone.empty()")
        await self.context.add_cookies(
            [
                {"name": COOKIE, "value": phone.token, "url": self.origin(number)}
                for number, phone in enumerate(home.phones)
            ]
        )
        plan = history.faults(home.seed)
        if home.seed % 4 == 0:
            self.networks.plans[self.name] = plan
        await self._all("() => phone.start()")
        self.networks.plans[self.name] = plan
        await self._all("(steps) => phone.play(steps)", history.of(home.seed))
        midway = await self._all("() => phone.account()")
        missing = [self._read(judge.missing, home, one) for one in midway]
        self.networks.plans.pop(self.name)
        rounds = await self._all("() => phone.settle()")
        # Once more: the others have sent by now what this phone did not hear before.
        more = await self._all("() => phone.settle()")
        accounts = await self._all("() => phone.account()")
        return [
            {**account, "rounds": [first, second], "missing": lost}
            for account, first, second, lost in zip(accounts, rounds, more, missing, strict=True)
        ]

    async def _all(self, script: str, takes: list[Any] | None = None) -> list[Any]:
        given = takes or [None] * len(self.pages)
        asked = zip(self.pages, given, strict=True)
        return list(await asyncio.gather(*(page.evaluate(script, one) for page, one in asked)))


def files(patched: Mapping[str, str]) -> Files:
    """What the proxy serves itself: the driver, and the phone's modules as they stand."""
    served: Files = {}
    for path in sorted([*(WEB / "phone").rglob("*.js"), *(WEB / "static/vendor").glob("*.js")]):
        served[f"/{path.relative_to(WEB).as_posix()}"] = ("text/javascript", path.read_bytes())
    for path in DRIVER.iterdir():
        kind = "text/html" if path.suffix == ".html" else "text/javascript"
        served[f"/simulation/{path.name}"] = (f"{kind}; charset=utf-8", path.read_bytes())
    served["/phone/network.js"] = ("text/javascript", UNDRAWN)
    for name, text in patched.items():
        assert name in served, f"no module {name} in {ROOT}"
        served[name] = ("text/javascript", text.encode())
    return served
