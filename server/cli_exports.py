"""`jinlin export KIND`: ids, tables and workbooks of what the installation holds."""

import argparse
import csv
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import uuid_utils
from msgspec import to_builtins
from openpyxl import Workbook
from rich.console import Console

from server.intake import now_utc
from server.settings import from_environment
from server.store import audit, oplog, system
from server.store.database import Store, Tx
from server.store.records import all_records

RECORD_KINDS = ("buildings", "households", "residents", "contacts", "visits", "tasks", "followups")
KINDS = ("operations", *RECORD_KINDS)
FORMATS = ("xlsx", "csv", "json", "ids")

say = Console(stderr=True)


def register(commands: Any) -> None:
    export = commands.add_parser("export", help="导出到标准输出或文件")
    export.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    export.add_argument("--format", choices=FORMATS, default="json")
    export.add_argument("--out", type=Path, help="写到文件；xlsx 必须写")
    export.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    if asked.format == "xlsx" and asked.out is None:
        say.print("xlsx 要写到文件，请加 --out 文件名.xlsx", style="red", highlight=False)
        return 2
    store = Store(from_environment().database)
    try:
        with store.read() as tx:
            rows = _operations(tx) if asked.kind == "operations" else _records(tx, asked.kind)
        _write(rows, asked.format, asked.out)
        if asked.kind != "operations":
            _note(store, asked.kind, len(rows))
    finally:
        store.close()
    say.print(f"{len(rows)} 条", highlight=False)
    return 0


def _operations(tx: Tx) -> list[dict[str, Any]]:
    """Applied operations, each with the text that was received."""
    rows = []
    for community_id in system.community_ids(tx):
        for operation_id, person_id, received_at, body in oplog.applied(tx, community_id):
            rows.append(
                {
                    "id": operation_id,
                    "person_id": person_id,
                    "received_at": received_at,
                    "operation": bytes(body).decode(),
                }
            )
    return rows


def _records(tx: Tx, kind: str) -> list[dict[str, Any]]:
    singular = kind.removesuffix("s")
    rows = []
    for community_id in system.community_ids(tx):
        rows += [to_builtins(one) for one in all_records(tx, community_id, singular)]
    return rows


def _write(rows: list[dict[str, Any]], form: str, out: Path | None) -> None:
    if form == "xlsx":
        assert out is not None
        _workbook(rows).save(out)
        return
    text = StringIO(newline="")
    if form == "ids":
        text.writelines(f"{row['id']}\n" for row in rows)
    elif form == "json":
        text.write(msgspec.json.encode(rows).decode() + "\n")
    else:
        writer = csv.writer(text)
        writer.writerow(rows[0] if rows else [])
        writer.writerows([[_cell(value) for value in row.values()] for row in rows])
    if out:
        out.write_text(text.getvalue(), encoding="utf-8", newline="")
    else:
        sys.stdout.write(text.getvalue())


def _workbook(rows: list[dict[str, Any]]) -> Workbook:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("导出")
    sheet.append(list(rows[0]) if rows else [])
    for row in rows:
        sheet.append([_cell(value) for value in row.values()])
    return book


def _cell(value: Any) -> Any:
    """A value as a table shows it; text that a spreadsheet would run is made plain."""
    if isinstance(value, list | dict):
        value = msgspec.json.encode(value).decode()
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{value}"
    return value


def _note(store: Store, kind: str, count: int) -> None:
    """Exports of residents' data are logged, from the command line too."""
    with store.write() as tx:
        for community_id in system.community_ids(tx):
            audit.add(
                tx,
                community_id,
                str(uuid_utils.uuid7()),
                now_utc(),
                "",
                "command",
                "export",
                kind,
                "done",
                detail=str(count),
            )
