"""`jinlin import FILE`: reads a roster and says what it holds, or brings it into the community."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console

from server.roster_files import MAX_BYTES, read_sheets
from server.settings import SettingsProblem, from_environment
from sync import roster
from sync.refusals import Refusal
from sync.roster_results import Roster

say = Console(stderr=True, highlight=False)


def register(commands: Any) -> None:
    command = commands.add_parser("import", help="导入住户名册（xlsx 或 csv）")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--dry-run", action="store_true", help="只读、只说，不写入")
    command.add_argument("--json", action="store_true", help="结果以一个 JSON 对象写到标准输出")
    command.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    data = _bytes(asked.file)
    settings = from_environment()
    if not asked.dry_run:
        raise SettingsProblem("请加 --dry-run 只看结果。")
    today = datetime.now(ZoneInfo(settings.timezone)).date().isoformat()
    found = roster.read(read_sheets(data), today=today)
    _tell(asked, found)
    return 0


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refusal("roster.too_big", limit=MAX_BYTES // 1024 // 1024)
        return path.read_bytes()
    except OSError as problem:
        raise SettingsProblem(f"不能读文件 {path}：{problem.strerror}。") from None


def _tell(asked: argparse.Namespace, found: Roster) -> None:
    counts = roster.summary(found)
    if asked.json:
        sys.stdout.write(f"{msgspec.json.encode(counts).decode()}\n")
    say.print(
        f"{counts['buildings']} 栋，{counts['households']} 户，{counts['vacant_dwellings']} 户空置，"
        f"{counts['residents']} 人；{len(counts['rejected'])} 行待修正"
    )
