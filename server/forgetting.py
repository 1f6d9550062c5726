"""Takes answers away that are older than they may be kept. Visits and follow-ups stay."""

from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from server.intake import Intake
from server.intake.writing import Writing
from server.store import checkups
from server.store.records import all_records
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import Answers, Record, Visit

# Two years (24 months) of what people said about their health, and not a day more.
KEPT = timedelta(days=730)
AT_ONCE = 200
NOBODY = Stamp(0, "", 0)


def visits(intake: Intake, community_id: str) -> int:
    """Empty the answers of old visits; of how many."""
    forgotten = 0
    while count := intake.do(community_id, _empty_visits):
        forgotten += count
    return forgotten


def people(intake: Intake, community_id: str) -> int:
    """Empty the old answers of people; of how many."""
    until = _until(intake.clock())
    with intake.store.read() as tx:
        found = all_records(tx, community_id, "answers")
    ids = [one.id for one in found if isinstance(one, Answers) and _without(one, until) != one]
    forgotten = 0
    for start in range(0, len(ids), AT_ONCE):
        batch = ids[start : start + AT_ONCE]
        forgotten += intake.do(community_id, partial(_empty_people, ids=batch))
    return forgotten


def _until(now: datetime) -> str:
    return stamp(now - KEPT)


def _empty_visits(writing: Writing) -> int:
    until = _until(writing.now)
    ids = checkups.old_visits(writing.tx, writing.community_id, until, AT_ONCE)
    found = [writing.records.get("visit", one) for one in ids]
    after: list[Record] = [replace(one, checkups=[]) for one in found if isinstance(one, Visit)]
    writing.save(Follows(after), NOBODY)
    writing.flush()
    return len(after)


def _empty_people(writing: Writing, ids: list[str]) -> int:
    until = _until(writing.now)
    found = [writing.records.get("answers", one) for one in ids]
    after: list[Record] = [_without(one, until) for one in found if isinstance(one, Answers)]
    writing.save(Follows(after), NOBODY)
    writing.flush()
    return len(after)


def _without(answers: Answers, until: str) -> Answers:
    """What was answered since; and what a person wants, for as long as they say nothing else."""
    left = {
        name: one
        for name, one in answers.items.items()
        if one["at"] >= until or "." not in name or "sets" in one
    }
    return replace(answers, items=left)
