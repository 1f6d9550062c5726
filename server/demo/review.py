"""What the office looked at: approved, sent back, corrected, withdrawn; the newest still waits."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from server.demo.calls import SETTLED_DAYS, Call
from server.demo.desk import Desk, days_ago, some
from server.demo.ids import MINUTE_MS, local_day
from server.demo.shapes import Household, Town
from server.demo.stream import Acts
from sync.visits import ASKED_RESULTS

_RETURNED_OPEN, _RETURNED_DONE = 2, 4
_CORRECTED_OPEN, _CORRECTED_DONE = 2, 8
_WITHDRAWN = 8
_RETURN_REASON = "请补一句：当时怎么联系的，下次什么时候再去"
_ADDED = ("补记：已约下周三上午再去", "补记：与家属通了电话，知情", "补记：楼长当天下午见到本人")
_CORRECTED_NOTES = (
    "更正：见到的是本人和女儿",
    "更正：上次写错门牌，内容不变",
    "更正：血压药已续上",
)


@dataclass(slots=True)
class Review:
    """Goes through the calls once and adds what followed from each."""

    rng: random.Random
    town: Town
    desk: Desk
    acts: Acts

    def go_through(self, calls: list[Call]) -> None:
        asked = [one for one in calls if one.minute or one.result in ASKED_RESULTS]
        settled = [one for one in asked if self._is_settled(one)]
        open_returns = some(self.town, _RETURNED_OPEN)
        returned = settled[-open_returns:]
        settled = settled[:-open_returns]
        long_ago = [one for one in settled if one.day < days_ago(self.town.today, 2 * SETTLED_DAYS)]
        answered = self.rng.sample(long_ago, min(len(long_ago), some(self.town, _RETURNED_DONE)))
        for call in returned:
            self._send_back(call)
        for call in settled:
            if any(call is one for one in answered):
                self._answer(call, self._send_back(call))
            else:
                self._approve(call, call.at_ms)

        plain = [one for one in calls if one.is_effective and not one.minute and not one.followup]
        self._correct(plain)
        self._withdraw(plain)

    def _is_settled(self, call: Call) -> bool:
        return call.day <= days_ago(self.town.today, SETTLED_DAYS)

    def _approve(self, call: Call, after_ms: int) -> None:
        day = local_day(after_ms) + timedelta(days=1)
        self.desk.add(self.desk.morning(day), "review.approve", {"id": call.id})

    def _send_back(self, call: Call) -> int:
        data = {"id": call.id, "reason": _RETURN_REASON, "field": "note"}
        day = call.day + timedelta(days=1)
        return self.desk.add(self.desk.morning(day), "review.return", data).at_ms

    def _answer(self, call: Call, returned_ms: int) -> None:
        at_ms = returned_ms + self.rng.randint(300, 480) * MINUTE_MS
        note = f"{call.note}。{self.rng.choice(_ADDED)}" if call.note else self.rng.choice(_ADDED)
        self._add(call, at_ms, "visit.correct", {"id": call.id, "changes": {"note": note}})
        self._approve(call, at_ms)

    def _correct(self, plain: list[Call]) -> None:
        recent = [one for one in plain if not self._is_settled(one)]
        older = [one for one in plain if self._is_settled(one)]
        chosen = self.rng.sample(recent, min(len(recent), some(self.town, _CORRECTED_OPEN)))
        chosen += self.rng.sample(older, min(len(older), some(self.town, _CORRECTED_DONE)))
        for index, call in enumerate(chosen):
            note = _CORRECTED_NOTES[index % len(_CORRECTED_NOTES)]
            at_ms = call.at_ms + self.rng.randint(15, 180) * MINUTE_MS
            self._add(call, at_ms, "visit.correct", {"id": call.id, "changes": {"note": note}})
            if self._is_settled(call):
                self._approve(call, at_ms)

    def _withdraw(self, plain: list[Call]) -> None:
        """A tap on the wrong door, right before the visit at the right one was recorded."""
        doors: dict[str, list[Household]] = defaultdict(list)
        for one in self.town.households:
            doors[one.building_id].append(one)
        older = [
            one
            for one in plain
            if self._is_settled(one) and one.method == "door" and len(doors[one.building.id]) > 1
        ]
        for call in self.rng.sample(older, min(len(older), some(self.town, _WITHDRAWN))):
            wrong = next(one for one in doors[call.building.id] if one is not call.household)
            at_ms = call.at_ms - self.rng.randint(40, 80) * 1000
            tapped = call.data() | {"household_id": wrong.id, "resident_ids": []}
            for only_right in (
                "note",
                "started_at",
                "ended_at",
                "task_ids",
                "checkups",
                "followup",
            ):
                tapped.pop(only_right, None)
            act_id = self._add(call, at_ms, "visit.record", tapped)
            data = {"id": act_id, "reason": "点错门了"}
            self._add(call, at_ms + 25_000, "visit.withdraw", data)

    def _add(self, call: Call, at_ms: int, kind: str, data: dict[str, Any]) -> str:
        author = call.visitor.id, call.visitor.device_id
        return self.acts.add(author, at_ms, kind, data).id
