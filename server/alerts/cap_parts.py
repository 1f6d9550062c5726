"""An element of a CAP message and what the schema says of its children.

The order and number of children are those of OASIS CAP 1.2, §3.2. What departs from them is said
and read all the same: messages of real services do.
"""

from collections.abc import Iterator

from lxml import etree

from server.alerts.documents import name_of

# Names in the schema's order; a star: any number of them.
ALERT = (
    "identifier sender sent status msgType source scope restriction addresses code* note references"
    " incidents info*"
)
INFO = (
    "language category* event responseType* urgency severity certainty audience eventCode*"
    " effective onset expires senderName headline description instruction web contact parameter*"
    " resource* area*"
)
AREA = "areaDesc polygon* circle* geocode* altitude ceiling"
MOST_WARNINGS = 50


class Warnings:
    """What was noticed while reading; a hostile file cannot make it long."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}  # in the order they were noticed
        self._more = 0

    def add(self, text: str) -> None:
        if text in self.found:
            return
        if len(self.found) < MOST_WARNINGS:
            self.found[text] = None
        else:
            self._more += 1

    def all(self) -> tuple[str, ...]:
        return (*self.found, f"还有 {self._more} 处没有列出。") if self._more else (*self.found,)


class Part:
    """One element: its children by name, in the namespace of the message."""

    def __init__(self, element: etree._Element, shape: str, warnings: Warnings) -> None:
        self.warnings = warnings
        self._children: dict[str, list[etree._Element]] = {}
        self._label = name_of(element)[1]
        ranks = {name.rstrip("*"): rank for rank, name in enumerate(shape.split())}
        single = {name for name in shape.split() if not name.endswith("*")}
        at = 0
        for name, child in _inside(element):
            if name not in ranks:
                warnings.add(f"{self._label} 里有标准之外的 {name}。")
            elif ranks[name] < at:
                warnings.add(f"{self._label} 里 {name} 的顺序不合标准。")
            elif name in single and name in self._children:
                warnings.add(f"{self._label} 里 {name} 重复，只取第一个。")
            at = max(at, ranks.get(name, 0))
            self._children.setdefault(name, []).append(child)

    def has(self, name: str) -> bool:
        return name in self._children

    def one(self, name: str) -> str:
        found = self._children.get(name)
        return text_of(found[0]) if found else ""

    def many(self, name: str) -> tuple[str, ...]:
        return tuple(text_of(child) for child in self._children.get(name, ()))

    def elements(self, name: str) -> list[etree._Element]:
        return self._children.get(name, [])

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """valueName and value of each; the scheme's name is kept as it was published."""
        found = []
        for child in self.elements(name):
            inside = {label: text_of(one) for label, one in _inside(child)}
            found.append((inside.get("valueName", ""), inside.get("value", "")))
        return tuple(found)


def text_of(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext()).strip()


def _inside(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Children of the same namespace; extensions and signatures of others are left alone."""
    own, _ = name_of(element)
    for child in element.iterchildren(etree.Element):
        namespace, name = name_of(child)
        if namespace == own:
            yield name, child
