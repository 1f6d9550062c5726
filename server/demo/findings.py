"""Where visitors found something, what became of it, and who does not want to be asked."""

import random
from datetime import timedelta
from typing import Any, NamedTuple

from server.demo import health
from server.demo.asking import ASKED_DAYS, Asking, elders, is_asked
from server.demo.calls import Call
from server.demo.desk import Desk, some
from server.demo.health import Finding
from server.demo.ids import MINUTE_MS, instant_ms, iso, local_day, local_minute
from server.demo.shapes import Resident, Town
from server.demo.stream import Act, Acts
from sync import errands
from sync.checklist_rules import Flagged
from sync.checklists import ELDER
from sync.default_checklists import default_checklist
from sync.followups import flagged_id
from sync.issue_raising import URGENT

_HOUR_MS = 60 * MINUTE_MS
# By now what was found before is settled, and looked at again where it must be.
_SETTLED, _LOOKED_AT_AGAIN = 14, 28
_AMBER_ROUNDS = 3
_LATE_RED, _LATE_AMBER = (7,), (5, 20, 33, 41)
_SAYING_NO, _IN_WRITING = 6, 2
_OPEN = 1 << 62
_BY_DESK = 0.3


class Place(NamedTuple):
    """Somebody who is asked at a call; the first time they are asked everything."""

    call: Call
    one: Resident
    is_first: bool


class Found(NamedTuple):
    finding: Finding
    is_late: bool = False
    is_open: bool = False


