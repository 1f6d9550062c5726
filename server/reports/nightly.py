"""Makes the reports that are due by themselves and keeps them as files, always masked.

Every hour from three in the morning on: what one night could not make, because the server was off
or the disk full, a later hour does. Two servers may ask at once: whoever claims a day makes it.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from apscheduler.schedulers.background import BackgroundScheduler

from server import audit, files
from server.audit import Author
from server.intake import Intake
from server.intake.writing import Writing
from server.reports import scheduling, taking, workbooks
from server.reports.catalogue import REPORTS
from server.reports.definition import Order
from server.reports.places import place_of
from server.store import report_files as rows
from server.store import schedules, system, trouble
from server.store.records import Records
from server.store.schedules import Schedule
from sync import days
from sync.operations import stamp
from sync.records import Community
from sync.refusals import Refusal

log = logging.getLogger("jinlin.jobs")

FOLDER = "reports"
FROM = "03:00"
CLAIMED = timedelta(minutes=30)
NOBODY = Author("", "")

Key = tuple[str, str]


class Made(NamedTuple):
    days: str
    place: str
    lines: int


class Due(NamedTuple):
    """One file to be made; `again` when what was made before is gone."""

    community: Community
    schedule: Schedule
    on: str
    again: bool

    @property
    def key(self) -> Key:
        return self.schedule.id, self.on

    @property
    def span(self) -> tuple[str, str]:
        return scheduling.span_before(self.schedule.kind, self.on)

    @property
    def days(self) -> str:
        return " 至 ".join(self.span)


def schedule(jobs: BackgroundScheduler, intake: Intake) -> None:
    jobs.add_job(
        partial(make_due, intake),
        "cron",
        minute=40,
        name="reports",
        misfire_grace_time=1800,
        max_instances=1,
    )


def make_due(intake: Intake) -> int:
    """Make what is due and was not made; how many files. One that fails leaves the others."""
    made = 0
    for due in list(_due(intake)):
        home = due.community.id
        if not intake.do(home, partial(_claim, due=due)):
            continue
        try:
            done = _make(intake, due)
        except Exception as problem:
            log.exception("report %s, due %s", due.schedule.id, due.on)
            intake.do(home, partial(_tell_failed, due=due, problem=_cause(problem)))
        else:
            intake.do(home, partial(_tell_made, due=due, done=done))
            made += 1
    return made


def path_of(intake: Intake, community_id: str, key: Key) -> Path:
    return _folder(intake, community_id) / f"{key[0]}-{key[1]}.xlsx"


def sweep(intake: Intake, community_id: str, before: str) -> int:
    """Take away files made before an instant, and any that nobody knows of; how many were known."""

    def work(writing: Writing) -> int:
        tx, home = writing.tx, writing.community_id
        for key in rows.old(tx, home, before):
            path_of(intake, home, key).unlink(missing_ok=True)
        count = rows.forget(tx, home, before)
        known = {path_of(intake, home, key) for key in rows.kept(tx, home)}
        folder = _folder(intake, home)
        for path in folder.iterdir() if folder.is_dir() else ():
            if not any(path.name.startswith(one.name) for one in known):
                path.unlink(missing_ok=True)
        return count

    count: int = intake.do(community_id, work)
    return count


def _folder(intake: Intake, community_id: str) -> Path:
    return intake.store.path.parent / FOLDER / community_id


def _due(intake: Intake) -> Iterator[Due]:
    now = stamp(intake.clock())
    with intake.store.read() as tx:
        for home in system.community_ids(tx):
            community = Records(tx, home).get("community", home)
            assert isinstance(community, Community)
            at = days.local(now, community.timezone)
            today = at[:10] if at[11:] >= FROM else days.after(at[:10], -1)
            for one in schedules.current(tx, home):
                done = rows.runs(tx, home, one.id)
                for on in scheduling.due_days(one, today):
                    state, _ = done.get(on, ("", ""))
                    lost = state == "done" and not path_of(intake, home, (one.id, on)).exists()
                    if lost or state not in ("done", "gone"):
                        yield Due(community, one, on, lost)


def _claim(writing: Writing, due: Due) -> bool:
    at, until = stamp(writing.now), stamp(writing.now + CLAIMED)
    home = writing.community_id
    return rows.claim(writing.tx, home, due.schedule, due.on, at, until, due.again)


def _make(intake: Intake, due: Due) -> Made:
    community, asked = due.community, due.schedule
    report = REPORTS[asked.report]
    now = days.local(stamp(intake.clock()), community.timezone)
    with intake.store.read() as tx:
        place = place_of(tx, community.id, asked.place)
        what = " ".join(filter(None, (report.title, due.days, place.word)))
        who = f"{asked.by_name}（{asked.username}）定的，{now.replace('T', ' ')} 自动做好"
        mark = f"{community.name} {what} · {who} · 姓名、电话已打码"
        order = Order(*due.span, **place.where)
        taken = taking.take(tx, community, report, order, now[:10], mark, masked=True)
        written = workbooks.of_report(taken)
    files.keep(path_of(intake, community.id, due.key), written.content)
    return Made(due.days, place.word, written.lines)


def _cause(problem: Exception) -> str:
    """A code of ours, or of trouble with the disk; "unexpected" for what nobody expected."""
    if isinstance(problem, Refusal):
        return "place.gone" if problem.code == "field.unknown" else problem.code
    return trouble.cause(problem) or "unexpected"


def _tell_made(writing: Writing, due: Due, done: Made) -> None:
    home, at = writing.community_id, stamp(writing.now)
    rows.finish(writing.tx, home, due.key, done.days, done.place, done.lines, at)
    said = " · ".join(filter(None, (done.days, done.place, f"{done.lines} 行", "打码")))
    audit.note(writing, NOBODY, "report.made", due.schedule.report, detail=said)


def _tell_failed(writing: Writing, due: Due, problem: str) -> None:
    home, at = writing.community_id, stamp(writing.now)
    if rows.fail(writing.tx, home, due.key, due.days, problem, at):
        target = due.schedule.report
        audit.note(writing, NOBODY, "report.made", target, outcome="failed", detail=due.days)
