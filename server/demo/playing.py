"""The demo on the clock of its story: the rest of the day happens as its time comes."""

import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from server.alerts.reading import read
from server.alerts.taking import Source, take
from server.demo.arriving import MEDIA_TYPE, sender_of
from server.demo.bulletins import Bulletin
from server.demo.ids import instant_ms
from server.demo.shapes import Town
from server.demo.story import storm_of
from server.demo.stream import Entry
from server.intake import Intake, Push

Beat = tuple[int, Entry | Bulletin]


class Clock:
    """Goes like any other, from another time on."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


class Player:
    """Sends what the story has for today; what is there already changes nothing."""

    def __init__(self, town: Town, entries: Iterable[Entry]) -> None:
        self._town = town
        midnight = instant_ms(town.today, 0)
        today = ((one.received_at, one) for one in entries if one.received_at >= midnight)
        said = ((one.bulletin.received_ms, one.bulletin) for one in storm_of(town).parts)
        beats: chain[Beat] = chain(said, today)
        self._left: deque[Beat] = deque(sorted(beats, key=lambda beat: beat[0]))

    def play(self, intake: Intake) -> None:
        """Everything whose time has come, each as of its own time."""
        now_ms = round(intake.clock().timestamp() * 1000)
        while self._left and self._left[0][0] <= now_ms:
            _, what = self._left.popleft()
            if isinstance(what, Bulletin):
                source = Source(kind="api", media_type=MEDIA_TYPE)
                reading = read(what.raw)
                work = partial(take, reading=reading, raw=what.raw, source=source)
                intake.do(self._town.community_id, work)
            else:
                intake.push(Push(sender_of(self._town, what), [what.raw], None))
