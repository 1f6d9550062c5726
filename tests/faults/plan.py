"""Who is hit by what: a plan decides for each request, and decides the same for the same seed."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.faults import BY_NAME, FAULTS


@dataclass(frozen=True)
class Request:
    """A request as it came. `lane` is the host it asked for: each phone can have its own."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.split("?")[0]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def lane(self) -> str:
        return self.header("host")


@dataclass(frozen=True)
class Decision:
    """A fault, and a die for what is still open about it (how long, at which byte)."""

    fault: str
    die: random.Random = field(default_factory=lambda: random.Random(0), compare=False)

    def __post_init__(self) -> None:
        assert self.fault in BY_NAME, f"no fault is called {self.fault}"


class Plan:
    """Faults by seed.

    `rates` is how likely any fault is, spread by the weights of FAULTS, or how likely each named
    one is. Only requests of `method` to `path` are touched; "" means all. What the nth such request
    of a lane meets depends on nothing but seed, lane and n.
    """

    def __init__(
        self,
        seed: int | str,
        rates: float | Mapping[str, float] = 0.3,
        *,
        method: str = "",
        path: str = "",
    ) -> None:
        self.seed = seed
        self.method = method
        self.path = path
        total = sum(fault.weight for fault in FAULTS)
        if not isinstance(rates, Mapping):
            rates = {fault.name: rates * fault.weight / total for fault in FAULTS}
        assert rates.keys() <= BY_NAME.keys(), f"unknown: {rates.keys() - BY_NAME.keys()}"
        assert sum(rates.values()) <= 1.0001, "more than certain"
        self.rates = dict(rates)
        self._counts: dict[str, int] = {}

    def choose(self, request: Request) -> Decision | None:
        if self.method not in ("", request.method) or self.path not in ("", request.path):
            return None
        nth = self._counts[request.lane] = self._counts.get(request.lane, 0) + 1
        name = request.lane.split(":")[0].split(".")[0]
        die = random.Random(f"{self.seed} {name} {nth}")
        mark = die.random()
        for fault, rate in self.rates.items():
            mark -= rate
            if mark < 0:
                return Decision(fault, die)
        return None


class When:
    """Faults by what a request says: `choose` names one, or "" for none."""

    def __init__(self, choose: Callable[[Request], str], seed: int | str = 0) -> None:
        self._choose = choose
        self._die = random.Random(str(seed))

    def choose(self, request: Request) -> Decision | None:
        name = self._choose(request)
        return Decision(name, random.Random(self._die.random())) if name else None
