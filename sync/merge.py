"""Two edits of one record, field by field: what applies, what is kept in dispute, what is late."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Stamp(NamedTuple):
    """Who set a field last: the record's version then, the device and its operation number."""

    version: int
    device: str
    n: int


class Merged(NamedTuple):
    """`applied` become current; `disputed` stay beside it until the office decides."""

    applied: dict[str, Any]
    disputed: dict[str, Any]


def merge(
    current: Mapping[str, Any],
    stamps: Mapping[str, Stamp],
    changes: Mapping[str, Any],
    base: int,
    device: str,
    n: int,
) -> Merged:
    """Set the changed fields of a record that was at version `base` when it was edited.

    A device never conflicts with itself; its lower number arriving late does not overwrite its
    higher one. The same value written twice is agreement, not a conflict.
    """
    applied: dict[str, Any] = {}
    disputed: dict[str, Any] = {}
    for field, value in changes.items():
        last = stamps.get(field)
        if last is not None and last.device == device:
            if n > last.n:
                applied[field] = value
        elif last is not None and last.version > base and current[field] != value:
            disputed[field] = value
        else:
            applied[field] = value
    return Merged(applied, disputed)
