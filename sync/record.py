"""What every record has: an id, and a version that rises with each applied change."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What all records share. `version` rises by one with every applied change.

    No record is ever part of a cycle, so the collector need not look at them.
    """

    id: str
    version: int = 1


R = TypeVar("R", bound=Record)


def only(struct: type[R], records: Iterable[Record]) -> list[R]:
    """Those that are of this kind. No kind is a kind of another, and to ask for the very type is
    ten times quicker than `isinstance` where the answer is no."""
    return [one for one in records if type(one) is struct]