class Findings:
    """Goes through the calls once, in the order in which they were made."""

    def __init__(self, town: Town, calls: list[Call], desk: Desk, acts: Acts) -> None:
        self._rng = random.Random(f"{town.seed}:found")
        self._town = town
        self._calls = calls
        self._desk = desk
        self._acts = acts
        self._every = {one.id for one in default_checklist(ELDER).questions if one.every}
        self._found: dict[tuple[str, str], Found] = {}
        # By person: what was found and until when it was so.
        self._now: dict[str, tuple[dict[str, Any], int]] = {}
        # What was closed and had raised an issue, by its id.
        self.raising: list[str] = []

    def ask_everybody(self) -> None:
        met = [one for one in self._calls if is_asked(one, self._town.today)]
        no, written = self._unwilling(met)
        places = _places(met, written)
        self._choose([one for one in places if one.one.id not in no])
        asking = Asking(self._town, frozenset(no))
        for call, one, is_first in places:
            self._ask(asking, call, one)
            if is_first:
                self._verify(call, one)
        for call in self._calls:
            is_wanted = call.type == "weather" and call.day >= self._day(ASKED_DAYS)
            if is_wanted and call.resident_ids:
                call.checkups += [
                    asking.ask_of_weather(one) for one in elders(call) if one.id not in written | no
                ][:1]

    def _unwilling(self, met: list[Call]) -> tuple[set[str], set[str]]:
        """Who says no when they are asked, and who wrote to the office before anybody asked."""
        alone = {
            call.household.residents[0].id: call
            for call in met
            if len(call.household.residents) == 1 and elders(call)
        }
        chosen = self._rng.sample(sorted(alone), min(len(alone), some(self._town, _SAYING_NO)))
        several = len(chosen) > 1
        written = set(chosen[:_IN_WRITING] if len(chosen) > _IN_WRITING else chosen[:several])
        for place, resident_id in enumerate(sorted(written)):
            first = self._day(ASKED_DAYS + 9 - place)
            data = {"resident_id": resident_id, "consent": "no", "method": "written"}
            self._desk.add(self._desk.morning(first), "consent.record", data)
        return set(chosen) - written, written

    def _choose(self, places: list[Place]) -> None:
        self._rng.shuffle(places)
        taken: set[str] = set()
        for days, finding in (*health.STILL_RED, *health.STILL_AMBER):
            self._put(Found(finding, is_open=True), self._about(places, days), taken)
        for days, finding in health.LATELY_RED[: some(self._town, len(health.LATELY_RED))]:
            self._put(Found(finding), self._about(places, days), taken)
        long_ago = [one for one in places if one.call.day < self._day(_LOOKED_AT_AGAIN)]
        for place, finding in enumerate(health.RED + health.NOW):
            self._put(Found(finding, place in _LATE_RED), long_ago, taken)
        before = [one for one in places if one.call.day < self._day(_SETTLED)]
        rounds = health.AMBER * _AMBER_ROUNDS
        for place, finding in enumerate(rounds[: some(self._town, len(rounds))]):
            self._put(Found(finding, place in _LATE_AMBER), before, taken)

    def _about(self, places: list[Place], days: int) -> list[Place]:
        """Whom somebody met so many days ago, or nearly so."""
        return sorted(places, key=lambda one: abs((self._town.today - one.call.day).days - days))

    def _put(self, found: Found, places: list[Place], taken: set[str]) -> None:
        """At the first place that fits of somebody with whom nothing else was found."""
        for one in places:
            fits = one.is_first or found.finding.question in self._every
            if fits and one.one.id not in taken:
                taken.add(one.one.id)
                self._found[one.call.id, one.one.id] = found
                return

    def _verify(self, call: Call, one: Resident) -> None:
        """Whoever is asked for the first time also says whether that number is still right."""
        author = call.visitor.id, call.visitor.device_id
        for contact in call.household.contacts:
            if contact.resident_id == one.id and contact.relation != "self":
                data = {"id": contact.id, "changes": {"verified_on": call.day.isoformat()}}
                self._acts.add(author, call.at_ms + 1000, "contact.change", data, base=1)

    def _ask(self, asking: Asking, call: Call, one: Resident) -> None:
        found = self._found.get((call.id, one.id))
        values, until = self._now.get(one.id, ({}, 0))
        if found is not None:
            values, until = {found.finding.question: found.finding.value}, _OPEN
        checkup, set_off = asking.ask(one, call.day, values if call.at_ms < until else {})
        call.checkups.append(checkup)
        if found is None:
            return
        call.note = ""
        flag = next(one for one in set_off if one.question == found.finding.question)
        if flag.card:
            checkup["cards"] = [_card(flag.card, call.started_ms or call.at_ms)]
        # Whoever comes before it is done finds it as it was.
        until = _OPEN if found.is_open else self._close(call, one, found, set_off) - 36 * _HOUR_MS
        self._now[one.id] = values, until

    def _close(self, call: Call, one: Resident, found: Found, set_off: list[Flagged]) -> int:
        question = found.finding.question
        mine = [flag for flag in set_off if flag.question == question]
        at_ms = self._moment(call.at_ms, min(flag.hours for flag in mine), found.is_late)
        item = f"{ELDER}.{question}"
        data = {"id": flagged_id(call.id, one.id, item), "result": found.finding.result}
        is_next_day = at_ms > instant_ms(call.day + timedelta(days=1), 600)
        by_desk = is_next_day and self._rng.random() < _BY_DESK
        author = call.visitor.id, call.visitor.device_id
        if mine[0].office_only or by_desk:
            act = self._desk.add(at_ms, "followup.close", data)
        else:
            act = self._acts.add(author, at_ms, "followup.close", data)
        if any(flag.level in URGENT or flag.kind == errands.FLAG for flag in mine):
            self.raising.append(data["id"])
        if mine[0].recheck_days and not mine[0].office_only:
            self._look_again(call, act)
        return at_ms

    def _moment(self, at_ms: int, hours: int, is_late: bool) -> int:
        """Inside the limit or after it, at a time when people work."""
        least, most = (1.15, 1.9) if is_late else (0.1, 0.92)
        moments = [
            at_ms + round(self._rng.uniform(least, most) * hours * _HOUR_MS) for _ in "012345"
        ]
        working = [one for one in moments if 570 < local_minute(one) < 1080]
        return (working or moments)[0]

    def _look_again(self, call: Call, closing: Act) -> None:
        """The task that closing made is done by a later visit, or by the office."""
        later = closing.at_ms + 48 * _HOUR_MS
        for one in self._calls:
            in_time = later < one.at_ms < later + 7 * 24 * _HOUR_MS
            if one.household is call.household and one.is_effective and in_time:
                one.task_ids = [*one.task_ids, closing.id]
                return
        day = local_day(closing.at_ms) + timedelta(days=7)
        self._desk.add(
            self._desk.afternoon(day), "task.close", {"id": closing.id, "status": "done"}
        )

    def _day(self, ago: int) -> Any:
        return self._town.today - timedelta(days=ago)


def _places(met: list[Call], written: set[str]) -> list[Place]:
    seen: set[str] = set()
    found = []
    for call in met:
        for one in elders(call):
            if one.id not in written:
                found.append(Place(call, one, one.id not in seen))
                seen.add(one.id)
    return found


def _card(card_id: str, at_ms: int) -> dict[str, Any]:
    """The card that an answer opened, with who was called from it."""
    called = {"gas": ("gas", "office"), "unwell": ("120", "contact", "office")}
    calls = [
        {"to": to, "at": iso(at_ms + (place + 1) * 2 * MINUTE_MS)}
        for place, to in enumerate(called.get(card_id, ("contact", "office")))
    ]
    closed = iso(at_ms + 9 * MINUTE_MS)
    return {"id": card_id, "opened_at": iso(at_ms + MINUTE_MS), "calls": calls, "closed_at": closed}
