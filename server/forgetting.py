"""Takes away what is older than it may be kept (`server/retention.py`), of records and of the log.

Phones hear of it like of any change. What belongs to a door with an open matter stays.
"""

from datetime import timedelta
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from server import emptied, retention
from server.intake import Intake
from server.intake.writing import Writing
from server.reports import nightly
from server.store import chain, forgettable, meetings, report_files
from server.store import retention as rows
from server.store.database import Tx
from server.store.records import all_records
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import Answers

AT_ONCE = 200
CLAIMED = timedelta(minutes=30)
NOBODY = Stamp(0, "", 0)
# What each rule takes of which records, in this order.
PARTS = {
    "answers": ("answers",),
    "visits": (
        *("visits", "followups", "tasks", "issues", "weather"),
        *("kept", "disputes", "imports", "outboxes"),
    ),
    "pictures": ("pictures", "issue_pictures"),
    "people": ("people",),
}

Went = dict[str, int]


class Waiting(NamedTuple):
    """What would go now, by part, and how much is held back."""

    went: Went
    held: int


def waiting(tx: Tx, community_id: str, code: str, before: str) -> Waiting:
    """What a night would do, without doing it."""
    if code == "trail":
        return Waiting({"trail": forgettable.old_trail(tx, community_id, before)[0]}, 0)
    if code == "alerts":
        return Waiting({"alerts": forgettable.old_alert_rows(tx, community_id, before)}, 0)
    if code == "reports":
        return Waiting({"reports": len(report_files.old(tx, community_id, before))}, 0)
    doors = _held(tx, community_id, code)
    found = {part: forgettable.old(tx, community_id, part, before) for part in PARTS[code]}
    if code == "answers":
        found["newest"] = _old_answers(tx, community_id, before)
    free = {part: sum(door not in doors for _, door in some) for part, some in found.items()}
    return Waiting(free, sum(map(len, found.values())) - sum(free.values()))


def every_rule(intake: Intake, community_id: str, secret: bytes) -> dict[str, Went]:
    """One night: each rule once, by whoever claims it first; what went."""
    now = intake.clock()
    day, at, until = stamp(now)[:10], stamp(now), stamp(now + CLAIMED)
    done = {}
    for rule in retention.RULES:
        named = (community_id, rule.code, day, at, until)
        taken: bool = intake.do(community_id, partial(_claim, named=named))
        if taken:
            done[rule.code] = _rule(intake, community_id, secret, rule.code, day)
    return done


def _claim(writing: Writing, named: tuple[str, str, str, str, str]) -> bool:
    return rows.claim(writing.tx, *named)


def _rule(intake: Intake, community_id: str, secret: bytes, code: str, day: str) -> Went:
    with intake.store.read() as tx:
        before = before_of(tx, community_id, code, intake)
        held = waiting(tx, community_id, code, before).held
    if code == "trail":
        went = {"trail": intake.do(community_id, partial(_trail, secret=secret, before=before))}
    elif code == "alerts":
        went = {"alerts": intake.do(community_id, partial(_alert_rows, before=before))}
    elif code == "reports":
        went = {"reports": nightly.sweep(intake, community_id, before)}
    else:
        went = _records(intake, community_id, code, before)
    told = {part: count for part, count in went.items() if count}
    intake.do(
        community_id,
        lambda writing: rows.finish(writing.tx, community_id, code, day, before, told, held),
    )
    return told


def before_of(tx: Tx, community_id: str, code: str, intake: Intake) -> str:
    """What is older than this instant goes."""
    days = retention.days_of(tx, community_id)[code]
    return stamp(intake.clock() - timedelta(days=days))


def _records(intake: Intake, community_id: str, code: str, before: str) -> Went:
    """In small transactions: phones go first, and a night that was cut short goes on."""
    went = {}
    for part in PARTS[code]:
        work = partial(_some, part=part, before=before)
        went[part] = 0
        while count := intake.do(community_id, work):
            went[part] += count
    if code == "answers":
        went["newest"] = _newest(intake, community_id, before)
    return went


def _held(tx: Tx, community_id: str, code: str) -> set[str]:
    """What people said about their health goes also while a follow-up is open: that keeps its own
    question and its visits."""
    if code == "answers":
        return rows.held_by_hand(tx, community_id)
    return rows.held_doors(tx, community_id)


def _some(writing: Writing, part: str, before: str) -> int:
    doors = _held(writing.tx, writing.community_id, part)
    found = forgettable.old(writing.tx, writing.community_id, part, before)
    ids = [record_id for record_id, door in found if door not in doors][:AT_ONCE]
    for record_id in ids:
        emptied.EMPTY[part](writing, record_id)
    writing.flush()
    return len(ids)


def _old_answers(tx: Tx, community_id: str, before: str) -> forgettable.Found:
    return [
        (one.id, one.household_id)
        for one in all_records(tx, community_id, "answers")
        if isinstance(one, Answers) and _without(one, before) != one
    ]


def _newest(intake: Intake, community_id: str, before: str) -> int:
    with intake.store.read() as tx:
        doors = rows.held_by_hand(tx, community_id)
        ids = [one for one, door in _old_answers(tx, community_id, before) if door not in doors]
    for start in range(0, len(ids), AT_ONCE):
        batch = ids[start : start + AT_ONCE]
        intake.do(community_id, partial(_empty_people, ids=batch, before=before))
    return len(ids)


def _empty_people(writing: Writing, ids: list[str], before: str) -> None:
    found = [writing.records.get("answers", one) for one in ids]
    after = [_without(one, before) for one in found if isinstance(one, Answers)]
    writing.save(Follows(list(after)), NOBODY)
    writing.flush()


def _without(answers: Answers, until: str) -> Answers:
    """What was answered since; and what a person wants, for as long as they say nothing else."""
    left = {
        name: one
        for name, one in answers.items.items()
        if one["at"] >= until or "." not in name or "sets" in one
    }
    return replace(answers, items=left)


def _alert_rows(writing: Writing, before: str) -> int:
    return forgettable.drop_alert_rows(writing.tx, writing.community_id, before)


def _trail(writing: Writing, secret: bytes, before: str) -> int:
    """Sign where the trail begins from now on, then let what stood before it go."""
    tx, community_id = writing.tx, writing.community_id
    forgettable.drop_wishes(tx, community_id, before)
    meetings.drop(tx, community_id, before[:10])
    count, last = forgettable.old_trail(tx, community_id, before)
    if not count or not secret:
        return 0
    chain.anchor(tx, secret, community_id, last, chain.CUT, stamp(writing.now))
    return forgettable.drop_trail(tx, community_id, last)
