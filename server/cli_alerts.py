"""`jinlin alert`: what a warning message is understood as."""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from server.alerts.documents import MAX_BYTES
from server.alerts.reading import read, shown
from server.cli_files import read_file


def register(commands: Any) -> None:
    alert = commands.add_parser("alert", help="预警消息")
    actions = alert.add_subparsers(required=True, metavar="ACTION")
    parse = actions.add_parser("parse", help="看一份预警文件会被怎样理解，不入库")
    parse.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="CAP 1.2 文件，或带有它的 Atom、RSS、EDXL，或天气服务的 JSON；- 是标准输入",
    )
    parse.set_defaults(run=run_parse)


def run_parse(asked: argparse.Namespace) -> int:
    """Prints the reading as JSON; exit 1 when it was rejected."""
    reading = read(read_file(asked.file, MAX_BYTES))
    told = msgspec.json.format(msgspec.json.encode(shown(reading)), indent=2)
    sys.stdout.write(f"{told.decode()}\n")
    return 1 if reading.outcome == "rejected" else 0
