"""Starts `jinlin` commands at once: everything is imported here, each command is a fork of it.

    python -m tests.crash.nursery

Reads one JSON object a line. {"argv", "data", "log", "ordinary"} starts a command in a data folder,
with its output in the file `log`, and answers its pid; {"wait": pid} answers how it ended.
`ordinary` takes away what lets root write to what is read-only, `limit` is the size to which files
may grow, `wait_s` how long a lock is waited for.
"""

import ctypes
import json
import os
import resource
import sys
import traceback
from typing import Any

from server.cli import main
from server.store import database

CAPABILITY_VERSION = 0x20080522
CRASHED = 70


def start(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = CRASHED
    try:
        _become(asked)
        main(asked["argv"])
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        if code == CRASHED:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become(asked: dict[str, Any]) -> None:
    os.setsid()
    os.environ.update(asked.get("environment", {}), JINLIN_DATA=asked["data"])
    os.chdir(os.path.dirname(asked["log"]))
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for one, instead in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(one, instead)
    if "limit" in asked:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["limit"], resource.RLIM_INFINITY))
    if "wait_s" in asked:
        database.BUSY_S = asked["wait_s"]
    if asked.get("ordinary"):
        _drop_capabilities()


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, none) == 0


def serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            _, status = os.waitpid(asked["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = start(asked)
        print(answer, flush=True)


if __name__ == "__main__":
    serve()
