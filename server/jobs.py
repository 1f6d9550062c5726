"""What the server does by itself. Every job may safely run twice."""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from msgspec.structs import replace

from server import forgetting, handover_notes, media, months, rosters, team
from server.alerts import cascading, stepping
from server.intake import Clock, Intake, issues
from server.intake.writing import Writing
from server.store import alerts, chain, feed, system
from server.store import issues as reads
from server.store.records import all_records
from sync import days, festivals
from sync.known import Actor, Known, Moment
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import Community, Household, Issue, only
from sync.visits import WINDOW_DAYS, settle

log = logging.getLogger("jinlin.jobs")

NIGHT = "night"
AT_ONCE = 200
NOTICES_KEPT = timedelta(days=60)
ALERTS_KEPT = timedelta(days=14)
LOOK_EVERY = timedelta(seconds=5)


def scheduler(intake: Intake, timezone: str, secret: bytes) -> BackgroundScheduler:
    """The jobs of a server, to be started with it."""
    jobs = BackgroundScheduler(timezone=timezone)
    night = partial(every_night, intake, secret)
    at = {"hour": 2, "minute": 30}
    jobs.add_job(night, "cron", **at, id=NIGHT, name=NIGHT, misfire_grace_time=6 * 3600)
    return jobs


def go_on_importing(jobs: BackgroundScheduler, intake: Intake, secret: bytes) -> None:
    """Imports that a stopped server left half done go on, at once and whenever one is found."""
    work = partial(rosters.resume, intake, secret)
    jobs.add_job(work, "interval", minutes=1, name="imports", max_instances=1)
    jobs.add_job(work, name="imports at start", misfire_grace_time=None)


def ask_on(jobs: BackgroundScheduler, intake: Intake) -> None:
    """Whoever is asked because of a silence is asked to the second: what falls due before the next
    look has a time of its own."""

    def look() -> None:
        for at in take_due_steps(intake, LOOK_EVERY)[:1]:
            wait = max(at - intake.clock(), timedelta(0))
            jobs.add_job(
                look,
                "date",
                run_date=datetime.now(UTC) + wait,
                id="alerts exactly",
                replace_existing=True,
                misfire_grace_time=None,
            )

    seconds = LOOK_EVERY.total_seconds()
    jobs.add_job(
        look,
        "interval",
        seconds=seconds,
        name="alerts",
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )


def take_due_steps(intake: Intake, ahead: timedelta = timedelta(0)) -> list[datetime]:
    """Take the steps of all warnings that are due; when the next ones are, so far ahead."""
    now = intake.clock()
    for at, community_id, incident_id in stepping.due_until(intake, now):
        try:
            intake.do(community_id, partial(stepping.step, incident_id=incident_id))
        except Exception:  # one warning's trouble is not another's
            log.exception("step of warning %s, due %s", incident_id, at)
    return [at for at, *_ in stepping.due_until(intake, now + ahead) if at > now]


