"""`jinlin backup` and `jinlin restore`."""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from server import backup_folder, backups, restore
from server.backup_folder import Found
from server.backups import BackupProblem, BusyElsewhere
from server.intake import now_utc
from server.restore import Restored, RestoreProblem
from server.settings import Settings, SettingsProblem, from_environment
from server.store import copies
from sync import days

say = Console(stderr=True)


def register(commands: Any) -> None:
    backup = commands.add_parser("backup", help="备份数据库和照片，边服务边做，做完核对")
    backup.add_argument("--to", default="", metavar="DIR", help="放到哪里，默认 JINLIN_BACKUPS")
    backup.add_argument("--with-secret", action="store_true", help="连密钥一起放进去，请妥善保管")
    backup.add_argument("--due", action="store_true", help="昨夜以来还没有备份时才做")
    backup.add_argument("--json", action="store_true")
    backup.set_defaults(run=run_backup)

    back = commands.add_parser("restore", help="恢复一份备份；先停服务，原来的数据留在旁边")
    back.add_argument("backup", metavar="FILE_OR_DIR", help="一份备份，或放备份的目录（取最新的）")
    back.add_argument("--yes", action="store_true", help="不再问")
    back.add_argument("--anyway", action="store_true", help="没有通过核对也恢复")
    back.set_defaults(run=run_restore)


def run_backup(asked: argparse.Namespace) -> int:
    """Exit 0 when there is a verified backup, 1 when not."""
    settings = from_environment()
    folder = Path(asked.to) if asked.to else settings.backups
    if folder is None:
        raise SettingsProblem("JINLIN_BACKUPS 是 off。用 --to 说明备份放到哪里。")
    now = now_utc()
    try:
        if asked.due and not backup_folder.is_due(folder, now, settings.timezone):
            return 0
        made = backups.make(
            settings.data, folder, now, settings.secret, with_secret=asked.with_secret
        )
    except BusyElsewhere as problem:
        say.print(str(problem), soft_wrap=True, highlight=False)
        return 0 if asked.due else 1
    except BackupProblem as problem:
        say.print(str(problem), style="red", soft_wrap=True, highlight=False)
        return 1
    gone = backup_folder.rotate(folder, settings.keep)
    if asked.json:
        said = {"path": str(made.path), "backup": made.backup}
        sys.stdout.write(f"{msgspec.json.encode(said).decode()}\n")
    return _tell(made, len(gone), asked.with_secret)


def _tell(made: Found, gone: int, with_secret: bool) -> int:
    backup = made.backup
    for fault in backup.faults:
        say.print(fault, style="red", soft_wrap=True, highlight=False)
    if backup.faults:
        say.print(
            f"这份备份没有通过核对，单独放在 {made.path}，不算数。更早的备份都还在。",
            style="red",
            soft_wrap=True,
            highlight=False,
        )
        return 1
    say.print(
        f"备份好了，核对无误：{made.path}（{backup_folder.mega(backup.size)} MB，"
        f"{backup.operations} 条操作，{backup.media} 张照片）",
        soft_wrap=True,
        highlight=False,
    )
    if backup.media_lacking:
        say.print(f"注意：有 {backup.media_lacking} 张照片的文件不在数据目录里。", style="yellow")
    if gone:
        say.print(f"删去了 {gone} 份过期的备份。")
    if with_secret:
        say.print("密钥也在里面：拿到这份备份的人能看到身份证号，请锁好。", style="yellow")
    else:
        say.print("密钥不在里面。身份证号要有它才能读：请把 JINLIN_SECRET 另外保存一次。")
    return 0


def run_restore(asked: argparse.Namespace) -> int:
    settings = from_environment()
    chosen = Path(asked.backup)
    try:
        source = restore.find(chosen)
        if not asked.yes and not _agreed(source, settings):
            say.print("没有恢复，什么都没有动。")
            return 1
        done = restore.restore(source, settings.data, now_utc(), anyway=asked.anyway)
    except RestoreProblem as problem:
        say.print(str(problem), style="red", soft_wrap=True, highlight=False)
        return 1
    _tell_restored(done, settings)
    return 0


def faults_of(chosen: str) -> list[str]:
    """What is wrong with a backup; nothing is written to it. Raises SettingsProblem."""
    try:
        source = restore.find(Path(chosen))
        return copies.verified(source, now_utc())[1]
    except RestoreProblem as problem:
        raise SettingsProblem(str(problem)) from None
    except copies.CopyProblem as problem:
        return [f"pages: {problem}"]


def _agreed(source: Path, settings: Settings) -> bool:
    if not sys.stdin.isatty():
        say.print("要恢复请加 --yes。", style="red")
        return False
    say.print(
        f"将用 {source}\n代替 {settings.database}。原来的会留在旁边。",
        soft_wrap=True,
        highlight=False,
    )
    return input("确定吗？输入 yes：").strip() == "yes"


def _tell_restored(done: Restored, settings: Settings) -> None:
    when = days.local(done.made_at, settings.timezone).replace("T", " ") or "不知何时"
    say.print(f"已恢复 {when} 的备份，{done.operations} 条操作。", soft_wrap=True, highlight=False)
    if done.aside:
        say.print(f"原来的数据在 {done.aside}，没有删除。", soft_wrap=True, highlight=False)
    say.print(
        "接下来：\n"
        "· 运行 jinlin serve。手机下次联网时自己发现，会重新取数据，并把备份之后 14 天内发过的"
        "走访自动重发，不用人管，也不会重复。\n"
        "· 备份之后才登录的手机会要求重新登录，没发的记录都在，登录后接着发。\n"
        "· 备份之后在办公室网页上做的要重做：审核、改住户、导入、加人、分楼栋、改密码。\n"
        "· 备份之后停用的手机又能用了：请在“人员”里打开本人，再停用一次。",
        soft_wrap=True,
        highlight=False,
    )
    if done.strangers:
        named = "、".join(done.strangers)
        say.print(f"这些人是备份之后加的，要再加一次：{named}", style="yellow", soft_wrap=True)
    if done.secret and done.secret != backups.mark_of(from_environment().secret):
        say.print(
            "注意：这份备份的身份证号是用另一把密钥加密的。"
            "请放回当时的 JINLIN_SECRET 或 secret 文件。",
            style="yellow",
        )
    for fault in done.faults:
        say.print(fault, style="red", soft_wrap=True, highlight=False)
