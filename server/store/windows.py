"""Which visits of a door phones show: the last dozen within half a year."""

from bisect import bisect_left, insort
from collections.abc import Iterable

from server.store.database import Tx, listed
from sync.records import Visit
from sync.visits import WINDOW_VISITS

# Doors remembered from one transaction to the next.
_MOST_KEPT = 20_000
# One visit as it is ordered: its true time and its id.
Place = tuple[str, ...]


class Windows:
    """The latest visits of each door inside one transaction, oldest first."""

    def __init__(self, tx: Tx, community_id: str, window_from: str) -> None:
        self.tx = tx
        self.community_id = community_id
        self.window_from = window_from
        self._doors: dict[str, list[Place]] = {}
        # Visits of this transaction by door, for doors that are read later.
        self._put: dict[str, set[Place]] = {}

    def expect(self, household_ids: Iterable[str]) -> None:
        """Read these doors in one go."""
        wanted = [one for one in household_ids if one not in self._doors]
        if not wanted:
            return
        found: dict[str, set[Place]] = {one: set(self._put.get(one, ())) for one in wanted}
        names, given = listed(wanted)
        for household_id, true_at, visit_id in self.tx.beneath(
            f"""
            select household_id, true_at, id from (
              select household_id, true_at, id, row_number() over (
                partition by household_id order by true_at desc, id desc
              ) as place
              from visit
              where community_id = :community and true_at >= :since
                and household_id in ({names})
            ) as latest
            where place <= :limit
            """,
            community=self.community_id,
            since=self.window_from,
            limit=WINDOW_VISITS,
            **given,
        ):
            found[household_id].add((true_at, visit_id))
        self._doors.update({door: sorted(places) for door, places in found.items()})

    def put(self, visit: Visit) -> tuple[bool, list[str]]:
        """Whether phones show this visit, and the ids of those that it pushes out."""
        if visit.true_at < self.window_from:
            return False, []
        place = visit.true_at, visit.id
        self._put.setdefault(visit.household_id, set()).add(place)
        self.expect([visit.household_id])
        door = self._doors[visit.household_id]
        del door[: bisect_left(door, (self.window_from,))]
        at = bisect_left(door, place)
        if at == len(door) or door[at] != place:
            insort(door, place)
        gone = [visit_id for _, visit_id in door[:-WINDOW_VISITS]]
        del door[:-WINDOW_VISITS]
        return visit.id not in gone, gone

    def forget(self) -> None:
        self._doors.clear()
        self._put.clear()

    def go_on(self, tx: Tx, window_from: str) -> None:
        """Go on in the next transaction, when nobody wrote in between."""
        self.tx, self.window_from = tx, window_from
        self._put.clear()
        if len(self._doors) > _MOST_KEPT:
            self._doors.clear()
