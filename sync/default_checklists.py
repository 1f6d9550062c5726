"""The lists that every community starts with, as files in `sync/defaults/`."""

from functools import cache
from importlib import resources

import msgspec

from sync.checklists import ELDER, Checklist

DEFAULTS = (ELDER, "CK-WIND", "CK-RAIN", "CK-HEAT", "CK-COLD", "CK-AFTER", "CK-FIRE")

# Before any visit that can be recorded, so that no day is without a list.
FROM_ON = "2020-01-01"


@cache
def default_checklist(code: str) -> Checklist:
    """The first edition of a list; its id is its code and edition ("CK-ELDER.1")."""
    file = resources.files("sync") / "defaults" / f"{code.lower().replace('-', '_')}.json"
    head = {"id": f"{code}.1", "edition": 1, "from_on": FROM_ON}
    return msgspec.convert(msgspec.json.decode(file.read_bytes()) | head, Checklist)


def default_checklists() -> list[Checklist]:
    return [default_checklist(code) for code in DEFAULTS]
