"""Runs the storm and prints it beside the limit that was measured in the same run."""

import argparse
import pickle
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, quantiles
from typing import NamedTuple

import msgspec

from server.demo.figures import FULL_HOUSEHOLDS
from tests.bench.storm import limit, profiling, shim
from tests.bench.storm.client import Phase, Told
from tests.bench.storm.place import Phone, make_phones, make_town
from tests.bench.storm.serving import ROOT, Server, check, free_port, serving, until_open


class Result(NamedTuple):
    """One storm: what the phones saw, what the server spent, what it left behind."""

    push: Phase
    pull: Phase
    push_cpu: float
    pull_cpu: float
    memory: float
    faults: str
    raw: float

    def rate(self, operations: int) -> float:
        return operations / self.push.seconds


def storm(
    folder: Path, phones: list[Phone], connections: int, slow: dict[str, str], profile: bool = False
) -> Result:
    """The limit, the storm against a real server, the limit again, and the check."""
    operations = [one for phone in phones for one in phone.operations]
    before = limit.rate(folder, operations)
    with serving(folder, slow) as server:
        watch = profiling.watched(server.pid, folder / "profile.txt") if profile else nullcontext()
        told, push_cpu, pull_cpu = _drive(folder, server, phones, connections, watch)
        memory = server.memory()
    faults = check(folder)
    after = limit.rate(folder, operations)
    raw = mean((before, after))
    return Result(told.push, told.pull, push_cpu, pull_cpu, memory, faults, raw)


def _drive(
    folder: Path, server: Server, phones: list[Phone], connections: int, watch: object
) -> tuple[Told, float, float]:
    with _client(folder, server.port, phones, connections) as client:
        assert client.stdin and client.stdout
        at = server.cpu()
        with watch:  # type: ignore[attr-defined]
            client.stdin.write("push\n")
            client.stdin.flush()
            client.stdout.readline()
        pushed = server.cpu()
        client.stdin.write("pull\n")
        client.stdin.flush()
        told = msgspec.json.decode(client.stdout.readline(), type=Told)
        return told, pushed - at, server.cpu() - pushed


def _client(
    folder: Path, port: int, phones: list[Phone], connections: int
) -> subprocess.Popen[str]:
    file = folder / "phones.pickle"
    file.write_bytes(pickle.dumps(phones))
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.storm.client", str(port), file, str(connections), now],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def client_alone(folder: Path, phones: list[Phone], connections: int) -> Phase:
    """The same requests to a server that does nothing."""
    port = free_port()
    nobody = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.storm.nobody", str(port)], cwd=ROOT
    )
    try:
        until_open(port)
        with _client(folder, port, phones, connections) as client:
            said, _ = client.communicate("push\npull\n")
            return msgspec.json.decode(said.splitlines()[1], type=Told).push
    finally:
        nobody.terminate()
        nobody.wait(10)


def show(result: Result, count: int, alone: Phase) -> None:
    push, pull = result.push, result.pull
    print(
        f"push  {result.rate(count):,.0f} operations/s = {result.rate(count) / result.raw:.3f} of"
        f" the raw limit ({result.raw:,.0f}/s) · drained in {push.seconds:.2f} s · "
        f"{_latency(push)} · {1e6 * result.push_cpu / count:.0f} µs CPU an operation"
    )
    print(f"      outcomes {push.outcomes} · peak memory {result.memory:.0f} MB")
    print(
        f"pull  {pull.records:,} records in {pull.seconds:.2f} s ="
        f" {pull.records / pull.seconds:,.0f}/s · {pull.bytes / 1e6:.0f} MB · {_latency(pull)} · "
        f"{1e3 * result.pull_cpu / (pull.bytes / 4e5):.1f} ms CPU per 400 KB"
    )
    print(
        f"client {push.cpu / push.seconds:.0%} of a core while pushing; alone against a server that"
        f" does nothing {count / alone.seconds:,.0f}/s, {1e6 * alone.cpu / count:.1f} µs each"
    )
    for one in [*push.wrong[:3], *pull.wrong[:3]]:
        print("WRONG", one)
    print(f"check {'CLEAN' if not result.faults else result.faults[:2000]}")


def _latency(phase: Phase) -> str:
    cuts = quantiles(phase.requests, n=100)
    return f"p50 {1000 * cuts[49]:.0f} ms, p99 {1000 * cuts[98]:.0f} ms"


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="storm") as name:
        folder = Path(name)
        made = asked.town or folder / "town"
        if not (made / "jinlin.db").exists():
            made.mkdir(parents=True, exist_ok=True)
            make_town(made, asked.households)

        def once(part: str, slow: dict[str, str], profile: bool) -> Result:
            into = folder / part
            into.mkdir()
            shutil.copy(made / "jinlin.db", into / "jinlin.db")
            phones = make_phones(into, asked.phones, asked.visits)
            alone = client_alone(into, phones, asked.connections)
            result = storm(into, phones, asked.connections, slow, profile)
            print(f"--- {part}: {asked.phones} phones × {asked.visits} visits")
            show(result, count, alone)
            if profile:
                profiling.tell(into / "profile.txt")
            return result

        count = asked.phones * asked.visits
        first = once("storm", {}, asked.profile)
        if asked.fsync_delay:
            slow = shim.build(folder, asked.fsync_delay)
            assert slow, "no C compiler for the slow disk"
            second = once(f"with {asked.fsync_delay} ms more in every fsync", slow, False)
            print(f"slow disk keeps {second.rate(count) / first.rate(count):.2f} of the rate")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.storm", description=__doc__)
    parser.add_argument("--phones", type=int, default=1000)
    parser.add_argument("--visits", type=int, default=50)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--households", type=int, default=FULL_HOUSEHOLDS)
    parser.add_argument("--town", type=Path, help="a folder to keep the made community in")
    parser.add_argument("--fsync-delay", type=int, default=0, metavar="MS")
    parser.add_argument("--profile", action="store_true", help="needs py-spy")
    return parser.parse_args()


if __name__ == "__main__":
    main()
