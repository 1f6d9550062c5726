"""What a visit says of its pictures: which there are, and which of them have arrived."""

import re
from collections.abc import Collection
from typing import Any

TYPES = frozenset({"image/jpeg", "image/webp"})
MAX_PICTURE = 2 * 1024 * 1024
HASH = re.compile(r"[0-9a-f]{64}")
# What one form offers; a visit of another client that names more loses none of them.
AT_ONE_VISIT = 5
MAX_SAID = 2**31

_EMPTY = {"type": "", "width": 0, "height": 0, "size": 0, "purpose": "photo"}


def named(media: list[Any]) -> list[str]:
    """The hashes that the data or the record of a visit names, each once."""
    return list(dict.fromkeys(name for one in media if (name := _name_of(one))))


def shown(media: list[Any], arrived: Collection[str]) -> list[Any]:
    """Media of a visit's data as its record keeps them. Twin: web/phone/photos.js.

    What names no picture stays as it came and counts for none.
    """
    return [_entry(one, name, arrived) if (name := _name_of(one)) else one for one in media]


def pictures(media: list[Any]) -> list[dict[str, Any]]:
    """The entries of a record that name a picture."""
    return [one for one in media if isinstance(one, dict) and "arrived" in one and _name_of(one)]


def arrive(media: list[Any], name: str) -> list[Any]:
    """Media of a record after this picture came."""
    return [{**one, "arrived": 1} if _name_of(one) == name else one for one in media]


def _entry(one: Any, name: str, arrived: Collection[str]) -> dict[str, Any]:
    said = one if isinstance(one, dict) else {}
    fields = {field: _fit(said.get(field), empty) for field, empty in _EMPTY.items()}
    return {"sha256": name, **fields, "arrived": int(name in arrived)}


def _fit(value: Any, empty: Any) -> Any:
    """A value as a phone can draw it; what it says when nothing is known instead of nonsense."""
    if isinstance(empty, str):
        return value if isinstance(value, str) and 0 < len(value) <= 40 else empty
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return value if is_count and 0 <= value <= MAX_SAID else empty


def _name_of(one: Any) -> str:
    name = one.get("sha256") if isinstance(one, dict) else one
    return name if isinstance(name, str) and HASH.fullmatch(name) else ""
