"""Plays seeds at several tables at once, over one server and in one browser."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import async_playwright

from tests.browser.rig import FLAGS, Server
from tests.faults import FaultProxy
from tests.find_browser import find_shell
from tests.simulation.phones import judge
from tests.simulation.phones.files import files, of_table
from tests.simulation.phones.pages import Networks, Pages, Played
from tests.simulation.phones.town import make

TABLES = 4
LONGEST_S = 0.06


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
    local = of_table({one.name: files(one.patched) for one in spread})
    with (
        serving(folder) as server,
        FaultProxy(server.origin, networks, longest_s=LONGEST_S, local=local) as proxy,
    ):
        async with async_playwright() as running:
            browser = await running.chromium.launch(executable_path=find_shell(), args=FLAGS)
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


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder / "made" / "jinlin.db", folder / "data").start()
    try:
        yield server
    finally:
        server.stop()
