"""What of a feed's round is for this community, and what of it is for the first time."""

from collections.abc import Iterable

from msgspec import structs

from server.alerts.reading import Reading
from sync.alert_areas import Covers, Place, covers, prefixes
from sync.alerts import Area, Info, Message


def bound(reading: Reading, code: str) -> Reading:
    """A service asked for one place names no area: what cannot be compared is of that place."""
    if not code:
        return reading
    messages = tuple(_placed(one, code) for one in reading.messages)
    return structs.replace(reading, messages=messages)


def _placed(message: Message, code: str) -> Message:
    infos = tuple(
        info if _is_comparable(info) else structs.replace(info, areas=_with_code(info, code))
        for info in message.infos
    )
    return structs.replace(message, infos=infos)


def _is_comparable(info: Info) -> bool:
    return any(prefixes(area) or area.polygons or area.circles for area in info.areas)


def _with_code(info: Info, code: str) -> tuple[Area, ...]:
    first, *others = info.areas or (Area(),)
    return (structs.replace(first, geocodes=(*first.geocodes, ("division", code))), *others)


def ours(messages: Iterable[Message], place: Place) -> tuple[Message, ...]:
    """Those that cover the place, and those of which nobody can tell."""
    return tuple(
        one
        for one in messages
        if covers([area for info in one.infos for area in info.areas], place) is not Covers.NO
    )
