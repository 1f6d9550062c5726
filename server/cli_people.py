"""`jinlin person add|list|reset` and `jinlin devices mint`: accounts from the command line."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import uuid_utils
from rich.console import Console

from server import people, team
from server.audit import Author
from server.intake import Intake, now_utc
from server.intake.writing import Writing
from server.people import hash_password
from server.settings import SettingsProblem, from_environment
from server.store import people as rows
from server.store import system
from server.store import team as store_of_team
from server.store.database import Store, Tx
from server.store.people import PersonRow
from sync import people as rules
from sync.refusals import Refusal
from sync.scope import ROLES

MAX_MINTED = 10_000

say = Console(stderr=True, highlight=False)


# Whoever may run this command on the server may do what an administrator may.
OPERATOR = Author("jinlin", "admin")


def register(commands: Any) -> None:
    person = commands.add_parser("person", help="账号：新建、列出、重设密码")
    asked = person.add_subparsers(required=True, metavar="add|list|reset")

    add = asked.add_parser("add", help="新建一个账号")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="姓名")
    add.add_argument("--role", required=True, choices=sorted(ROLES))
    add.add_argument("--phone", default="")
    add.set_defaults(run=run_add)

    shown = asked.add_parser("list", help="列出账号")
    shown.set_defaults(run=run_list)

    reset = asked.add_parser("reset", help="重设密码，并退出这个人的所有手机")
    reset.add_argument("username")
    reset.set_defaults(run=run_reset)

    for one in (add, reset):
        one.add_argument("--password", default="", help="不写就随机生成并显示一次")
    for one in (add, shown, reset):
        one.add_argument("--json", action="store_true")
        one.add_argument("--community", default="", metavar="NAME", help="有几个社区时要写")

    devices = commands.add_parser("devices", help="手机")
    mint = devices.add_subparsers(required=True, metavar="mint").add_parser(
        "mint", help="做出新手机和它们的登录令牌，每行一个"
    )
    mint.add_argument("--person", required=True, metavar="NAME", help="账号或姓名")
    mint.add_argument("--count", type=int, default=1, metavar="N")
    mint.set_defaults(run=run_mint)


def run_add(asked: argparse.Namespace) -> int:
    password = _password(asked.password)
    hashed = hash_password(password)
    with _intake() as intake:
        community_id = _community(intake, asked.community)

        def work(writing: Writing) -> str:
            account = team.Account(asked.name, asked.role, asked.phone)
            person_id = team.add(writing, OPERATOR, asked.username, account)
            _set(writing, person_id, hashed, given_out=not asked.password)
            return person_id

        person_id = intake.do(community_id, work)
    _answer(asked, rules.username(asked.username), person_id, password, "已建好")
    return 0


def run_reset(asked: argparse.Namespace) -> int:
    password = _password(asked.password)
    hashed = hash_password(password)
    with _intake() as intake:
        person = _find(intake, asked.username)
        intake.do(
            person.community_id,
            lambda writing: _set(writing, person.id, hashed, given_out=not asked.password),
        )
    _answer(asked, person.username, person.id, password, "已重设")
    return 0


def run_list(asked: argparse.Namespace) -> int:
    with _intake() as intake, intake.store.read() as tx:
        wanted = _named(tx, asked.community) if asked.community else ""
        found = [
            one
            for community_id in system.community_ids(tx)
            if wanted in ("", community_id)
            for one in store_of_team.everybody(tx, community_id)
        ]
    if asked.json:
        shown = [
            {
                "id": one.id,
                "username": one.username,
                "name": one.name,
                "role": one.role,
                "active": bool(one.active),
            }
            for one in found
        ]
        _print(msgspec.json.encode(shown).decode())
        return 0
    for one in found:
        _print("\t".join((one.username, one.role, one.name, "" if one.active else "停用")))
    return 0


def run_mint(asked: argparse.Namespace) -> int:
    if not 1 <= asked.count <= MAX_MINTED:
        say.print(f"--count 应是 1 到 {MAX_MINTED} 的数", style="red")
        return 2
    with _intake() as intake:
        person = _find(intake, asked.person)
        tokens: list[str] = intake.do(
            person.community_id, lambda writing: _mint(writing, person, asked.count)
        )
    for token in tokens:
        _print(token)
    say.print(f"{person.name}（{person.username}）多了 {len(tokens)} 台手机")
    return 0


def _mint(writing: Writing, person: PersonRow, count: int) -> list[str]:
    tokens = []
    for _ in range(count):
        device_id = str(uuid_utils.uuid7())
        rows.add_device(
            writing.tx, person.community_id, device_id, person.id, "命令行登记", writing.now
        )
        tokens.append(people.open_session(writing.tx, person, device_id, writing.now))
    return tokens


def _set(writing: Writing, person_id: str, hashed: str, *, given_out: bool) -> None:
    """A typed password is the person's own; a made one is to be replaced within days."""
    team.give_password(writing, OPERATOR, person_id, hashed)
    if not given_out:
        store_of_team.set_password(writing.tx, writing.community_id, person_id, hashed)


def _print(line: str) -> None:
    """Results go to stdout; everything else is said on stderr."""
    sys.stdout.write(f"{line}\n")


def _password(given: str) -> str:
    return rules.new_password(given, given) if given else team.spoken_password()


def _find(intake: Intake, name: str) -> PersonRow:
    """By username, else by a name that only one person has."""
    with intake.store.read() as tx:
        found = rows.by_username(tx, name.strip().lower())
        if found is not None:
            return found
        named = [
            one
            for community_id in system.community_ids(tx)
            for one in store_of_team.everybody(tx, community_id)
            if one.name == name
        ]
    if len(named) > 1:
        usernames = "、".join(one.username for one in named)
        raise SettingsProblem(f"有几个人叫“{name}”，请写账号：{usernames}。")
    if not named:
        raise Refusal("person.unknown")
    return named[0]


def _community(intake: Intake, name: str) -> str:
    with intake.store.read() as tx:
        return _named(tx, name)


def _named(tx: Tx, name: str) -> str:
    found = system.communities(tx)
    if not found:
        raise SettingsProblem("还没有社区。先运行 jinlin init --community 名称。")
    fitting = [one["id"] for one in found if name in ("", one["name"], one["id"])]
    if len(fitting) != 1:
        names = "、".join(one["name"] for one in found)
        raise SettingsProblem(f"请用 --community 写明哪个社区：{names}。")
    return str(fitting[0])


@contextmanager
def _intake() -> Iterator[Intake]:
    store = Store(from_environment().database)
    intake = Intake(store, now_utc)
    try:
        yield intake
    finally:
        intake.stop()
        store.close()


def _answer(
    asked: argparse.Namespace, username: str, person_id: str, password: str, done: str
) -> None:
    if asked.json:
        shown = {"id": person_id, "username": username, "password": password}
        _print(msgspec.json.encode(shown).decode())
        return
    say.print(f"{done}：账号 {username}，密码 {password}")
    if not asked.password:
        say.print(f"这个密码只显示这一次，{team.GIVEN_OUT_FOR.days} 天内有效，登录后请改成自己的。")
