"""Ways out of the house: what is handed to a channel, and what may be believed of its answer."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Outcome(StrEnum):
    ACCEPTED = "accepted"  # the channel took it; nobody has seen it yet
    REFUSED = "refused"  # sending the same again would be refused again
    BUSY = "busy"  # try again after `retry_after_s`
    UNREACHABLE = "unreachable"  # no answer that can be believed; it may have gone out all the same
    GONE = "gone"  # this address will never answer again: forget it


class Notice(Struct, frozen=True, kw_only=True):
    """What to say, to whom, and until when it matters.

    Mentions are taken by the channels that know them and change nothing elsewhere.
    """

    title: str
    text: str
    mobiles: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()  # as the group's service names its members
    to_all: bool = False
    is_urgent: bool = True
    incident_id: str = ""  # a later notice about it replaces an earlier one where that is possible
    until: datetime | None = None
    parts_accepted: int = 0  # of an earlier try; they are not said twice


class Delivery(Struct, frozen=True, kw_only=True):
    """What became of a notice, and a sentence for the office that holds no key and no address."""

    outcome: Outcome
    sentence: str
    code: str = ""
    retry_after_s: float = 0.0  # only when something is known about it
    parts_accepted: int = 0
    parts: int = 1


class Channel(Protocol):
    async def send(self, notice: Notice) -> Delivery:
        """Hand it over once. Never raises for what the other side does, and never waits its turn:
        a full minute is answered with busy."""
