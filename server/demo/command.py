"""`jinlin demo`: makes the demo community once, then serves it."""

import argparse
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from server import collecting
from server.demo import matters, playing, seed, talks, town
from server.demo.figures import FULL_HOUSEHOLDS
from server.demo.history import history
from server.demo.shapes import Town
from server.intake import Intake, now_utc
from server.people import hash_password
from server.settings import Settings, SettingsProblem, from_environment
from server.setup import only_community
from server.store import oplog, system
from server.store.database import Store
from sync.operations import instant

PASSWORD = "jinlin-demo"
STORY_FROM = time(9, 8)
MIN_HOUSEHOLDS, MAX_HOUSEHOLDS = 20, 20_000

say = Console(stderr=True)


Serve = Callable[..., None]


def register(commands: Any, serve: Serve) -> None:
    demo = commands.add_parser("demo", help="建一个示例社区（清龙社区），然后启动服务")
    demo.add_argument("--data", default="", metavar="DIR", help="数据目录")
    demo.add_argument("--port", type=int, default=0)
    demo.add_argument("--password", default=PASSWORD, help="所有示例账号共用的密码")
    demo.add_argument("--households", type=int, default=FULL_HOUSEHOLDS)
    demo.add_argument("--today", type=date.fromisoformat, help="历史到哪一天为止，默认今天")
    demo.add_argument(
        "--story",
        type=_of_day,
        nargs="?",
        const=STORY_FROM,
        metavar="HH:MM",
        help="演一天大风：服务的时钟从这一刻走起，09:10 来预警（默认 09:08）",
    )
    demo.add_argument("--no-serve", action="store_true", help="只建数据，不启动服务")
    demo.set_defaults(run=partial(run, serve=serve))


def run(asked: argparse.Namespace, serve: Serve) -> int:
    if not MIN_HOUSEHOLDS <= asked.households <= MAX_HOUSEHOLDS:
        raise SettingsProblem(f"--households 应在 {MIN_HOUSEHOLDS} 到 {MAX_HOUSEHOLDS} 之间。")
    settings = from_environment(asked.data, asked.port)
    zone = ZoneInfo(settings.timezone)
    today = asked.today or datetime.now(zone).date()
    at = datetime.combine(today, asked.story, zone).astimezone(UTC) if asked.story else None
    place = partial(town.build, asked.households, today=today)
    made = make(settings, asked.password, place, at)
    if made:
        _tell_accounts(settings, asked, made)
    else:
        say.print(f"{settings.data} 里已经有社区，直接使用。要重新建，请先删掉这个目录。")
    if asked.no_serve:
        return 0
    if at is None:
        serve(settings)
    else:
        _tell_story(settings, place(), at, serve)
    return 0


def _tell_story(settings: Settings, place: Town, at: datetime, serve: Serve) -> None:
    """Serve on the story's clock, which does not go back where the story has been before."""
    with closing(Store(settings.database)) as store, store.read() as tx:
        if system.community_ids(tx) != [place.community_id]:
            raise SettingsProblem(
                f"{settings.data} 里的社区不是这一天的示例。用当时的 --today，或换一个目录。"
            )
        at = max(at, instant(oplog.latest(tx)) or at)
    player = playing.Player(place, history(place, with_today=True))
    say.print(f"时钟从 {at.astimezone(ZoneInfo(settings.timezone)):%H:%M} 走起。", highlight=False)
    serve(settings, playing.Clock(at), player.play)


def _tell_accounts(settings: Settings, asked: argparse.Namespace, made: Counter[str]) -> None:
    say.print(f"清龙社区建好了：{sum(made.values())} 条记录，数据在 {settings.data}")
    say.print(
        "账号：worker1…9（前四位是网格长） social1…2 leader1…（一栋一位） office1…3"
        f" secretary street admin\n密码：{asked.password}",
        highlight=False,
    )


def make(
    settings: Settings, password: str, place: Callable[[], Town], at: datetime | None = None
) -> Counter[str]:
    """The community, unless the folder has one already; operations by outcome."""
    store = Store(settings.database)
    intake = Intake(store, (lambda: at) if at else now_utc)
    try:
        if only_community(intake):
            return Counter()
        collecting.seldom()
        columns = (TextColumn("建立清龙社区"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=say) as bar:
            task = bar.add_task("", total=None)
            built = place()
            made = seed.seed(
                intake,
                built,
                hash_password(password),
                lambda done, total: bar.update(task, completed=done, total=total),
                at,
            )
            matters.add(intake, built)
            talks.add(intake, built)
            return made
    finally:
        intake.stop()
        store.close()


def _of_day(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} 不是时刻，写成 09:08 这样。") from None
