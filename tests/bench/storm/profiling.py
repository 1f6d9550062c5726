"""Where the server's time goes: py-spy beside it, and the tops of what it saw."""

import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHOWN = 30
WAYS = (
    *("--format", "raw", "--rate", "200", "--duration", "600"),
    *("--threads", "--nonblocking"),
)


@contextmanager
def watched(pid: int, file: Path) -> Iterator[None]:
    """Record the stacks of a process while the work inside runs."""
    beside = Path(sys.executable).parent / "py-spy"
    found = str(beside) if beside.exists() else shutil.which("py-spy")
    assert found, "for --profile: pip install py-spy"
    running = subprocess.Popen(
        [found, "record", *WAYS, "--pid", str(pid), "--output", str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    running.send_signal(signal.SIGINT)
    running.wait(30)


def tell(file: Path) -> None:
    """Print the threads, then what the writer does, in shares of the whole."""
    threads: Counter[str] = Counter()
    tables: dict[str, Counter[str]] = {
        "writer": Counter(),
        "SQL for": Counter(),
        "below": Counter(),
    }
    for line in file.read_text().splitlines():
        stack, _, text = line.rpartition(" ")
        count, frames = int(text), [_short(one) for one in stack.split(";")]
        threads[frames[0]] += count
        if not any(one.startswith("Intake._run ") for one in frames):
            continue
        tables["writer"][frames[-1]] += count
        if "database.py" in frames[-1]:
            tables["SQL for"][next(one for one in reversed(frames) if not _is_plain(one))] += count
        for name in set(frames[1:]):
            tables["below"][name] += count
    total = sum(threads.values())
    for title, found in {"threads": threads, **tables}.items():
        print(f"  {title}")
        for name, count in found.most_common(SHOWN):
            print(f"    {100 * count / total:5.1f} %  {name}")


def _is_plain(frame: str) -> bool:
    return "database.py" in frame or "contextlib.py" in frame


def _short(frame: str) -> str:
    """`name (folder/file.py)` without the line, so that a function is counted once."""
    name, _, where = frame.partition(" (")
    path = where.rstrip(")").rpartition(":")[0] or where.rstrip(")")
    return f"{name} ({'/'.join(path.split('/')[-2:])})"
