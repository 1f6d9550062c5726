"""The log of operations as they were received, and what became of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import msgspec

from server.store.database import Tx, listed
from sync.operations import MAX_NUMBER, stamp


@dataclass(slots=True)
class Logged:
    """One received operation as it is written down, and what became of it.

    `outcome` is what its receipt said, `state` what it is now: received, held, quarantined,
    applied, refused or replaced.
    """

    id: str
    device_id: str
    n: int
    person_id: str
    kind: str
    at: str
    true_at: str
    received_at: str
    body: bytes
    hash: str
    outcome: str = ""
    code: str = ""
    sentence: str = ""
    state: str = "received"
    seqs: dict[str, int] = field(default_factory=dict)
    household_id: str = ""
    decided_by: str = ""


_NAMES = [one.name for one in fields(Logged)]
_COLUMNS = ", ".join(_NAMES)
_WRITE = (
    f"insert into operation (community_id, {_COLUMNS}) values (?, {', '.join('?' for _ in _NAMES)})"
    " on conflict (community_id, id) do update set "
    + ", ".join(
        f"{name} = excluded.{name}"
        for name in ("outcome", "code", "sentence", "state", "seqs", "household_id", "decided_by")
    )
)


class Oplog:
    """The log of one community inside one transaction, which alone writes to it meanwhile."""

    def __init__(self, tx: Tx, community_id: str) -> None:
        self.tx = tx
        self.community_id = community_id
        self._known: dict[str, Logged | None] = {}
        self._waiters: dict[str, list[str]] = {}

    def expect(self, operation_ids: Iterable[str]) -> None:
        """Look these up in one go, before each is asked for."""
        wanted = [one for one in operation_ids if one not in self._known]
        if not wanted:
            return
        self._known.update(dict.fromkeys(wanted))
        self._waiters.update({one: [] for one in wanted})
        names, given = listed(wanted)
        values = {"community": self.community_id, **given}
        for row in self.tx.tuples(
            f"""
            select {_COLUMNS} from operation
            where community_id = :community and id in ({names})
            """,
            **values,
        ):
            self._known[row[0]] = _logged(row)
        for needs, waiter in self.tx.tuples(
            f"{_WAITING} and waiting.needs in ({names}) {_IN_ORDER}",
            **values,
        ):
            self._waiters[needs].append(waiter)

    def find(self, operation_id: str) -> Logged | None:
        if operation_id not in self._known:
            rows = self.tx.beneath(
                f"select {_COLUMNS} from operation where community_id = :community and id = :id",
                community=self.community_id,
                id=operation_id,
            )
            self._known[operation_id] = _logged(rows[0]) if rows else None
        return self._known[operation_id]

    def get(self, operation_id: str) -> Logged:
        """An operation that was received."""
        found = self.find(operation_id)
        assert found is not None, f"operation {operation_id} was never received"
        return found

    def write(self, logged: Logged) -> None:
        """Write an operation down as received; `settle` says later what became of it."""
        self._known[logged.id] = logged
        self._put(logged)

    def settle(
        self,
        operation_id: str,
        *,
        outcome: str,
        state: str,
        code: str = "",
        sentence: str = "",
        seqs: dict[str, int] | None = None,
        household_id: str = "",
    ) -> None:
        """What became of an operation: its outcome, and its state now."""
        logged = self.get(operation_id)
        logged.outcome, logged.state = outcome, state
        logged.code, logged.sentence = code, sentence
        logged.seqs, logged.household_id = seqs or {}, household_id
        self._put(logged)

    def set_state(self, operation_id: str, state: str, decided_by: str = "") -> None:
        logged = self.get(operation_id)
        logged.state, logged.decided_by = state, decided_by
        self._put(logged)

    def wait(self, operation_id: str, needs: str) -> None:
        """Remember that an operation waits for the one called `needs`."""
        self.tx.run(
            """
            insert into waiting (community_id, operation_id, needs) values (:community, :id, :needs)
            on conflict (community_id, operation_id) do update set needs = excluded.needs
            """,
            community=self.community_id,
            id=operation_id,
            needs=needs,
        )
        self._waiters.clear()

    def wait_no_more(self, operation_id: str) -> None:
        self.tx.run(
            "delete from waiting where community_id = :community and operation_id = :id",
            community=self.community_id,
            id=operation_id,
        )
        self._waiters.clear()

    def waiting_for(self, needs: str) -> list[str]:
        """Operations that wait for this one, in the order of their devices."""
        if needs not in self._waiters:
            rows = self.tx.tuples(
                f"{_WAITING} and waiting.needs = :needs {_IN_ORDER}",
                community=self.community_id,
                needs=needs,
            )
            self._waiters[needs] = [waiter for _, waiter in rows]
        return self._waiters[needs]

    def needs_of(self, operation_id: str) -> str:
        found = self.tx.value(
            "select needs from waiting where community_id = :community and operation_id = :id",
            community=self.community_id,
            id=operation_id,
        )
        return found or ""

    def forget(self) -> None:
        """Drop what is known: a savepoint was rolled back."""
        self.tx.pour()
        self._known.clear()
        self._waiters.clear()

    def _put(self, one: Logged) -> None:
        self.tx.later(
            _WRITE,
            one.id,
            self.community_id,
            one.id,
            one.device_id,
            one.n,
            one.person_id,
            one.kind,
            one.at,
            one.true_at,
            one.received_at,
            one.body,
            one.hash,
            one.outcome,
            one.code,
            one.sentence,
            one.state,
            msgspec.json.encode(one.seqs).decode(),
            one.household_id,
            one.decided_by,
        )


_WAITING = """
    select waiting.needs, waiting.operation_id
    from waiting
    join operation on operation.community_id = waiting.community_id
      and operation.id = waiting.operation_id
    where waiting.community_id = :community
"""
_IN_ORDER = "order by operation.device_id, operation.n, waiting.operation_id"


def see_device(
    tx: Tx,
    community_id: str,
    device_id: str,
    at: datetime,
    offset_ms: int,
    report: dict[str, Any] | None,
) -> None:
    """When a phone was last heard of and what it said of itself; None lets that stand.

    What it has recorded never shrinks: a phone that was emptied says nothing and has lost it.
    """
    tx.run(
        """
        update device set seen_at = :at, offset_ms = :offset, report = coalesce(:report, report),
          recorded = case when recorded < :recorded then :recorded else recorded end
        where community_id = :community and id = :device
        """,
        community=community_id,
        device=device_id,
        at=stamp(at),
        offset=offset_ms,
        report=None if report is None else msgspec.json.encode(report).decode(),
        recorded=_recorded(report),
    )


def _recorded(report: dict[str, Any] | None) -> int:
    """How many operations a phone says it has recorded; 0 when that is no number of ours."""
    said = (report or {}).get("recorded")
    return said if type(said) is int and 0 < said <= MAX_NUMBER else 0


def applied(tx: Tx, community_id: str) -> list[tuple[str, str, str, bytes]]:
    """(id, person, received, body) of every applied operation, in the order of arrival."""
    rows = tx.tuples(
        """
        select id, person_id, received_at, body from operation
        where community_id = :community and state = 'applied'
        order by received_at, id
        """,
        community=community_id,
    )
    return [(one, person_id, received_at, body) for one, person_id, received_at, body in rows]


def _logged(row: tuple[Any, ...]) -> Logged:
    logged = Logged(*row)
    logged.seqs = msgspec.json.decode(row[_NAMES.index("seqs")])
    return logged
