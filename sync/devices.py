"""What a phone last said of itself against what the server has of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

# After this a phone with unsent work is somebody's task.
SILENT = timedelta(hours=24)
CLOCK_OFF = timedelta(minutes=10)
SPANS_SHOWN = 5
TAIL_SHOWN = 100_000


class Device(NamedTuple):
    """A phone as the store keeps it. `missing` are numbers that lack below the highest received.

    `recorded` is the most it ever said to have recorded; `moved`: it went on as another device,
    with all its unsent work.
    """

    seen_at: datetime | None
    offset_ms: int
    report: dict[str, Any]
    received: int
    upto: int
    highest: int
    missing: Sequence[int]
    head: str
    recorded: int = 0
    revoked: bool = False
    moved: bool = False


class Standing(NamedTuple):
    """How a phone stands.

    `state`: even, gap (a number lacks in between), behind (the latest lack), wiped (they lack for
    good, as far as the phone can tell), silent, moved or new. `lacking` counts what the phone
    recorded and the server has not, `lacks` says which (86–97); `unsent` is what it still had when
    it last said so. `troubles` are codes, and `remedy` is the code of the one thing to do, "" when
    there is nothing.
    """

    state: str
    recorded: int
    lacking: int
    first_lacking: int
    lacks: str
    unsent: int
    is_silent: bool
    code: str
    troubles: list[str]
    remedy: str

    @property
    def needs_care(self) -> bool:
        return self.rank <= REMEDIES.index("wait")

    @property
    def rank(self) -> int:
        """What somebody should act on first comes first."""
        return REMEDIES.index(self.remedy)


# From what cannot wait to what can: each is one line of advice on the page of phones.
REMEDIES = (
    "call",
    "file",
    "wiped",
    "lost",
    "sync",
    "error",
    "clock",
    "wait",
    "version",
    "storage",
    "",
)


def standing(device: Device, now: datetime, version: str = "") -> Standing:
    """Whether a phone's numbers agree with ours, what else is wrong with it, and what to do.

    `version` is the one that the server hands out; "" compares none.
    """
    said = _whole(device.report.get("recorded"))
    recorded = max(said, device.recorded, device.highest)
    lacking = 0 if device.moved else max(recorded - device.received, 0)
    first = device.missing[0] if device.missing else device.upto + 1
    silent = device.seen_at is not None and now - device.seen_at > SILENT
    unsent = 0 if device.moved else lacking or _whole(device.report.get("waiting"))
    state = _state(device, said, lacking, silent and unsent > 0)
    troubles = _troubles(device, version)
    return Standing(
        state=state,
        recorded=recorded,
        lacking=lacking,
        first_lacking=first if lacking else 0,
        lacks=_lacks(device, recorded) if lacking else "",
        unsent=unsent,
        is_silent=silent,
        code=short_code(device.head),
        troubles=troubles,
        remedy=_remedy(device, state, unsent, silent, troubles),
    )


def _state(device: Device, said: int, lacking: int, is_silent: bool) -> str:
    if device.moved:
        return "moved"
    if device.seen_at is None and not device.received:
        return "new"
    if lacking and "recorded" in device.report and said < device.recorded:
        return "wiped"
    if lacking:
        return "gap" if device.missing else "behind"
    return "silent" if is_silent else "even"


def _remedy(device: Device, state: str, unsent: int, silent: bool, troubles: list[str]) -> str:
    """The first rule that fits."""
    rules = (
        ("wiped", state == "wiped"),
        ("file", unsent > 0 and device.revoked),
        ("call", unsent > 0 and silent),
        ("lost", "lost" in troubles),
        ("sync", state == "gap"),
        ("error", unsent > 0 and "error" in troubles),
        ("clock", "clock" in troubles),
        ("wait", unsent > 0),
        ("version", "version" in troubles),
        ("storage", "storage" in troubles),
    )
    found = next((code for code, fits in rules if fits), "")
    # A phone that was shut out is done with, but for what only its owner can still hand over.
    return found if found == "file" or not device.revoked else ""


def short_code(head: str) -> str:
    """The first eight digits of a ledger, as two people compare them on the telephone."""
    return f"{head[:4]}-{head[4:8]}".upper() if len(head) >= 8 else "0000-0000"


def spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as stretches: 86, 87, 88, 90 → (86, 88), (90, 90)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _lacks(device: Device, recorded: int) -> str:
    """Which numbers lack, as many as fit a line: 86–97、99…"""
    tail = range(device.highest + 1, min(recorded, device.highest + TAIL_SHOWN) + 1)
    stretches = spans([*device.missing, *tail])
    words = [f"{first}–{last}" if last > first else f"{first}" for first, last in stretches]
    return "、".join(words[:SPANS_SHOWN]) + ("…" if len(words) > SPANS_SHOWN else "")


def _troubles(device: Device, version: str) -> list[str]:
    found = []
    if abs(timedelta(milliseconds=device.offset_ms)) > CLOCK_OFF:
        found.append("clock")
    if device.report.get("error"):
        found.append("error")
    if device.report.get("persisted") is False and device.report.get("recorded"):
        found.append("storage")
    said = device.report.get("version")
    if version and said and said != version:
        found.append("version")
    if _whole(device.report.get("lost")):
        found.append("lost")
    return found


def _whole(value: Any) -> int:
    """A count as a phone reported it; anything else counts as none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
