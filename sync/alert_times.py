"""Times of warnings as senders write them: CAP's own form, and the ways around it."""

import re
from datetime import datetime, timedelta, timezone, tzinfo

# CAP 1.2 §3.2: no letter for the zone, seconds always there.
STANDARD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
LOOSE = re.compile(
    r"(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[T ](?P<clock>\d{1,2}:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s*"
    r"(?P<zone>Z|[-+]\d\d:?\d\d)?"
)
# Years of the Buddhist era are 543 ahead; nobody warns of the 25th century.
BUDDHIST, AHEAD = 2400, 543


def is_standard(text: str) -> bool:
    return STANDARD.fullmatch(text) is not None


def instant_of(text: str, zone: tzinfo) -> datetime | None:
    """The moment a sender means, in `zone` where no offset is said; None: nothing can be read."""
    found = LOOSE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in re.split("[-/]", found["date"]))
    hour, minute, second = (int(part) for part in f"{found['clock']}:0".split(":")[:3])
    if year >= BUDDHIST:
        year -= AHEAD
    try:
        offset = _offset(found["zone"], zone)
        return datetime(year, month, day, hour, minute, second, tzinfo=offset)
    except ValueError:
        return None


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text == "Z":
        text = "+00:00"
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    apart = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if apart >= timedelta(hours=24):
        raise ValueError(text)
    return timezone(sign * apart)
