"""The `jinlin` command. Results go to stdout, words and progress to stderr."""

import argparse
import logging
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import uuid_utils
from rich.console import Console

from server import (
    certificate,
    cli_alerts,
    cli_backup,
    cli_exports,
    cli_people,
    cli_rosters,
    storage,
)
from server.demo import command as demo
from server.intake import Intake, now_utc
from server.people import hash_password
from server.running import logs
from server.serving import serve_app
from server.settings import (
    Settings,
    SettingsProblem,
    database_of_environment,
    from_environment,
)
from server.setup import AlreadyThere, make_community
from server.store import check, holding, system
from server.store.database import Store, Tx
from sync.refusals import Refusal

say = Console(stderr=True)


class CommandProblem(Exception):
    """What went wrong, and what to do, in the user's words."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command; exit 0 when it worked, 1 when it did not, 2 when it was typed wrongly."""
    asked = parser().parse_args(arguments)
    logs.configure("words", "warning")
    code = 0
    try:
        code = asked.run(asked)
        sys.stdout.flush()
    except (SettingsProblem, CommandProblem, AlreadyThere) as problem:
        say.print(str(problem), style="red", highlight=False)
        code = 1
    except holding.InUse:
        say.print("正在恢复备份，请等它做完再试。", style="red")
        code = 1
    except Refusal as refusal:
        say.print(refusal.sentence, style="red", highlight=False)
        code = 1
    except BrokenPipeError:  # whoever reads our results has read enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (sqlite3.Error, OSError) as problem:
        code = _give_up(asked, problem)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code or 0)


def _give_up(asked: argparse.Namespace, problem: Exception) -> int:
    """A disk, a lock or a file that fails: what to do. Any other problem is a bug of ours."""
    data = Path(getattr(asked, "data", "") or database_of_environment().parent)
    advice = storage.advice(problem, data)
    if not advice:
        raise problem
    say.print(advice, style="red", highlight=False, soft_wrap=True)
    logging.getLogger("jinlin").info("storage: %s", problem)
    return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="jinlin", description="近邻走访：社区走访，离线可用。")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    init = commands.add_parser("init", help="新建一个空的社区和它的第一个管理员")
    init.add_argument("--community", required=True, metavar="NAME", help="社区名称")
    init.add_argument("--admin", default="admin", metavar="USERNAME")
    init.add_argument("--office", default="office", metavar="USERNAME")
    init.add_argument("--password", default="", help="不写就随机生成并显示一次")
    init.set_defaults(run=run_init)

    serve = commands.add_parser("serve", help="启动服务")
    serve.add_argument("--port", type=int, default=0)
    serve.set_defaults(run=run_serve)

    verify = commands.add_parser("check", help="核对日志、账目、流水和各表")
    verify.add_argument("backup", nargs="?", default="", help="查一份备份，不写就查正在用的")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_check)

    secure = commands.add_parser("certificate", help="给局域网里的手机做 https 证书")
    secure.add_argument("host", nargs="+", help="手机上输入的地址，例如 192.168.1.20")
    secure.set_defaults(run=run_certificate)

    demo.register(commands, serve_app)
    cli_people.register(commands)
    cli_rosters.register(commands)
    cli_exports.register(commands)
    cli_alerts.register(commands)
    cli_backup.register(commands)
    return top


def run_init(asked: argparse.Namespace) -> int:
    settings = from_environment()
    store = Store(settings.database)
    intake = Intake(store, now_utc)
    password = asked.password or str(uuid_utils.uuid4())[:13]
    try:
        made = make_community(
            intake,
            asked.community,
            settings.timezone,
            {"admin": asked.admin, "office": asked.office},
            hash_password(password),
        )
    finally:
        intake.stop()
        store.close()
    say.print(f"已建好“{asked.community}”。数据在 {settings.data.resolve()}", highlight=False)
    say.print(f"账号 {asked.admin}（管理员）、{asked.office}（社区办公室），密码 {password}")
    say.print("下一步：jinlin serve，然后用办公室账号导入名册。")
    return 0 if made else 1


def run_serve(asked: argparse.Namespace) -> int:
    settings = from_environment(port=asked.port)
    with closing(Store(settings.database)) as store, store.read() as tx:
        refuse_empty(tx, settings)
    serve_app(settings)
    return 0


def refuse_empty(tx: Tx, settings: Settings) -> None:
    """Raises CommandProblem where there is no community: often the folder is another one."""
    if not system.community_ids(tx):
        raise CommandProblem(
            f"{settings.data} 里还没有社区。先运行 jinlin init --community 名称，或 jinlin demo；"
            "数据在别处就设 JINLIN_DATA。"
        )


def run_certificate(asked: argparse.Namespace) -> int:
    settings = from_environment()
    path = certificate.make(settings.data, asked.host, now_utc())
    say.print(f"证书做好了。把 {path.resolve()} 传到手机，按“CA 证书”安装，", highlight=False)
    address = f"https://{asked.host[0]}:{settings.port}"
    say.print(f"再用 JINLIN_HOST=0.0.0.0 jinlin serve 启动，手机打开 {address}", highlight=False)
    return 0


def run_check(asked: argparse.Namespace) -> int:
    found = cli_backup.faults_of(asked.backup) if asked.backup else _faults_here()
    if asked.json:
        result: Any = {"faults": found}
        print(msgspec.json.encode(result).decode())
    for fault in found:
        say.print(fault, style="red", highlight=False)
    say.print(f"{len(found)} 处不一致" if found else "全部一致", highlight=False)
    return 1 if found else 0


def _faults_here() -> list[str]:
    settings = from_environment()
    with closing(Store(settings.database)) as store, store.read() as tx:
        refuse_empty(tx, settings)
        return list(check.faults(tx, now_utc(), settings.secret))
