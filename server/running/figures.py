"""The figures of a running server, in the text format of Prometheus; none is about a person."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator

from litestar import Litestar
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.running import standing
from server.store import health
from sync.operations import instant, stamp

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LEVELS = {"good": 0, "warn": 1, "bad": 2}


class Figures:
    """Counts what happens between two looks; the rest is read when somebody looks."""

    def __init__(self, app: Litestar) -> None:
        self.registry = CollectorRegistry()
        self._took = Histogram(
            "jinlin_request_seconds",
            "Time of an answer by route",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._received = Counter(
            "jinlin_operations", "Operations by outcome", ["outcome"], registry=self.registry
        )
        self.registry.register(_Now(app))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._took.labels(method, route, f"{status // 100}xx").observe(seconds)

    def received(self, outcomes: Iterable[str]) -> None:
        for outcome, n in Tally(outcomes).items():
            self._received.labels(outcome).inc(n)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Now(Collector):
    """What is read at the moment of asking."""

    def __init__(self, app: Litestar) -> None:
        self.app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = self.app.state
        found = {one.name: one for one in standing.signs(self.app, writing=False)}
        stands = GaugeMetricFamily(
            "jinlin_standing", "0 good, 1 somebody should look, 2 it does not work", labels=["of"]
        )
        for one in found.values():
            stands.add_metric([one.name], LEVELS[one.state])
        yield stands
        yield _gauge("jinlin_disk_free_bytes", "Free space", found["disk"].facts["free"])
        yield _gauge("jinlin_database_bytes", "The database", found["database"].facts["size"])
        yield _gauge("jinlin_database_log_bytes", "Its log", found["database"].facts["log"])
        yield _gauge("jinlin_errors_1d", "Failures of a day", found["errors"].facts["n"])
        backed_up = instant(found["backups"].facts["at"])
        if backed_up:
            made = backed_up.timestamp()
            yield _gauge("jinlin_backup_timestamp_seconds", "Newest verified backup", made)
        yield _gauge("jinlin_live_connections", "Open lines to pages", len(state.live))
        with state.store.read() as tx:
            waiting = health.waiting(tx, stamp(state.intake.clock()))
        yield GaugeMetricFamily("jinlin_phones_unsent", "As last told", value=waiting.pop("unsent"))
        waits = GaugeMetricFamily("jinlin_waiting", "What waits for a person", labels=["for"])
        for name, n in waiting.items():
            waits.add_metric([name], n)
        yield waits


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)
