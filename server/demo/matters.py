"""What the demo's office has on its desk beside visits: what residents asked of their data, a door
that is held back and a hand-over that comes."""

from datetime import date, timedelta
from typing import NamedTuple

from server import audit, handovers
from server.audit import Author
from server.demo.arriving import instant_of
from server.demo.ids import Minter, instant_ms
from server.demo.shapes import Town
from server.handovers import Agreed
from server.intake import Intake
from server.intake.writing import Writing
from server.store import retention, wishes
from server.store.records import all_records
from sync.operations import stamp
from sync.records import Resident

_ANSWER_DAYS = 15
_COMES_IN_DAYS = 12
BORN_BEFORE = "1950"


class Said(NamedTuple):
    days_ago: int
    kind: str
    how: str
    note: str
    answer: str = ""
    reply: str = ""


_WISHES = (
    Said(40, "see", "oral", "想看社区存了些什么", "done", "当面打印给本人看过，没有要改的"),
    Said(26, "correct", "phone", "出生日期差了一天", "done", "核对身份证后改好，已电话告知"),
    Said(6, "see", "oral", "女儿陪着来，要一份带走"),
)


def add(intake: Intake, town: Town) -> None:
    """Of the same town always the same; it is done once, after the history."""
    home = town.community_id
    with intake.store.read() as tx:
        elders = [
            one
            for one in all_records(tx, home, "resident")
            if isinstance(one, Resident) and "" < one.birth_on < BORN_BEFORE
        ]
    elders.sort(key=lambda one: one.id)
    concerned = elders[:: max(1, len(elders) // len(_WISHES))]

    def work(writing: Writing) -> None:
        for resident, said in zip(concerned, _WISHES, strict=False):
            _wish(writing, town, resident, said)
        _hold(writing, town, concerned[-1])
        _hand_over(writing, town)

    intake.do(home, work)


def _wish(writing: Writing, town: Town, of: Resident, said: Said) -> None:
    days_ago, kind, how, note, answer, reply = said
    on = town.today - timedelta(days=days_ago)
    wish_id = Minter(f"wish {days_ago}").mint(instant_ms(on, 610))
    at, by = _at(on), town.person["office2"]
    due = (on + timedelta(days=_ANSWER_DAYS)).isoformat()
    asked = {"kind": kind, "how": how, "note": note, "asked_on": on.isoformat(), "due_on": due}
    tx, home, author = writing.tx, writing.community_id, Author(by.id, by.role)
    if not wishes.add(tx, home, wish_id, **asked, resident=of.id, by=by.id, at=at):
        return
    audit.note(writing, author, "wish.add", f"resident:{of.id}", detail=due)
    if answer:
        later = _at(on + timedelta(days=3))
        wishes.answer(tx, home, wish_id, answer, reply, by.id, later)
        audit.note(writing, author, "wish.answer", f"resident:{of.id}", detail=answer)


def _hold(writing: Writing, town: Town, of: Resident) -> None:
    on, by = town.today - timedelta(days=19), town.person["secretary"]
    hold_id = Minter("hold").mint(instant_ms(on, 610))
    reason = "邻里纠纷在街道司法所调解，结束以前先留着"
    door = of.household_id
    if retention.hold(writing.tx, writing.community_id, hold_id, door, reason, by.id, _at(on)):
        audit.note(writing, Author(by.id, by.role), "retention.hold", f"household:{door}")


def _hand_over(writing: Writing, town: Town) -> None:
    """The workers of one grid: one gives the other a building."""
    by = town.person["office1"]
    workers = [one for one in town.people if one.role == "worker" and len(one.building_ids) > 1]
    for giver in workers:
        for taker in workers:
            if taker.id != giver.id and taker.grid_ids == giver.grid_ids:
                on = (town.today + timedelta(days=_COMES_IN_DAYS)).isoformat()
                given = sorted(giver.building_ids)[:1]
                agreed = Agreed(giver.id, taker.id, given, on, "门禁卡和空调房钥匙在物业前台")
                handover_id = Minter("handover").mint(instant_ms(town.today, 0))
                handovers.set_handover(writing, Author(by.id, by.role), agreed, handover_id)
                return


def _at(on: date) -> str:
    return stamp(instant_of(instant_ms(on, 610)))
