"""What is known of a feed: how it is set up, what is remembered of it, what a round gave."""

from datetime import datetime, timedelta

from msgspec import Struct

from server.alerts.feed_index import Link
from server.alerts.reading import Reading

LONGEST_WAIT = timedelta(minutes=15)


class Feed(Struct, frozen=True, kw_only=True):
    """`code` is the division code of the community; "" takes every area."""

    url: str
    code: str = ""
    secrets: tuple[tuple[str, str], ...] = ()  # headers for its own host: a key, a Referer
    every_s: int = 60
    most_new: int = 20  # messages fetched in a round
    round_s: float = 60.0
    timeout_s: float = 20.0  # of one document


class Seen(Struct, frozen=True, kw_only=True):
    """A message that was asked for before."""

    mark: str = ""  # see `Link.mark`; one without is asked for again every round
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    expires: str = ""
    checked_at: str = ""
    problem: str = ""  # why it could not be taken, the last time
    is_gone: bool = False
    tries: int = 0  # in vain


class State(Struct, frozen=True, kw_only=True):
    """What is remembered of a feed between rounds. Instants, "" where there is none."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    seen: dict[str, Seen] = {}
    failing_since: str = ""
    failures: int = 0
    next_at: str = ""
    ok_at: str = ""  # when all of it was last read
    kind: str = ""  # of `feed_kinds`, what it turned out to be
    reason: str = ""  # why it fails


class Fetched(Struct, frozen=True, kw_only=True):
    """New bytes, and what they are understood as."""

    url: str
    content: bytes
    reading: Reading


class Round(Struct, frozen=True, kw_only=True):
    """`outcome` is ok, not_changed or failing; what was fetched counts in any case."""

    outcome: str
    state: State
    fetched: tuple[Fetched, ...] = ()
    left: int = 0  # new messages for the next round
    reason: str = ""
    failing_since: str = ""
    warnings: tuple[str, ...] = ()


def is_due(state: State, now: datetime) -> bool:
    return not state.next_at or datetime.fromisoformat(state.next_at) <= now


def is_open(link: Link, seen: Seen | None, now: datetime, every_s: int) -> bool:
    """Whether a message has to be asked for: new, changed, undated, or failed a while ago."""
    if seen is None or seen.mark != link.mark:
        return True
    if seen.problem:
        again = datetime.fromisoformat(seen.checked_at) + waiting(every_s, seen.tries - 1)
        return again <= now
    return not link.mark


def waiting(every_s: int, failures: int) -> timedelta:
    """How long until the next try after so many before in vain."""
    return min(timedelta(seconds=every_s * 2 ** min(failures, 10)), LONGEST_WAIT)
