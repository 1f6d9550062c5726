"""Cuts a long text for services that count bytes: at lines and sentences, never in a character."""

import unicodedata
from collections.abc import Iterator

MAX_PARTS = 5
MAX_TITLE_BYTES = 240

_JOINER = "\u200d"
_ENDS = frozenset("。！？!?；;…")
_CLOSERS = frozenset("”’」』）)】》\"'")
_PAUSES = frozenset("，、：,: \t\u3000")
_MARKS = frozenset({"Mn", "Me", "Mc"})


class TooLong(Exception):
    def __init__(self, parts: int) -> None:
        super().__init__(f"{parts} parts")
        self.parts = parts


def numbered(title: str, text: str, limit: int) -> list[str]:
    """The whole as it is, or parts （1/2） that each begin with the title.

    Every part has the title because some robots take only what contains a word of theirs.
    Raises TooLong for more than `MAX_PARTS`.
    """
    whole = f"{title}\n{text}" if title else text
    if size(whole) <= limit:
        return [whole]
    head = f"{title}\n" if title and size(title) <= MAX_TITLE_BYTES else ""
    body = text if head else whole
    found = pieces(body, limit - size(f"（{MAX_PARTS}/{MAX_PARTS}）{head}"))
    if len(found) > MAX_PARTS:
        raise TooLong(len(found))
    return [f"（{number}/{len(found)}）{head}{one}" for number, one in enumerate(found, 1)]


def pieces(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` bytes that together are the text again."""
    units = [part for unit in clusters(text) for part in _fitting(unit, limit)]
    found, start = [], 0
    while start < len(units):
        end = _cut(units, start, limit)
        found.append("".join(units[start:end]))
        start = end
    return found


def size(text: str) -> int:
    return len(text.encode())


def clusters(text: str) -> Iterator[str]:
    """What a reader takes for one character: an emoji with its skin, a family, a flag, a keycap."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _belongs(text, start, at):
            yield text[start:at]
            start = at


def _belongs(text: str, start: int, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if before == _JOINER or (before, char) == ("\r", "\n"):
        return True
    if _is_flag_letter(char):
        return at - start == 1 and _is_flag_letter(before)
    return (
        char == _JOINER
        or unicodedata.category(char) in _MARKS
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin
        or "\U000e0020" <= char <= "\U000e007f"  # letters of a region's flag
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _fitting(unit: str, limit: int) -> Iterator[str]:
    """The unit, or its code points when somebody piled up more marks than a message holds."""
    if size(unit) <= limit:
        yield unit
    else:
        yield from unit


def _cut(units: list[str], start: int, limit: int) -> int:
    """Where the piece that begins at `start` ends: at the last best place in its second half."""
    end, held = start, 0
    ranks: list[tuple[int, int]] = []
    while end < len(units) and (end == start or held + size(units[end]) <= limit):
        held += size(units[end])
        end += 1
        if held * 2 >= limit:
            ranks.append((_rank(units, end), end))
    return end if end == len(units) else max(ranks, default=(0, end))[1]


def _rank(units: list[str], end: int) -> int:
    """How good it is to stop before `end`: a line, a sentence, a pause, anywhere."""
    last = units[end - 1]
    if last in ("\n", "\r\n"):
        return 3
    if end < len(units) and units[end] in _CLOSERS:
        return 0
    if last in _ENDS or (last in _CLOSERS and end > 1 and units[end - 2] in _ENDS):
        return 2
    return 1 if last in _PAUSES else 0