def listen(jobs: BackgroundScheduler, clock: Clock) -> dict[str, Any]:
    """`at`, when the jobs of the night were last done, and whether one `failed`; empty before."""
    nights: dict[str, Any] = {}

    def heard(event: JobExecutionEvent) -> None:
        if event.job_id == NIGHT:
            nights.update(at=clock(), failed=bool(event.exception) or not event.retval)

    jobs.add_listener(heard, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
    return nights


def every_night(intake: Intake, secret: bytes = b"") -> bool:
    """Hand buildings over, let old visits leave the phones, and birthdays count; whether all went
    well."""
    done = True
    with intake.store.read() as tx:
        communities = system.community_ids(tx)
    for community_id in communities:
        try:
            hand_over_buildings(intake, community_id)
            age_visits(intake, community_id)
            age_issues(intake, community_id)
            age_notices(intake, community_id)
            renew_festivals(intake, community_id)
            renew_doors(intake, community_id)
            months.keep(intake, community_id)
            forgetting.every_rule(intake, community_id, secret)
            rosters.tidy(intake, community_id)
            media.drop_orphans(intake, community_id)
            age_alerts(intake, community_id)
            sign_trail(intake, community_id, secret)
        except Exception:  # one community's trouble is not another's
            done = False
            log.exception("nightly jobs of community %s", community_id)
    return done


def hand_over_buildings(intake: Intake, community_id: str) -> int:
    """Tell phones of hand-overs whose day has come; how many people they move."""

    def work(writing: Writing) -> int:
        # Two days back: a night that was missed is made up for.
        since = writing.now.date() - timedelta(days=2)
        handover_notes.begun_since(writing, since.isoformat())
        return team.hand_overs_since(writing, since)

    count: int = intake.do(community_id, work)
    return count


def age_visits(intake: Intake, community_id: str) -> int:
    """Take visits older than the window out of the streams; how many."""

    def work(writing: Writing) -> int:
        since = stamp(writing.now - timedelta(days=WINDOW_DAYS))
        aged = feed.aged_visits(writing.tx, community_id, since)
        for stream, visit_id in aged:
            writing.feed.end(stream, "visit", visit_id)
        writing.flush()
        return len(aged)

    count: int = intake.do(community_id, work)
    return count


def age_issues(intake: Intake, community_id: str) -> int:
    """Take issues that ended long ago out of the streams; how many."""

    def work(writing: Writing) -> int:
        since = stamp(writing.now - timedelta(days=WINDOW_DAYS))
        ids = reads.aged(writing.tx, writing.community_id, since)
        aged = [writing.records.get("issue", one) for one in ids]
        for one in only(Issue, [one for one in aged if one is not None]):
            writing.feed.show(one)
            issues.retell(writing, one)
        writing.flush()
        return len(aged)

    count: int = intake.do(community_id, work)
    return count


def age_notices(intake: Intake, community_id: str) -> int:
    """Take what was settled long ago out of the authors' streams; how many."""

    def work(writing: Writing) -> int:
        aged = feed.aged_notices(writing.tx, community_id, stamp(writing.now - NOTICES_KEPT))
        for stream, notice_id in aged:
            writing.feed.end(stream, "notice", notice_id)
        writing.flush()
        return len(aged)

    count: int = intake.do(community_id, work)
    return count


def age_alerts(intake: Intake, community_id: str) -> int:
    """Take warnings that were over long ago off the phones; how many."""

    def work(writing: Writing) -> int:
        since = stamp(writing.now - ALERTS_KEPT)
        found = alerts.past(writing.tx, community_id, since)
        for incident_id in found:
            cascading.put_away(writing, incident_id)
        writing.flush()
        return len(found)

    count: int = intake.do(community_id, work)
    return count


def sign_trail(intake: Intake, community_id: str, secret: bytes) -> bool:
    """Sign the end of the trail, so that its last rows are missed, too; whether it was not yet."""

    def work(writing: Writing) -> bool:
        n, _ = chain.head(writing.tx, community_id)
        at = stamp(writing.now)
        return chain.anchor(writing.tx, secret, community_id, n, chain.NIGHT, at)

    signed: bool = bool(secret) and intake.do(community_id, work)
    return signed


def renew_festivals(intake: Intake, community_id: str) -> bool:
    """Keep the festivals of this year and the next on the community; whether any came or went."""

    def work(writing: Writing) -> bool:
        community = writing.records.get("community", community_id)
        assert isinstance(community, Community)
        today = days.day(stamp(writing.now), community.timezone)
        known = festivals.current(community.festivals, today)
        if known == community.festivals:
            return False
        writing.save(Follows([replace(community, festivals=known)]), Stamp(0, "", 0))
        writing.flush()
        return True

    changed: bool = intake.do(community_id, work)
    return changed


def renew_doors(intake: Intake, community_id: str) -> int:
    """Compute categories and due days anew: people turn 80 overnight. How many doors changed."""
    with intake.store.read() as tx:
        ids = [one.id for one in all_records(tx, community_id, "household")]
    changed = 0
    for start in range(0, len(ids), AT_ONCE):
        batch = ids[start : start + AT_ONCE]
        changed += intake.do(community_id, partial(_renew, ids=batch))
    return changed


def _renew(writing: Writing, ids: list[str]) -> int:
    community = writing.records.get("community", writing.community_id)
    assert isinstance(community, Community)
    nobody = Actor("", "", "", "", frozenset(), frozenset())
    moment = Moment(writing.now, writing.now, writing.now)
    known = Known(writing.records, nobody, moment, community)
    changed = 0
    for household_id in ids:
        before = writing.records.get("household", household_id)
        if not isinstance(before, Household):
            continue
        follows = settle(before, known.residents(household_id), known)
        writing.save(Follows(follows), Stamp(0, "", 0))
        changed += writing.records.get("household", household_id) != before
    writing.flush()
    return changed
