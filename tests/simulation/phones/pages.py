"""One table: the pages of three phones, emptied for every seed, and the network of that seed."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playwright.async_api import BrowserContext, Page

from server.people import COOKIE
from tests.browser.rig import Server
from tests.faults import Decision, FaultProxy
from tests.faults.plan import Request
from tests.faults.proxy import Entry
from tests.simulation.phones import history, judge
from tests.simulation.phones.files import table_of
from tests.simulation.phones.town import PHONES, Neighbourhood

PLAY_S = 120
T = TypeVar("T")


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
        midway = await self._all("() => phone.midway()")
        missing = [self._read(judge.missing, home, one) for one in midway]
        self.networks.plans.pop(self.name)
        first = await self._all("() => phone.settle()")
        # Once more: the others have sent by now what this phone did not hear before.
        then = await self._all("() => phone.settle('last')")
        return [
            {**account, "rounds": [before["round"], account["round"]], "missing": lost}
            for account, before, lost in zip(then, first, missing, strict=True)
        ]

    async def _all(self, script: str, takes: list[Any] | None = None) -> list[Any]:
        given = takes or [None] * len(self.pages)
        asked = zip(self.pages, given, strict=True)
        return list(await asyncio.gather(*(page.evaluate(script, one) for page, one in asked)))
