"""Calls that the office will look at, and people who are away: placed on purpose near today."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle

from server.demo.calls import SETTLED_DAYS, Call, in_vain, make
from server.demo.desk import some
from server.demo.phrases import trouble
from server.demo.rounds import Round
from server.demo.shapes import Town

# Waiting for the office today: four declined, two unanswered, two moved, one wrong number, one
# knock after 20:30; with two corrections twelve.
_LATE_FROM, _LATE_UNTIL = 1233, 1262
_GONE = ("hospital", "away", "institution", "away")


def place(rng: random.Random, town: Town, rounds: list[Round], calls: list[Call]) -> list[Call]:
    """The added calls; some of `calls` are moved to a late hour."""
    pick = _Pick(rng, rounds, town.today)
    added: list[Call] = []
    for one in pick.take(some(town, 4), pick.is_late_and_rare):
        added.append(pick.vain(one, "refused", pick.lately()))
    for one in pick.take(some(town, 6), lambda one: pick.is_late_and_rare(one, SETTLED_DAYS + 1)):
        late = (town.today - one.due).days
        added.append(pick.vain(one, "refused", pick.between(SETTLED_DAYS, min(28, late + 3))))
    for one in pick.take(some(town, 2), pick.is_due_soon):
        added.append(pick.vain(one, "no_answer", pick.between(1, 1)))
    for one in pick.take(some(town, 2), pick.is_shared_flat):
        call = pick.vain(one, "moved_out", pick.lately())
        call.resident_ids = [one.household.residents[-1].id]
        added.append(call)
    for one in pick.take(some(town, 1), pick.is_quiet):
        added.append(pick.vain(one, "wrong_info", pick.lately()))
    for one, result in zip(pick.take(some(town, 6), pick.is_alone), cycle(_GONE), strict=False):
        added.append(_gone_for_now(rng, one, result, town.today))
    _make_late(rng, town, calls)
    return added


def _make_late(rng: random.Random, town: Town, calls: list[Call]) -> None:
    """A knock in the last days after 20:30, and five before that the office has seen."""
    knocks = [one for one in calls if one.method == "door" and one.is_effective]
    recent = [one for one in knocks if 0 < (town.today - one.day).days < SETTLED_DAYS]
    older = [one for one in knocks if (town.today - one.day).days >= SETTLED_DAYS]
    chosen = rng.sample(recent, min(len(recent), some(town, 1)))
    chosen += rng.sample(older, min(len(older), some(town, 5)))
    for call in chosen:
        call.minute = rng.uniform(_LATE_FROM, _LATE_UNTIL)


def _gone_for_now(rng: random.Random, one: Round, result: str, today: date) -> Call:
    """Somebody who lives alone and will be back after the next visit would have been due."""
    call = make(rng, one, today, "phone", one.visitor, list(one.needs))
    call.day = one.last + timedelta(days=rng.randint(1, max(1, (today - one.last).days - 1)))
    call.result = result
    call.away_until = (one.due + timedelta(days=rng.randint(2, 12))).isoformat()
    call.note = trouble(rng, call.result)
    return call


class _Pick:
    """Draws doors for what happens there, each at most once."""

    def __init__(self, rng: random.Random, rounds: list[Round], today: date) -> None:
        self._rng = rng
        self._today = today
        self._left = [one for one in rounds if one.household.residents]

    def take(self, count: int, fits: Callable[[Round], bool]) -> list[Round]:
        able = [one for one in self._left if fits(one)]
        taken = self._rng.sample(able, min(len(able), count))
        self._left = [one for one in self._left if one not in taken]
        return taken

    def lately(self) -> date:
        return self.between(1, SETTLED_DAYS - 1)

    def between(self, least: int, most: int) -> date:
        return self._today - timedelta(days=self._rng.randint(least, max(least, most)))

    def vain(self, one: Round, result: str, day: date) -> Call:
        call = in_vain(self._rng, one, day, one.visitor, result)
        call.note = call.note or trouble(self._rng, result)
        return call

    def is_late_and_rare(self, one: Round, days: int = 1) -> bool:
        return one.interval > 31 and (self._today - one.due).days >= days

    def is_due_soon(self, one: Round) -> bool:
        ahead = (one.due - self._today).days
        return 7 < one.interval <= 31 and ahead < 2 and one.last < self._today - timedelta(days=1)

    def is_quiet(self, one: Round) -> bool:
        return one.interval > 31 and one.due > self._today and self._was_seen_before(one)

    def is_shared_flat(self, one: Round) -> bool:
        return (
            one.household.tenure == "rent"
            and len(one.household.residents) > 1
            and (not one.needs and self.is_quiet(one))
        )

    def is_alone(self, one: Round) -> bool:
        alone = len(one.household.residents) == 1 and one.interval in (15, 31)
        return alone and one.due > self._today and self._was_seen_before(one)

    def _was_seen_before(self, one: Round) -> bool:
        """The last effective visit lies before the days on which something may be placed."""
        return one.last < self._today - timedelta(days=SETTLED_DAYS)
