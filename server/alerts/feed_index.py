"""What an index of warnings lists: Atom, or RSS with the extensions of WMO's SWIC."""

import re
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from lxml import etree
from msgspec import Struct

from server.alerts import cap
from server.alerts.cap_parts import text_of
from server.alerts.documents import Unreadable, name_of, opened
from sync.alert_areas import significant
from sync.alert_times import instant_of

MOST_LINKS = 5000
ENTRIES = {"entry", "item"}
DATED = ("updated", "date", "pubDate", "sent", "published")
CAP_TYPES = {"application/cap+xml", "application/xml", "text/xml"}

# GB/T 2260: the first two digits are a province.
_PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]"
# 附录A of the value rules: area, sector, unit, then the moment. Six digits alone may be a clock's.
_NUMBERED = re.compile(rf"(?:^|[/:=])(?P<code>(?:{_PROVINCES})\d{{4}})\d{{8}}_\d{{8}}")
_LEADING = re.compile(rf"(?P<code>(?:{_PROVINCES})\d{{4}})(?![\d_.:])")


class Link(Struct, frozen=True, kw_only=True):
    """One entry that leads to a message of its own; an empty field was not said."""

    url: str
    id: str = ""
    updated: str = ""
    expires: str = ""
    title: str = ""
    area: str = ""
    code: str = ""  # of a division, where the id begins with one

    @property
    def mark(self) -> str:
        """Changes when the entry does; "" where nothing tells."""
        return f"{self.updated} {self.id}" if self.updated else ""


def links(content: bytes, address: str) -> list[Link]:
    """In the order of the index. Entries that hold their message themselves are left out.

    Raises Unreadable.
    """
    found: dict[str, Link] = {}
    for element in opened(content).iter(etree.Element):
        if name_of(element)[1] in ENTRIES and not _holds_alert(element):
            link = _link(element, address)
            if link is not None:
                found.setdefault(link.url, link)
        if len(found) > MOST_LINKS:
            raise Unreadable(f"索引里的条目超过 {MOST_LINKS} 条，没有读取。")
    return list(found.values())


def _holds_alert(entry: etree._Element) -> bool:
    return any(cap.is_alert(one) for one in entry.iter(etree.Element))


def _link(entry: etree._Element, address: str) -> Link | None:
    said: dict[str, str] = {}
    for child in entry.iterchildren(etree.Element):
        said.setdefault(name_of(child)[1], text_of(child)[:500])
    url = _url(entry, said)
    if not url:
        return None
    id = said.get("guid") or said.get("id") or said.get("identifier") or ""
    return Link(
        url=_joined(address, url),
        id=id,
        updated=next((said[name] for name in DATED if said.get(name)), ""),
        expires=said.get("expires", ""),
        title=said.get("title", ""),
        area=said.get("areaDesc", ""),
        code=_code(id, url),
    )


def _url(entry: etree._Element, said: dict[str, str]) -> str:
    """The link to CAP before any other; a guid that is a web address where there is none."""
    offered = []
    for child in entry.iterchildren(etree.Element):
        name, rel = name_of(child)[1], child.get("rel", "alternate")
        if name == "enclosure":
            offered.append((child.get("type", ""), child.get("url", "")))
        if name == "link" and rel in {"alternate", "enclosure", "related", "self"}:
            offered.append((child.get("type", ""), child.get("href") or text_of(child)))
    offered = [(kind, url.strip()[:2000]) for kind, url in offered if url.strip()]
    for kind, url in offered:
        if kind.split(";")[0].strip() in CAP_TYPES:
            return url
    if offered:
        return offered[0][1]
    guid = said.get("guid", "")
    return guid if guid.startswith(("http://", "https://")) else ""


def _joined(address: str, url: str) -> str:
    try:
        return urljoin(address, url)
    except ValueError:
        return url


def _code(id: str, url: str) -> str:
    """The division that an id begins with; a guess, "" where it does not look like one."""
    found = _NUMBERED.search(id) or _NUMBERED.search(url) or _LEADING.match(id)
    return found["code"] if found else ""


def concerns(link: Link, code: str) -> bool:
    """Whether a warning may touch a community; yes wherever that cannot be told."""
    prefix = significant(link.code)
    if not prefix or not code:
        return True
    return code.startswith(prefix) or prefix.startswith(significant(code) or code)


def is_over(link: Link, now: datetime) -> bool:
    """Whether the index says that it has expired; no where it does not say when."""
    ends = _instant(link.expires, now.tzinfo)
    return ends is not None and ends < now


def age(link: Link, zone: tzinfo | None) -> float:
    """Larger is newer; what has no date comes last."""
    moment = _instant(link.updated, zone)
    return moment.timestamp() if moment else 0.0


def _instant(text: str, zone: tzinfo | None) -> datetime | None:
    if not text or zone is None:
        return None
    if moment := instant_of(text, zone):
        return moment
    try:
        found = parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None
