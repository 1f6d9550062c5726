"""What stands in for a name or a number in whatever leaves the office masked.

Whoever knows the person recognises them; whoever does not learns a surname and four digits.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

# Telephone numbers as people write them, with spaces and short lines between; a day is none.
_NUMBER = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)|\+?\d(?:[ -]?\d){6,13}(?!\d))"
)
_IDENTITY = re.compile(r"(?<!\d)\d{14,17}[\dXx](?!\d)")


def phone(digits: str) -> str:
    """199****0702 for a number; one that is too short to hide anything in shows nothing."""
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def name(full: str) -> str:
    """黄** for a name, whatever its length."""
    return f"{full[:1]}**" if full else ""


def text(said: str, names: Sequence[str]) -> str:
    """A text without these names in full, and without numbers that reach or identify somebody."""
    if names:
        said = _any_of(tuple(names)).sub(lambda found: name(found[0]), said)
    return _NUMBER.sub(_number, _IDENTITY.sub("****", said))


@lru_cache(maxsize=4096)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Longer names first, so that nobody is known by a part of another's."""
    return re.compile("|".join(re.escape(one) for one in sorted(names, key=len, reverse=True)))


def _number(found: re.Match[str]) -> str:
    return found[1] or phone("".join(filter(str.isdigit, found[0])))
