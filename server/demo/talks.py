"""What the demo's office talked about last Friday: hard issues, one of them decided, two left."""

from datetime import date, timedelta

from server import audit
from server.audit import Author
from server.demo.arriving import instant_of
from server.demo.ids import Minter, instant_ms
from server.demo.shapes import Town
from server.intake import Form, Intake
from server.intake.writing import Writing
from server.store import issue_board, meetings
from server.store.issue_board import Wanted
from server.store.records import Records
from sync.issue_records import Issue
from sync.operations import stamp

_HARD = ("negotiating", "suspended", "calling", "in_progress")
_TALKED_ABOUT = 3
_FRIDAY, _AT = 4, 965
_DECISION = "周三下午请双方到社区谈一次，谈不拢报街道"
_DUE_DAYS = 14


def add(intake: Intake, town: Town) -> None:
    """Of the same town always the same."""
    home, by = town.community_id, town.person["office1"]
    on = town.today - timedelta(days=(town.today.weekday() - _FRIDAY) % 7 or 7)
    minter, at = Minter(f"{town.seed}:talks"), instant_ms(on, _AT)
    hard = _hard(intake, home, stamp(instant_of(at)))
    if not hard:
        return
    meeting_id, due = minter.mint(at), (on + timedelta(days=_DUE_DAYS)).isoformat()
    words = (
        f"周五议事日（{_day(on)}）定：{_DECISION}，{_day(on + timedelta(days=_DUE_DAYS))}前办好。"
    )
    for one in hard:
        data = {"id": one.id, "changes": {"hard": 1}}
        who = (home, by.id, by.device_id)
        intake.submit(Form(*who, "issue.change", data, one.version, id=minter.mint(at)))
    step = {"id": hard[0].id, "step": "note", "words": words}
    intake.submit(Form(home, by.id, by.device_id, "issue.step", step, id=minter.mint(at)))

    def meet(writing: Writing) -> None:
        tx, moment = writing.tx, stamp(instant_of(at))
        said = {"kind": "friday", "held_on": on.isoformat(), "by": by.id, "at": moment}
        there = "街道挂点领导、两委、物业经理、三位楼长"
        meetings.add(
            tx, home, meeting_id, **said, chair=town.person["secretary"].name, present=there
        )
        decided = {"decision": _DECISION, "holder_name": "", "due_on": due}
        meetings.decide(tx, home, meeting_id, hard[0].id, **decided, by=by.id, at=moment)
        meetings.close(tx, home, meeting_id, [one.id for one in hard[1:]], by.id, moment)
        audit.note(writing, Author(by.id, by.role), "meeting.close", f"meeting:{meeting_id}")

    intake.do(home, meet)


def _hard(intake: Intake, community_id: str, before: str) -> list[Issue]:
    """What is not moving: what people do not agree about, then the earliest."""
    with intake.store.read() as tx:
        known = Records(tx, community_id)
        open_ = issue_board.open_ones(tx, community_id, Wanted())
        found = [(_HARD.index(at), known.get("issue", one)) for one, at in open_ if at in _HARD]
    issues = [
        (rank, one.reported_at, one.id, one)
        for rank, one in found
        if isinstance(one, Issue) and one.reported_at < before
    ]
    return [one for *_, one in sorted(issues, key=lambda line: line[:3])][:_TALKED_ABOUT]


def _day(on: date) -> str:
    return f"{on.month}月{on.day}日"
