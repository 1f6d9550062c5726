"""A file that somebody names on the command line."""

import sys
from pathlib import Path

from server.settings import SettingsProblem

UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "没有这个文件",
    IsADirectoryError: "这是一个文件夹",
    PermissionError: "没有权限读它",
}


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file, `-` being standard input: one more than `most` where there are more.

    Raises SettingsProblem, which says why it cannot be read.
    """
    if str(path) == "-":
        return sys.stdin.buffer.read(most + 1)
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as problem:
        why = UNREADABLE.get(type(problem), "读的时候出错了")
        raise SettingsProblem(f"不能读文件 {path}：{why}。") from None
