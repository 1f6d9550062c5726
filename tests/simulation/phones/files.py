"""What the proxy serves itself: the driver, and the phone's modules as they stand or patched."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.browser.rig import ROOT, WEB
from tests.faults.plan import Request

DRIVER = Path(__file__).parent / "driver"
# Everything but the drawing of pages: that has tests of its own, and costs half of a start.
UNDRAWN = b"export const drawStanding = async () => '';\nexport const online = drawStanding;"
Files = dict[str, tuple[str, bytes]]


def table_of(lane: str) -> str:
    """The table of a host such as phone1.table2.localhost."""
    return lane.split(".")[1] if "." in lane else lane


def files(patched: Mapping[str, str]) -> Files:
    """Path → (type, bytes); `patched` are modules with another text."""
    served: Files = {}
    for path in sorted([*(WEB / "phone").rglob("*.js"), *(WEB / "static/vendor").glob("*.js")]):
        served[f"/{path.relative_to(WEB).as_posix()}"] = ("text/javascript", path.read_bytes())
    for path in DRIVER.iterdir():
        kind = "text/html" if path.suffix == ".html" else "text/javascript"
        served[f"/simulation/{path.name}"] = (f"{kind}; charset=utf-8", path.read_bytes())
    served["/phone/network.js"] = ("text/javascript", UNDRAWN)
    for name, text in patched.items():
        assert name in served, f"no module {name} in {ROOT}"
        served[name] = ("text/javascript", text.encode())
    return served


def of_table(served: dict[str, Files]) -> Callable[[Request], tuple[str, bytes] | None]:
    """Each table gets its own files."""

    def find(request: Request) -> tuple[str, bytes] | None:
        return served.get(table_of(request.lane), {}).get(request.path)

    return find
