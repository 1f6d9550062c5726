"""How often each robot may speak: a count per window, and a silence when it was told to wait."""

from collections import deque
from collections.abc import Sequence

from msgspec import Struct

MAX_ROBOTS = 1000


class Rate(Struct, frozen=True):
    """At most `count` in any `window_s` seconds."""

    count: int
    window_s: float


class Pace:
    """One for the whole process. Seconds come in from the caller's clock.

    What was said before a restart is forgotten: the service then answers that it is busy.
    """

    def __init__(self) -> None:
        self._said: dict[str, deque[float]] = {}
        self._silent: dict[str, tuple[float, float]] = {}  # since, until

    def take(self, robot: str, rates: Sequence[Rate], wanted: int, now: float) -> float:
        """0 when `wanted` messages may go now, and they are counted; else seconds to wait."""
        assert all(wanted <= rate.count for rate in rates), "would wait for ever"
        self._forget(now)
        said = self._said.get(robot, deque())
        _, silent_until = self._silent.get(robot, (now, now))
        wait = max(silent_until - now, *(_wait(said, rate, wanted, now) for rate in rates))
        if wait > 0:
            return wait
        kept = self._said.setdefault(robot, deque(maxlen=max(rate.count for rate in rates)))
        kept.extend([now] * wanted)
        return 0.0

    def silence(self, robot: str, seconds: float, now: float) -> None:
        """The service asked for quiet: nothing is said to it before."""
        self._silent[robot] = (now, now + seconds)

    def _forget(self, now: float) -> None:
        """What is over, and what a clock that was set back would make last for hours."""
        self._silent = {
            robot: (since, until)
            for robot, (since, until) in self._silent.items()
            if since <= now < until
        }
        self._said = {robot: said for robot, said in self._said.items() if said[-1] <= now}
        while len(self._said) > MAX_ROBOTS:
            del self._said[next(iter(self._said))]


def _wait(said: deque[float], rate: Rate, wanted: int, now: float) -> float:
    """Until so many of the last ones have left the window that `wanted` fit into it."""
    within = [at for at in said if at > now - rate.window_s]
    over = len(within) + wanted - rate.count
    return within[over - 1] + rate.window_s - now if over > 0 else 0.0
