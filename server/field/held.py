"""The shelf of a signed-in person: what their phone would hold, read from the feed."""

from server.field.shelf import Fields, MemoryShelf
from server.people import Person
from server.store import feed
from server.store.database import Tx


class HeldShelf:
    """Reads a kind of record when a page first asks for it."""

    def __init__(self, tx: Tx, person: Person) -> None:
        self.tx = tx
        self.person = person
        self._kinds: dict[str, MemoryShelf] = {}

    def all(self, kind: str) -> list[Fields]:
        return self._of_kind(kind).all(kind)

    def get(self, kind: str, record_id: str) -> Fields | None:
        """A record, also by an id that it had before it was merged."""
        shelf = self._of_kind(kind)
        merged = (one for one in shelf.all(kind) if record_id in one.get("merged_ids", ()))
        return shelf.get(kind, record_id) or next(merged, None)

    def of(self, kind: str, field: str, value: str) -> list[Fields]:
        return self._of_kind(kind).of(kind, field, value)

    def _of_kind(self, kind: str) -> MemoryShelf:
        if kind not in self._kinds:
            found = [
                (kind, record)
                for stream in self.person.streams
                for record in feed.shown(self.tx, self.person.community_id, stream, kind)
            ]
            self._kinds[kind] = MemoryShelf(found)
        return self._kinds[kind]
