"""Operations and warnings reach the server as they came, each at its own moment."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from server import issue_reminders
from server.alerts import stepping
from server.alerts.reading import read
from server.alerts.taking import Source, take
from server.demo.bulletins import Bulletin
from server.demo.ids import MINUTE_MS, local_day
from server.demo.shapes import Town
from server.demo.stream import Entry
from server.intake.receiving import Sender
from server.intake.writing import Writing
from server.store import alerts, issues
from server.store.records import Records
from sync.cascade import Timers
from sync.issue_records import Issue
from sync.operations import stamp
from sync.visits import WINDOW_DAYS

MEDIA_TYPE = "application/cap+xml"
_AT_ONCE = 1000
_A_MOMENT_MS = 400


class Moment(NamedTuple):
    """A warning comes in, or (None) the server looks who has said nothing by now."""

    at_ms: int
    bulletin: Bulletin | None


def moments_of(bulletins: Iterable[Bulletin]) -> list[Moment]:
    found = []
    for one in bulletins:
        found.append(Moment(one.received_ms, one))
        if not one.is_end:
            timers = Timers().of(one.colour)
            waits = timers.repeat, timers.deputy, timers.chief, timers.secretary
            looks = (one.received_ms + round(each * MINUTE_MS) + _A_MOMENT_MS for each in waits)
            found += [Moment(at_ms, None) for at_ms in looks]
    return sorted(found, key=lambda one: one.at_ms)


def parts(
    entries: Iterable[Entry], moments: list[Moment]
) -> Iterator[tuple[list[Moment], list[Entry]]]:
    """Entries of one day between two moments, with the moments before them."""
    times = [one.at_ms for one in moments]
    past = 0

    def key(entry: Entry) -> tuple[object, int]:
        return local_day(entry.received_at), bisect_right(times, entry.received_at)

    for (_, until), group in groupby(entries, key=key):
        yield moments[past:until], list(group)
        past = until
    if past < len(moments):
        yield moments[past:], []


def warn(whole: Writing, town: Town, moment: Moment) -> None:
    """What a moment brings, as the server would have done it then."""
    now = Writing(whole.tx, town.community_id, instant_of(moment.at_ms), seeding=True)
    if moment.bulletin is not None:
        raw = moment.bulletin.raw
        take(now, read(raw), raw, Source(kind="api", media_type=MEDIA_TYPE))
    else:
        for _, _, incident_id in alerts.due(now.tx, stamp(now.now)):
            stepping.step(now, incident_id)
    now.finish()
    whole.moved.update(now.moved)


def receive(whole: Writing, town: Town, chunk: list[Entry]) -> Counter[str]:
    """These operations, as of the moment the last of them came."""
    day = Writing(whole.tx, town.community_id, instant_of(chunk[-1].received_at), seeding=True)
    # What has left the phones' window by now never enters the streams.
    day.feed.windows.window_from = stamp(whole.now - timedelta(days=WINDOW_DAYS))
    outcomes: Counter[str] = Counter()
    sent = [(entry.raw, sender_of(town, entry)) for entry in chunk]
    for start in range(0, len(sent), _AT_ONCE):
        receipts = day.receive_each(sent[start : start + _AT_ONCE])
        outcomes.update(one.outcome for one in receipts)
    day.finish()
    whole.moved.update(day.moved)
    return outcomes


def remind(whole: Writing, town: Town, until_ms: int) -> None:
    """Tell of issues whose time ran out until then, each at its own moment."""
    until = stamp(instant_of(until_ms))
    while found := issues.to_tell(whole.tx, until):
        for _, issue_id in found:
            issue = Records(whole.tx, town.community_id).get("issue", issue_id)
            assert isinstance(issue, Issue)
            at = datetime.fromisoformat(issue.tell_at)
            now = Writing(whole.tx, town.community_id, at, seeding=True)
            issue_reminders.tell(now, issue_id)
            now.finish()
            whole.moved.update(now.moved)


def sender_of(town: Town, entry: Entry) -> Sender:
    at = instant_of(entry.received_at)
    return Sender(town.community_id, entry.person_id, entry.device_id, at, timedelta(0))


def instant_of(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
