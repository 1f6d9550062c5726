"""Operations that cannot be applied yet, or not without the office: held, kept, and tried again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from server.intake.receiving import PredecessorRefused, names_household
from server.store import held, outboxes
from sync.operations import stamp
from sync.refusals import Missing, Refusal

if TYPE_CHECKING:
    from server.intake.writing import Writing

# Never applied as they are; what waits for one of them waits for the office.
REFUSED_STATES = frozenset({"quarantined", "refused"})
UNDECIDED_STATES = frozenset({"held", "quarantined"})


class Waiting:
    """What waits, inside one transaction. Chains may be of any length: nothing here recurses."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.tx = writing.tx
        self.home = writing.community_id
        self.log = writing.log

    def refuse_or_wait(self, operation_id: str, needs: str) -> None:
        """Raises Missing while a predecessor has not been applied, Refusal when it never will."""
        found = self.log.find(needs)
        if found is not None and found.state in REFUSED_STATES:
            raise PredecessorRefused(needs)
        if needs == operation_id:
            raise Refusal("after.cycle")
        if found is None or found.state == "held":
            raise Missing(needs)

    def refuse_gone(self, needs: str) -> None:
        """Raises Refusal when a record that is named is not merely on its way."""
        found = self.log.find(needs)
        if found is None or found.state in ("held", "received"):
            return
        if found.state == "applied":
            raise Refusal("record.gone")
        raise PredecessorRefused(needs)

    def hold(self, operation_id: str, needs: str) -> None:
        ring = self._ring(operation_id, needs)
        for one in ring:
            self.quarantine(one, Refusal("after.cycle"))
        if not ring:
            self.log.wait(operation_id, needs)
            self._settle(operation_id, "held", Refusal("predecessor.missing"))

    def quarantine(self, operation_id: str, refusal: Refusal) -> None:
        """Keep an operation for the office, and with it what waits for it."""
        fallen = deque([(operation_id, refusal)])
        while fallen:
            one, why = fallen.popleft()
            self._keep(one, why)
            for waiter in self.log.waiting_for(one):
                known = self.log.find(waiter)
                if known is not None and known.state == "held":
                    fallen.append((waiter, PredecessorRefused(one)))

    def release(self, settled: list[str]) -> None:
        """Apply what waited for these operations, and what waited for that, and so on."""
        ready = deque(self._waiting_for(settled))
        while ready:
            waiter = ready.popleft()
            before = self.log.find(waiter)
            assert before is not None
            if before.state not in UNDECIDED_STATES:
                continue
            self.log.wait_no_more(waiter)
            if outboxes.brought(self.tx, self.home, [waiter]):
                self.writing.from_file.add(waiter)
            settled = self.writing.attempt(waiter)
            if settled:
                self._tell_released(waiter, before.outcome)
                ready.extend(self._waiting_for(settled))

    def _waiting_for(self, settled: list[str]) -> list[str]:
        return [one for needs in settled for one in self.log.waiting_for(needs)]

    def _ring(self, operation_id: str, needs: str) -> list[str]:
        """The operations that wait for each other with this one; empty when it closes no ring."""
        if needs != operation_id and not self.log.waiting_for(operation_id):
            return []
        ring = [operation_id]
        seen = {operation_id}
        while needs and needs not in seen:
            ring.append(needs)
            seen.add(needs)
            needs = self.log.needs_of(needs)
        return ring if needs == operation_id else []

    def _keep(self, operation_id: str, refusal: Refusal) -> None:
        entry = self.log.get(operation_id)
        if isinstance(refusal, PredecessorRefused):
            self.log.wait(operation_id, refusal.needs)
        else:
            self.log.wait_no_more(operation_id)
        held.keep(
            self.tx,
            self.home,
            key=operation_id,
            operation_id=operation_id,
            device_id=entry.device_id,
            person_id=entry.person_id,
            n=entry.n,
            kind=entry.kind,
            body=entry.body,
            code=refusal.code,
            sentence=refusal.sentence,
            received_at=entry.received_at,
        )
        self._settle(operation_id, "quarantined", refusal)

    def _settle(self, operation_id: str, outcome: str, why: Refusal) -> None:
        entry = self.log.get(operation_id)
        household_id = names_household(entry.body) or why.facts.get("household_id", "")
        self.writing.notices.tell(
            operation_id, entry.person_id, entry.kind, outcome, household_id, why.code, why.sentence
        )
        self.log.settle(
            operation_id,
            outcome=outcome,
            state=outcome,
            code=why.code,
            sentence=why.sentence,
            seqs=self.writing.flush(),
        )

    def _tell_released(self, operation_id: str, before: str) -> None:
        """Whoever was told to wait learns that it is done; a conflict has told them more."""
        known = self.log.get(operation_id)
        if before == "quarantined":
            now = stamp(self.writing.now)
            held.close(self.tx, self.home, operation_id, "released", "", now, "")
        if known.outcome == "accepted":
            self.writing.notices.tell(
                operation_id, known.person_id, known.kind, known.outcome, "", state="accepted"
            )
            self.writing.flush()
