"""What the proxy serves itself: the driver, with the phone's modules as they stand or patched."""

from collections.abc import Callable, Mapping
from pathlib import Path

from server.linking import linked
from tests.browser.rig import ROOT, WEB
from tests.faults.plan import Request

DRIVER = Path(__file__).parent / "driver"
# Everything but the drawing of pages: that has tests of its own, and costs half of a start.
UNDRAWN = "export const drawStanding = async () => '';\nexport const online = drawStanding;\n"
WORKER = "/simulation/tab.js"
Files = dict[str, tuple[str, bytes]]


def table_of(lane: str) -> str:
    """The table of a host such as phone1.table2.localhost."""
    return lane.split(".")[1] if "." in lane else lane


def files(patched: Mapping[str, str]) -> Files:
    """Path → (type, bytes); `patched` are modules with another text.

    What a worker runs is one script, as phones get theirs: one is started every few steps.
    """
    texts = {"/phone/network.js": UNDRAWN, **patched}
    served: Files = {}
    for path in DRIVER.iterdir():
        kind = "text/html" if path.suffix == ".html" else "text/javascript"
        served[f"/simulation/{path.name}"] = (f"{kind}; charset=utf-8", path.read_bytes())
    texts[WORKER] = (DRIVER / "tab.js").read_text("utf-8")
    script = linked(WORKER, lambda path: texts.get(path) or (WEB / path[1:]).read_text("utf-8"))
    missing = [path for path in texts if f"// {path[1:]}\n" not in script]
    assert not missing, f"no module {missing} in {ROOT}"
    return {**served, WORKER: ("text/javascript; charset=utf-8", script.encode())}


def of_table(served: dict[str, Files]) -> Callable[[Request], tuple[str, bytes] | None]:
    """Each table gets its own files."""

    def find(request: Request) -> tuple[str, bytes] | None:
        return served.get(table_of(request.lane), {}).get(request.path)

    return find
