"""The log of operations as they were received, and what became of each."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import astuple, replace

from server.store.database import Tx, listed


class Logged(msgspec.Struct, frozen=True, gc=False):
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
    seqs: dict[str, int] = {}
    household_id: str = ""
    decided_by: str = ""


_NAMES = Logged.__struct_fields__
_COLUMNS = ", ".join(_NAMES)
_SEQS = _NAMES.index("seqs") + 1
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
        for row in self.tx.beneath(
            f"""
            select {_COLUMNS} from operation
            where community_id = :community and id in ({names})
            """,
            **values,
        ):
            self._known[row[0]] = _logged(row)
        for needs, waiter in self.tx.beneath(
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
        self._put(
            replace(
                self.get(operation_id),
                outcome=outcome,
                state=state,
                code=code,
                sentence=sentence,
                seqs=seqs or {},
                household_id=household_id,
            )
        )

    def set_state(self, operation_id: str, state: str, decided_by: str = "") -> None:
        self._put(replace(self.get(operation_id), state=state, decided_by=decided_by))

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

    def go_on(self, tx: Tx) -> None:
        """Go on in the next transaction: what was received before is hardly asked for again."""
        self.tx = tx
        self._known.clear()
        self._waiters.clear()

    def _put(self, one: Logged) -> None:
        self._known[one.id] = one
        self.tx.later(_WRITE, one.id, (self.community_id, one), _row)


def _row(given: tuple[str, Logged]) -> list[Any]:
    community_id, logged = given
    row = [community_id, *astuple(logged)]
    row[_SEQS] = msgspec.json.encode(logged.seqs).decode()
    return row


_WAITING = """
    select waiting.needs, waiting.operation_id
    from waiting
    join operation on operation.community_id = waiting.community_id
      and operation.id = waiting.operation_id
    where waiting.community_id = :community
"""
_IN_ORDER = "order by operation.device_id, operation.n, waiting.operation_id"


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
    return replace(Logged(*row), seqs=msgspec.json.decode(row[_SEQS - 1]))


def kind_of(tx: Tx, community_id: str, operation_id: str) -> str:
    """What kind of operation this is; "" when it was never received."""
    found = tx.value(
        "select kind from operation where community_id = :community and id = :id",
        community=community_id,
        id=operation_id,
    )
    return found or ""


def latest(tx: Tx) -> str:
    """When the last operation of all came; "" before the first."""
    return str(tx.value("select max(received_at) from operation") or "")
