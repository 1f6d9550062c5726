"""`jinlin demo`: makes the demo community once, then serves it."""

import argparse
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from server.demo import seed, town
from server.demo.figures import FULL_HOUSEHOLDS
from server.intake import Intake, now_utc
from server.people import hash_password
from server.settings import Settings, SettingsProblem, from_environment
from server.setup import only_community
from server.store.database import Store

PASSWORD = "jinlin-demo"
MIN_HOUSEHOLDS, MAX_HOUSEHOLDS = 20, 20_000

say = Console(stderr=True)


def register(commands: Any, serve: Callable[[Settings], None]) -> None:
    demo = commands.add_parser("demo", help="建一个示例社区（清龙社区），然后启动服务")
    demo.add_argument("--data", default="", metavar="DIR", help="数据目录")
    demo.add_argument("--port", type=int, default=0)
    demo.add_argument("--password", default=PASSWORD, help="所有示例账号共用的密码")
    demo.add_argument("--households", type=int, default=FULL_HOUSEHOLDS)
    demo.add_argument("--today", type=date.fromisoformat, help="历史到哪一天为止，默认今天")
    demo.add_argument("--no-serve", action="store_true", help="只建数据，不启动服务")
    demo.set_defaults(run=partial(run, serve=serve))


def run(asked: argparse.Namespace, serve: Callable[[Settings], None]) -> int:
    if not MIN_HOUSEHOLDS <= asked.households <= MAX_HOUSEHOLDS:
        raise SettingsProblem(f"--households 应在 {MIN_HOUSEHOLDS} 到 {MAX_HOUSEHOLDS} 之间。")
    settings = from_environment(asked.data, asked.port)
    made = make(settings, asked)
    if made:
        _tell_accounts(settings, asked, made)
    else:
        say.print(f"{settings.data} 里已经有社区，直接使用。要重新建，请先删掉这个目录。")
    if not asked.no_serve:
        serve(settings)
    return 0


def _tell_accounts(settings: Settings, asked: argparse.Namespace, made: Counter[str]) -> None:
    say.print(f"清龙社区建好了：{sum(made.values())} 条记录，数据在 {settings.data}")
    say.print(
        "账号：worker1…9（前四位是网格长） social1…2 leader1…（一栋一位） office1…3"
        f" secretary street admin\n密码：{asked.password}",
        highlight=False,
    )


def make(settings: Settings, asked: argparse.Namespace) -> Counter[str]:
    """The community, unless the folder has one already; operations by outcome."""
    store = Store(settings.database)
    intake = Intake(store, now_utc)
    try:
        if only_community(intake):
            return Counter()
        today = asked.today or datetime.now(ZoneInfo(settings.timezone)).date()
        place = town.build(asked.households, today=today)
        columns = (TextColumn("建立清龙社区"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=say) as bar:
            task = bar.add_task("", total=None)
            return seed.seed(
                intake,
                place,
                hash_password(asked.password),
                lambda done, total: bar.update(task, completed=done, total=total),
            )
    finally:
        intake.stop()
        store.close()
