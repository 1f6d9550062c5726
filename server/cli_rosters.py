"""`jinlin import FILE`: reads a roster and says what it holds, or brings it into the community."""

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from server import cli_outboxes, rosters
from server.audit import Author
from server.cli_files import read_file
from server.identities import Vault
from server.intake import Intake, now_utc
from server.roster_files import MAX_BYTES
from server.rosters import Importer
from server.settings import (
    Settings,
    SettingsProblem,
    database_of_environment,
    from_environment,
    timezone_of_environment,
)
from server.store import people, system, team
from server.store import rosters as rows
from server.store.database import Store, Tx
from server.store.people import PersonRow
from sync import outboxes
from sync import roster as reading
from sync.refusals import Refusal
from sync.scope import OFFICE

say = Console(stderr=True, highlight=False)


def register(commands: Any) -> None:
    command = commands.add_parser(
        "import", help="导入住户名册（xlsx 或 csv），或手机存出来的文件（json）"
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--dry-run", action="store_true", help="只读、只说，不写入")
    command.add_argument("--json", action="store_true", help="结果以一个 JSON 对象写到标准输出")
    command.add_argument("--as", dest="by", default="", metavar="USERNAME", help="以谁的名义导入")
    command.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    data = _bytes(asked.file)
    if outboxes.is_one(data):
        return _outbox(asked, data)
    counts = _look(data) if asked.dry_run else _bring_in(from_environment(), asked, data)
    if asked.json:
        sys.stdout.write(f"{msgspec.json.encode(counts).decode()}\n")
    _say(counts)
    return 0


def _outbox(asked: argparse.Namespace, data: bytes) -> int:
    """What a phone saved because it could not send."""
    settings = from_environment()
    with closing(Store(settings.database)) as store, store.read() as tx:
        who = _importer(tx, asked.by)
        counts = cli_outboxes.look(tx, who.community_id, data)
    if not asked.dry_run:
        by = Author(who.id, who.role)
        counts = cli_outboxes.bring_in(settings, who.community_id, by, data)
    if asked.json:
        sys.stdout.write(f"{msgspec.json.encode(counts).decode()}\n")
    say.print(cli_outboxes.said(counts))
    return 0


def _bytes(path: Path) -> bytes:
    data = read_file(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise Refusal("roster.too_big", limit=MAX_BYTES // 1024 // 1024)
    return data


def _look(data: bytes) -> dict[str, Any]:
    """The counts of the file; beside a community, with what speaks against it. Makes nothing."""
    today = now_utc().astimezone(ZoneInfo(timezone_of_environment())).date().isoformat()
    if not database_of_environment().exists():
        return reading.summary(rosters.read_file(None, "", data, today))
    settings = from_environment()
    with closing(Store(settings.database)) as store, store.read() as tx:
        found = system.community_ids(tx)
        if not found:
            return reading.summary(rosters.read_file(None, "", data, today))
        roster = rosters.read_file(tx, found[0], data, today)
        vault = Vault(settings.secret)
        return rosters.counts(roster, rosters.look(tx, vault, found[0], roster))


def _bring_in(settings: Settings, asked: argparse.Namespace, data: bytes) -> dict[str, Any]:
    vault = Vault(settings.secret)
    with closing(Store(settings.database)) as store:
        with store.read() as tx:
            who = _importer(tx, asked.by)
        intake = Intake(store, now_utc)
        try:
            batch_id = rosters.preview(intake, vault, who, asked.file.name, data)
            return _write(intake, vault, who, batch_id)
        finally:
            intake.stop()


def _write(intake: Intake, vault: Vault, person: Importer, batch_id: str) -> dict[str, Any]:
    counts = _summary(intake, person, batch_id)
    if not counts["to_write"]:
        rosters.drop(intake, person, batch_id)
        say.print("和现有资料一样，没有要写入的。")
        return dict(counts["file"])
    rosters.confirm(intake, vault, person, batch_id)
    with Progress(TextColumn("写入名册"), BarColumn(), console=say) as bar:
        task = bar.add_task("", total=None)
        rosters.run(
            intake,
            vault,
            person.community_id,
            batch_id,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    counts = _summary(intake, person, batch_id)
    say.print(
        f"新增 {counts['added']} 人，有改动 {counts['changed']} 人，没变 {counts['unchanged']} 人，"
        f"名册里没有了 {counts['missing']} 人（待核）"
    )
    if counts.get("refused"):
        say.print(f"有 {counts['refused']} 条没有写进去，原因在“名册导入”页面。", style="red")
    return dict(counts["file"])


def _summary(intake: Intake, person: Importer, batch_id: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        batch = rows.find(tx, person.community_id, batch_id)
    assert batch is not None
    return batch.summary


def _importer(tx: Tx, username: str) -> Importer:
    who = _account(tx, username)
    return Importer(who.community_id, who.id, who.role)


def _account(tx: Tx, username: str) -> PersonRow:
    """Whoever is named, else the first of the office."""
    communities = system.community_ids(tx)
    if not communities:
        raise SettingsProblem("还没有社区。先运行 jinlin init --community 名称，再导入名册。")
    if username:
        found = people.by_username(tx, username.strip().lower())
        if found is None or not found.active or found.role not in OFFICE:
            raise SettingsProblem(f"“{username}”不是社区办公室的账号，请换一个 --as。")
        return found
    if len(communities) > 1:
        raise SettingsProblem("这里有几个社区，请用 --as 写明以哪个办公室账号导入。")
    office = [one for one in team.everybody(tx, communities[0]) if one.role in OFFICE]
    working = [one for one in office if one.active]
    if not working:
        raise SettingsProblem("没有社区办公室的账号。先运行 jinlin person add --role office。")
    return min(working, key=lambda one: (one.role, one.username))


def _say(counts: dict[str, Any]) -> None:
    say.print(
        f"{counts['buildings']} 栋，{counts['households']} 户，"
        f"{counts['vacant_dwellings']} 户空置，{counts['residents']} 人；"
        f"{len(counts['rejected'])} 行待修正"
    )
