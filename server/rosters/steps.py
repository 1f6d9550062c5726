"""Takes one step of an import inside a write transaction, and notes the way back."""

from datetime import timedelta
from typing import Any

import msgspec

from server import identities
from server.identities import Vault
from server.intake import make_operation
from server.intake.receiving import Sender
from server.intake.writing import Writing
from server.rosters.plans import operation_id
from server.store import identities as numbers
from server.store import roster_steps
from server.store.roster_steps import Taken
from sync.records import Household
from sync.refusals import Refusal
from sync.roster_plan import Step

DISPUTED = "和别人刚改的不一样，已放进“冲突”。"


class Author:
    """Whose steps they are, and the device that numbers them."""

    def __init__(self, writing: Writing, person_id: str, device_id: str) -> None:
        self.writing = writing
        self.person_id, self.device_id = person_id, device_id
        self.n = writing.ledgers.next_number(device_id) - 1

    def submit(self, kind: str, data: Any, base: int | None, operation: str) -> str:
        """Record one operation; its outcome. Raises Refusal, and then nothing is kept."""
        writing = self.writing
        raw = make_operation(kind, data, self.n + 1, writing.now, base, "", operation)
        sender = Sender(
            writing.community_id, self.person_id, self.device_id, writing.now, timedelta(0)
        )
        receipt = writing.apply_now(raw, sender)
        self.n += 1
        return receipt.outcome


def take(author: Author, vault: Vault, batch_id: str, number: int, step: Step) -> Taken:
    """Take a step that was not taken before; what it replaced is noted."""
    tx, community_id = author.writing.tx, author.writing.community_id
    taken = Taken(
        number=number,
        kind=step.kind,
        record_id=step.record_id,
        device_id=author.device_id,
        n=0,
        before={**step.before, **_vacated(author.writing, step)},
        said_before=roster_steps.said_of(tx, community_id, step.record_id),
        identity_before=_number_before(author.writing, step),
        sheet=step.place.sheet,
        row=step.place.row,
    )
    if step.kind:
        operation = operation_id(batch_id, number, step)
        base = step.base if step.kind.endswith(".change") else None
        try:
            outcome = author.submit(step.kind, step.data, base, operation)
        except Refusal as refusal:
            taken = taken._replace(state="refused", reason=refusal.sentence)
        else:
            reason = DISPUTED if outcome == "conflict" else ""
            taken = taken._replace(n=author.n, reason=reason)
    if taken.state == "done":
        _remember(author.writing, vault, step)
    roster_steps.add(tx, community_id, batch_id, taken)
    return taken


def _remember(writing: Writing, vault: Vault, step: Step) -> None:
    if step.said:
        said = msgspec.json.encode(step.said).decode()
        roster_steps.say(writing.tx, writing.community_id, step.record_id, said)
    if step.id_number:
        identities.keep(writing.tx, vault, writing.community_id, step.record_id, step.id_number)


def _vacated(writing: Writing, step: Step) -> dict[str, Any]:
    """Whoever moves into a vacant dwelling ends that; on the way back it is vacant again."""
    if step.kind != "resident.add":
        return {}
    home = writing.records.get("household", step.data["household_id"])
    if isinstance(home, Household) and home.tenure == "vacant":
        return {"household_id": home.id, "tenure": home.tenure}
    return {}


def _number_before(writing: Writing, step: Step) -> bytes:
    if not step.id_number:
        return b""
    return msgspec.msgpack.encode(numbers.row_of(writing.tx, writing.community_id, step.record_id))
