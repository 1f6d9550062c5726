"""How long something has, or how much it is late, as people count: minutes, hours, days."""

from datetime import datetime
from typing import NamedTuple

_HOUR, _DAY = 60, 24 * 60
# From here on it is worth a colour.
_SOON = _DAY


class Left(NamedTuple):
    """`unit` is "minutes", "hours" or "days", of which `n` are left or passed."""

    late: bool
    soon: bool
    n: int
    unit: str


def left(due_at: str, now: str) -> Left:
    """Whole units; of what has passed at least one."""
    minutes = int((_at(due_at) - _at(now)).total_seconds() // 60)
    late, some = minutes < 0, abs(minutes)
    size, unit = next(
        (size, unit)
        for size, unit in ((_DAY, "days"), (_HOUR, "hours"), (1, "minutes"))
        if some >= size or size == 1
    )
    return Left(late, not late and minutes < _SOON, some // size, unit)


def _at(instant: str) -> datetime:
    return datetime.fromisoformat(instant)
