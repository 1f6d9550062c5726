"""Two months of issues of the demo: who reported them, who took which step, what was said."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from server.demo.delays import Arrivals
from server.demo.departments import departments
from server.demo.desk import ONLINE_MS
from server.demo.ids import MINUTE_MS, instant_ms, local_day, local_minute, weekday_from
from server.demo.issue_texts import MATTERS, Matter
from server.demo.shapes import Building, Person, Town
from server.demo.staff import visitor_of
from server.demo.stream import Act, Acts
from sync.issue_raising import id_of

# A phone sends it after so long when it has a network; nobody reads it sooner than in a while.
_SENT_MS, _READ_MS = 6 * MINUTE_MS, 15 * MINUTE_MS
_BEGIN, _END, _LAST_REPORT, _EVENING = 565, 1065, 900, 1120
_EXTENDED_DAYS = 12
_RATED = (
    *(("yes", "说弄得挺快"), ("yes", "说谢谢，没别的事了"), ("partly", "说好了，就是等得久了点")),
    *(("yes", ""), ("yes", "说现在方便多了"), ("no", "说还是有点味道，希望再看看")),
)
_CHECKED = ("到场看过，好了", "打电话问过，已经好了", "", "")
# Only where the matter says so.
_ONLY_TOLD = ("join", "called", "arrived", "result")
_OF_CALLS = _ONLY_TOLD[1:]
_OFFICE = ("phone", "window", "wechat", "hotline")


class Turn(NamedTuple):
    """A step, so many days after the report. `who` is desk, street, visitor, raiser, or other:
    whoever of visitor and leader did not raise it."""

    after: int
    who: str
    step: str


_TAKEN = (Turn(0, "desk", "accept"), Turn(0, "desk", "assign"))
_BEGUN = (*_TAKEN, Turn(1, "visitor", "start"))
_FIXED = (*_BEGUN, Turn(2, "visitor", "done"), Turn(3, "desk", "check"))
_CALLED = (
    *(*_TAKEN, Turn(0, "other", "join"), Turn(1, "desk", "call")),
    *(Turn(1, "street", "called"), Turn(1, "visitor", "arrived"), Turn(2, "street", "result")),
)
_TALKED = (*_TAKEN, Turn(2, "visitor", "negotiate"))
_HALTED = (*_TAKEN, Turn(2, "desk", "suspend"))
_BACK = Turn(0, "desk", "return")
PLOTS: dict[str, tuple[Turn, ...]] = {
    "reported": (),
    "spot": (),
    "accepted": _TAKEN[:1],
    "assigned": _TAKEN,
    "begun": _BEGUN,
    "done": _FIXED[:-1],
    "fixed": _FIXED,
    "rated": (*_FIXED, Turn(6, "desk", "rate")),
    "quick": (*_TAKEN, Turn(0, "visitor", "done"), Turn(1, "desk", "check")),
    "calling": _CALLED,
    "called": (*_CALLED, Turn(4, "visitor", "done"), Turn(5, "desk", "check")),
    "negotiating": _TALKED,
    "agreed": (
        *(*_TALKED, Turn(9, "visitor", "done")),
        *(Turn(11, "desk", "check"), Turn(14, "desk", "rate")),
    ),
    "returned": (_BACK,),
    "added": (_BACK, Turn(1, "raiser", "resubmit"), *_FIXED[2:]),
    "suspended": _HALTED,
    "rested": (
        *(*_HALTED, Turn(11, "desk", "resume")),
        *(Turn(13, "visitor", "done"), Turn(14, "desk", "check")),
    ),
    "extended": (*_BEGUN, Turn(3, "desk", "extend")),
    "rejected": (
        *(*_FIXED[:-1], Turn(3, "desk", "reject")),
        *(Turn(4, "visitor", "done"), Turn(5, "desk", "check")),
    ),
    "reopened": (*_FIXED, Turn(5, "raiser", "reopen"), Turn(6, "desk", "assign")),
    "cancelled": (Turn(0, "desk", "cancel"),),
    "repeated": (Turn(0, "desk", "duplicate"),),
}


def tell(town: Town, acts: Acts, raising: Iterable[str]) -> None:
    """What was reported, and who looked after what was found at doors: `raising` are follow-ups."""
    helped = [
        one.id
        for one in acts.all
        if one.kind == "alert.contact" and one.data["outcome"] == "needs_help"
    ]
    Issues(town, acts).tell({*raising, *helped})


class Issues:
    def __init__(self, town: Town, acts: Acts) -> None:
        self._rng = random.Random(f"{town.seed}:issues")
        self._town = town
        self._acts = acts
        self._arrivals = Arrivals(acts.all)
        self._visitors = visitor_of(town.people)
        self._desk = [one for one in town.people if one.role in ("office", "secretary")]
        self._ends_ms = instant_ms(town.today, 0) - _READ_MS
        self._orders = self._rated = 0
        self._departments = departments(town)

    def tell(self, raising: set[str]) -> None:
        latest: dict[tuple[str, str], Act] = {}
        for matter in MATTERS:
            building = self._building(matter)
            kind = (building.id, matter.category)
            raised = self._raise(matter, building)
            self._go_on(matter, building, raised, latest.get(kind))
            latest[kind] = raised
        self._check_flagged(raising)

    def _raise(self, matter: Matter, building: Building) -> Act:
        by = self._raiser(matter, building)
        day = _working(self._town.today - timedelta(days=matter.ago))
        at_ms = instant_ms(day, self._rng.uniform(_BEGIN, _LAST_REPORT))
        data: dict[str, Any] = {"building_id": building.id, "category": matter.category}
        data |= {"text": matter.text, "place": matter.place}
        if matter.source in _OFFICE:
            data["source"] = matter.source
        if matter.source == "hotline":
            self._orders += 1
            data["source_number"] = f"GD{day:%Y%m%d}{137 + 211 * self._orders:05d}"
            data["due_on"] = (day + timedelta(days=12)).isoformat()
        if "errand" in matter.said:
            code, *taken = matter.said["errand"].split()
            data |= {"errands": [code], "taken": taken, "whom": "本人"}
        if matter.plot == "spot":
            data |= {"solved_on_spot": True, "level": matter.level}
        raised = self._add(by, at_ms, "issue.raise", data)
        if matter.is_hard:
            change = {"id": raised.id, "changes": {"hard": 1}}
            self._add(self._other(), raised.received_at + _READ_MS, "issue.change", change, 1)
        return raised

    def _go_on(self, matter: Matter, building: Building, raised: Act, before: Act | None) -> None:
        last, done_by = raised, ""
        calls: list[Act] = []
        for turn in PLOTS[matter.plot]:
            at_ms = self._moment(local_day(raised.at_ms) + timedelta(days=turn.after), last)
            if at_ms > self._ends_ms:
                return
            if turn.step in _ONLY_TOLD and turn.step not in matter.said:
                continue
            by = self._person(turn, matter, building, done_by)
            done_by = by.id if turn.step == "done" else done_by
            if turn.step in _OF_CALLS:
                last = self._call(turn.step, matter, by, at_ms, raised, calls)
                continue
            if turn.step == "join":
                kind, data = "issue.join", {"text": matter.said["join"]}
            elif turn.step == "rate":
                kind, data = "issue.rate", self._answer()
            else:
                kind, data = "issue.step", self._step(turn.step, matter, building, at_ms)
            if turn.step == "duplicate" and before:
                data["duplicate_of"] = before.id
            last = self._add(by, at_ms, kind, {"id": raised.id, **data})

    def _call(
        self, step: str, matter: Matter, by: Person, at_ms: int, raised: Act, calls: list[Act]
    ) -> Act:
        """Each department is called, or tells; the last of these."""
        if step == "called":
            for name in matter.said[step].split("、"):
                call = {"id": raised.id, "department_id": self._departments[name].id}
                calls.append(self._add(by, at_ms, "issue.call", call))
            return calls[-1]
        words = matter.said[step] if step == "result" else ""
        about = {"id": raised.id, "step": step, "words": words}
        found = [
            self._add(by, at_ms, "issue.call_step", {**about, "call_id": one.id}) for one in calls
        ]
        return found[-1]

    def _step(self, step: str, matter: Matter, building: Building, at_ms: int) -> dict[str, Any]:
        data: dict[str, Any] = {"step": step, "words": matter.said.get(step, "")}
        if step == "assign":
            data["holder_id"] = self._visitors[building.id].id
        if step == "extend":
            until = local_day(at_ms) + timedelta(days=_EXTENDED_DAYS)
            data["due_on"] = _working(until).isoformat()
        if step == "check":
            data |= {"words": self._rng.choice(_CHECKED), "level": matter.level}
        return data

    def _answer(self) -> dict[str, Any]:
        satisfied, words = _RATED[self._rated % len(_RATED)]
        self._rated += 1
        return {"satisfied": satisfied, "words": words}

    def _check_flagged(self, raising: set[str]) -> None:
        """What was found at doors was done by whoever closed it; another looks, days later."""
        for closing in [one for one in self._acts.all if one.kind == "followup.close"]:
            if closing.data["id"] not in raising:
                continue
            issue_id = id_of(closing.data["id"])
            seen = self._look(issue_id, closing, 1, self._other(), "revisit")
            if seen is not None:
                self._look(issue_id, seen, 2, self._other(closing.person_id), "check")

    def _look(self, issue_id: str, last: Act, after: int, by: Person, step: str) -> Act | None:
        day = weekday_from(local_day(last.received_at) + timedelta(days=after))
        at_ms = instant_ms(day, self._rng.uniform(_BEGIN, _END))
        if at_ms > self._ends_ms:
            return None
        return self._add(by, at_ms, "issue.step", {"id": issue_id, "step": step})

    def _moment(self, day: date, last: Act) -> int:
        """On this working day or the one before it, after what came last was read."""
        at_ms = instant_ms(_working(day), self._rng.uniform(_BEGIN, _END))
        soonest = last.received_at + _READ_MS + self._rng.randint(0, 50) * MINUTE_MS
        if local_minute(soonest) > _EVENING:
            soonest = instant_ms(weekday_from(local_day(soonest) + timedelta(days=1)), _BEGIN)
        is_same_day = day == local_day(last.at_ms)
        return soonest if is_same_day else max(at_ms, soonest)

    def _person(self, turn: Turn, matter: Matter, building: Building, done_by: str) -> Person:
        if turn.who == "visitor" or (turn.who == "other" and matter.source == "leader"):
            return self._visitors[building.id]
        if turn.who == "street":
            return next(one for one in self._town.people if one.role == "street")
        if turn.who == "other":
            return self._town.leaders[building.id]
        return self._raiser(matter, building) if turn.who == "raiser" else self._other(done_by)

    def _raiser(self, matter: Matter, building: Building) -> Person:
        if matter.source == "leader":
            return self._town.leaders[building.id]
        return self._other() if matter.source in _OFFICE else self._visitors[building.id]

    def _other(self, but: str = "") -> Person:
        """Somebody of the office, who is not this person."""
        return self._rng.choice([one for one in self._desk if one.id != but])

    def _building(self, matter: Matter) -> Building:
        here = [one for one in self._town.buildings if one.compound == matter.compound]
        return here[(matter.nth - 1) % len(here)]

    def _add(self, by: Person, at_ms: int, kind: str, data: dict[str, Any], base: int = 0) -> Act:
        received_ms = at_ms + ONLINE_MS
        if by not in self._desk and by.role != "street":
            received_ms = max(at_ms + _SENT_MS, self._arrivals.of(by.device_id, at_ms))
        author = by.id, by.device_id
        return self._acts.add(author, at_ms, kind, data, base=base, received_at=received_ms)


def _working(day: date) -> date:
    """This day, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))
