"""What a phone last said of itself against what the server has of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

# After this a phone with unsent work is somebody's task.
SILENT = timedelta(hours=24)
CLOCK_OFF = timedelta(minutes=10)


class Device(NamedTuple):
    """A phone as the store keeps it. `missing` are numbers that lack below the highest received."""

    seen_at: datetime | None
    offset_ms: int
    report: dict[str, Any]
    received: int
    upto: int
    highest: int
    missing: Sequence[int]
    head: str


class Standing(NamedTuple):
    """`state`: even, gap (a number lacks in between), behind (the latest lack), silent or new.

    `lacking` counts what the phone recorded and the server has not. `troubles` are codes.
    """

    state: str
    recorded: int
    lacking: int
    first_lacking: int
    code: str
    troubles: list[str]

    @property
    def needs_care(self) -> bool:
        return self.state in ("gap", "behind", "silent") or "clock" in self.troubles


def standing(device: Device, now: datetime) -> Standing:
    """Whether a phone's numbers agree with ours, and what else is wrong with it."""
    said = _whole(device.report.get("recorded"))
    recorded = max(said, device.highest)
    lacking = max(recorded - device.received, 0)
    first = device.missing[0] if device.missing else device.upto + 1
    silent = device.seen_at is not None and now - device.seen_at > SILENT
    waiting = lacking or _whole(device.report.get("waiting"))
    if device.seen_at is None and not device.received:
        state = "new"
    elif device.missing:
        state = "gap"
    elif lacking:
        state = "behind"
    else:
        state = "silent" if silent and waiting else "even"
    return Standing(
        state=state,
        recorded=recorded,
        lacking=lacking,
        first_lacking=first if lacking else 0,
        code=short_code(device.head),
        troubles=_troubles(device),
    )


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


def _troubles(device: Device) -> list[str]:
    found = []
    if abs(timedelta(milliseconds=device.offset_ms)) > CLOCK_OFF:
        found.append("clock")
    if device.report.get("error"):
        found.append("error")
    if device.report.get("persisted") is False and device.report.get("recorded"):
        found.append("storage")
    return found


def _whole(value: Any) -> int:
    """A count as a phone reported it; anything else counts as none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
