"""What kind of source an address turned out to be, for the office to see."""

from server.alerts import cap
from server.alerts.documents import Unreadable, name_of, opened
from server.alerts.scripts import is_script

KINDS = {
    "json": "天气服务的 JSON",
    "cap": "单条 CAP 预警",
    "atom": "Atom 目录",
    "rss": "RSS 目录",
    "edxl": "EDXL-DE 信封",
}
_ROOTS = {"feed": "atom", "entry": "atom", "rss": "rss", "RDF": "rss", "EDXLDistribution": "edxl"}


def kind_of(content: bytes) -> str:
    """A code of `KINDS`; "" for what is none of them."""
    if is_script(content):
        return "json"
    try:
        root = opened(content)
    except Unreadable:
        return ""
    return "cap" if cap.is_alert(root) else _ROOTS.get(name_of(root)[1], "")
