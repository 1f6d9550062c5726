"""What every record has: an id, and a version that rises with each applied change."""

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What all records share. `version` rises by one with every applied change.

    No record is ever part of a cycle, so the collector need not look at them.
    """

    id: str
    version: int = 1
