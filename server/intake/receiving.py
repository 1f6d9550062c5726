"""What a push brings and what it is answered: the sender, the receipt, and reading the log back."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from server.store.oplog import Logged
from sync.operations import Envelope, data_as_sent, instant, within
from sync.refusals import Refusal

# No clock is further off than this; beyond it we take the time of receipt.
MAX_OFFSET = timedelta(days=36500)


class Sender(NamedTuple):
    """Whose device sent an operation, when it arrived, and how far our clock is ahead of its."""

    community_id: str
    person_id: str
    device_id: str
    received_at: datetime
    offset: timedelta


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The answer to one element of a push. `id` and `n` are null when it had none."""

    id: str | None
    n: int | None
    outcome: str
    seq: dict[str, int]
    first: str = ""
    code: str = ""
    message: str = ""


class PredecessorRefused(Refusal):
    """Refused because the operation `needs` was; tried again if the office accepts that one."""

    def __init__(self, needs: str) -> None:
        super().__init__("predecessor.refused")
        self.needs = needs


def sender_of(community_id: str, entry: Logged) -> Sender:
    """The sender of an operation as the log tells it."""
    received_at, at, true_at = (
        instant(text) for text in (entry.received_at, entry.at, entry.true_at)
    )
    assert received_at and at and true_at
    return Sender(community_id, entry.person_id, entry.device_id, received_at, true_at - at)


def shifted(at: datetime, offset: timedelta) -> datetime:
    """`at` on our clock; unchanged where no clock can be that far off."""
    return within(at + offset) if abs(offset) < MAX_OFFSET else at


def text_of(envelope: Envelope, name: str) -> str:
    """A string field of an envelope; "" when it is none."""
    value = getattr(envelope.head, name) if envelope.head else _value(envelope.fields.get(name))
    return value if isinstance(value, str) else ""


def names_household(body: bytes) -> str:
    """The household that kept bytes are about, as far as they say so."""
    named = data_as_sent(body).get("household_id")
    return named if isinstance(named, str) and len(named) <= 64 else ""


class _Named(msgspec.Struct, frozen=True):
    """The door that an operation's data names, whatever else is in it."""

    household_id: str = ""


_NAMED = msgspec.json.Decoder(_Named)


def household_in(envelope: Envelope) -> str:
    """The household that an operation names; "" when it names none or cannot be read."""
    try:
        return _NAMED.decode(envelope.head.data).household_id if envelope.head else ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def is_renumbered(one: bytes, other: bytes) -> bool:
    """Whether two texts say the same but for their number: a phone that got a new device numbers
    anew what it could not send, and keeps the ids."""
    first, second = (_value(msgspec.Raw(raw)) for raw in (one, other))
    if not isinstance(first, dict) or not isinstance(second, dict):
        return False
    return {**first, "n": 0} == {**second, "n": 0}


def _value(raw: msgspec.Raw | None) -> Any:
    try:
        return None if raw is None else msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
