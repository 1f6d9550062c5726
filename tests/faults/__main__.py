"""python -m tests.faults --upstream http://127.0.0.1:8000 --port 8100 --seed 7 --rate 0.3"""

import argparse
import threading

from tests.faults.faults import FAULTS, NAMES
from tests.faults.plan import Plan
from tests.faults.proxy import FaultProxy


def main() -> None:
    lines = "\n".join(f"  {one.name:16} {one.weight:3}  {one.does}" for one in FAULTS)
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description="A proxy before a running server that fails on purpose.",
        epilog=f"faults, with their weights:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--upstream", default="http://127.0.0.1:8000")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--rate", type=float, default=0.3, help="how likely a fault is, 0 to 1")
    parser.add_argument(
        "--only", action="append", choices=NAMES, metavar="FAULT", help="this one; repeatable"
    )
    parser.add_argument("--path", default="", help="only requests for this path, such as /sync")
    parser.add_argument("--longest", type=float, default=2.0, help="the longest delay in seconds")
    asked = parser.parse_args()
    only = asked.only or []
    rates = {name: asked.rate / len(only) for name in only} or asked.rate
    plan = Plan(asked.seed, rates, path=asked.path)
    proxy = FaultProxy(asked.upstream, plan, port=asked.port, longest_s=asked.longest, tell=print)
    with proxy:
        print(f"{proxy.origin} → {asked.upstream}, seed {asked.seed}; end with Ctrl-C", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("ended")


if __name__ == "__main__":
    main()
