"""What the server writes about itself: lines of words or of JSON, never of people's lives.

A line names routes, numbers and ids. Addresses stand without their query, and a failure without
its message, which may quote what somebody typed; where it happened is told in full.
"""

import json
import logging
import traceback
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

FIELDS = ("method", "route", "status", "ms", "person")
KEPT = 1000


class Json(logging.Formatter):
    """One object per line; `at` in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in FIELDS if hasattr(record, name)},
        }
        if record.exc_info:
            line["failure"] = where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class Words(logging.Formatter):
    def formatException(self, ei: Any) -> str:
        return "\n".join(where(ei[1]))


def where(problem: BaseException | None) -> list[str]:
    """The kind of a failure and the lines it came through, the cause first, without its message."""
    told: list[str] = []
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        frames = traceback.extract_tb(problem.__traceback__)
        at = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
        told = [type(problem).__qualname__, *at, *told]
        problem = problem.__cause__ or problem.__context__
    return told


class Faults(logging.Handler):
    """Remembers when something failed that nobody expected, for the page and the figures."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(logging.ERROR)
        self.clock = clock
        self._kept: deque[tuple[datetime, str]] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        problem = record.exc_info[1] if record.exc_info else None
        kind = type(problem).__qualname__ if problem else record.name
        self._kept.append((self.clock(), kind))

    def since(self, at: datetime) -> int:
        return sum(when >= at for when, _ in self._kept)

    def kinds(self) -> dict[str, int]:
        return dict(Counter(kind for _, kind in self._kept).most_common(5))


def configure(form: str, level: str) -> None:
    """For a process that serves or runs a command: everything to stderr."""
    handler = logging.StreamHandler()
    shown: logging.Formatter = Words("%(asctime)s %(name)s %(message)s")
    handler.setFormatter(Json() if form == "json" else shown)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("jinlin").setLevel(level.upper())
