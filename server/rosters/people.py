"""Who imports, and the device that numbers what they import."""

import uuid
from typing import NamedTuple

from server.audit import Author


class Importer(NamedTuple):
    """A signed-in person, or the one the command line acts for."""

    community_id: str
    id: str
    role: str
    address: str = ""

    @property
    def author(self) -> Author:
        return Author(self.id, self.role, self.address)


def device_of(person_id: str) -> str:
    return str(uuid.uuid5(uuid.UUID(person_id), "import"))
