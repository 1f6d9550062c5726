"""Ids and instants that come out the same from the same seed."""

import random
from datetime import date, timedelta

DAY_MS = 86_400_000
MINUTE_MS = 60_000

_EPOCH = date(1970, 1, 1).toordinal()
_OFFSET_MS = 8 * 60 * MINUTE_MS


class Minter:
    """Makes version 7 uuids: 48 bits of time, the rest from the seed."""

    def __init__(self, seed: str) -> None:
        self._bits = random.Random(seed).getrandbits

    def mint(self, at_ms: int) -> str:
        value = at_ms << 80 | 7 << 76 | self._bits(12) << 64 | 2 << 62 | self._bits(62)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def minted_at(record_id: str) -> int:
    """The instant inside an id, in milliseconds UTC."""
    return int(record_id[:8] + record_id[9:13], 16)


def instant_ms(day: date, minute: float) -> int:
    """Milliseconds UTC of a minute of a local day (+08:00)."""
    return (day.toordinal() - _EPOCH) * DAY_MS - _OFFSET_MS + round(minute * MINUTE_MS)


def local_day(at_ms: int) -> date:
    return date.fromordinal((at_ms + _OFFSET_MS) // DAY_MS + _EPOCH)


def local_minute(at_ms: int) -> float:
    """Minutes since local midnight."""
    return (at_ms + _OFFSET_MS) % DAY_MS / MINUTE_MS


def iso(at_ms: int) -> str:
    """ISO 8601 with the community's offset, as a phone writes it."""
    day, rest = divmod(at_ms + _OFFSET_MS, DAY_MS)
    seconds, ms = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    on = date.fromordinal(day + _EPOCH).isoformat()
    return f"{on}T{hour:02d}:{minute:02d}:{second:02d}.{ms:03d}+08:00"


def weekday_from(day: date) -> date:
    """This day, or the Monday after it."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
