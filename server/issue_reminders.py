"""Whoever has an issue in hand hears before its time is over, and those above when it is: each
stage once, however often the server looks and whenever it was away."""

import logging
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from server.intake import Intake, issues
from server.intake.writing import Writing
from server.store import issues as reads
from sync import days, issue_telling
from sync.issue_fold import RULE, Entry, with_entries
from sync.issue_records import Issue
from sync.issue_telling import CHIEF, CLOSE, HOLDER, OFFICE, SECRETARY, STAGES, TOLD, Stage
from sync.known import Actor, Known, Moment
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import Building, Community

log = logging.getLogger("jinlin.jobs")

LETTERS = 20
_ENDS = {HOLDER: "", CHIEF: "", OFFICE: "已报到社区办公室。", SECRETARY: "已报到书记。"}
People = list[dict[str, str]]


def schedule(jobs: BackgroundScheduler, intake: Intake) -> None:
    """Look each minute."""
    work = partial(tell_due, intake)
    jobs.add_job(work, "interval", minutes=1, name="issues", max_instances=1, coalesce=True)


def tell_due(intake: Intake) -> int:
    """Tell whoever is to hear by now; how many stages were taken."""
    with intake.store.read() as tx:
        found = reads.to_tell(tx, stamp(intake.clock()))
    taken = 0
    for community_id, issue_id in found:
        try:
            taken += len(intake.do(community_id, partial(tell, issue_id=issue_id)))
        except Exception:  # one issue's trouble is not another's
            log.exception("reminders of issue %s", issue_id)
    return taken


def tell(writing: Writing, issue_id: str) -> list[Stage]:
    """Take the stages of an issue that are due; none when they were taken before."""
    issue = writing.records.get("issue", issue_id)
    community = writing.records.get("community", writing.community_id)
    if not isinstance(issue, Issue) or not isinstance(community, Community):
        return []
    nobody = Actor("", "", "", "", frozenset(), frozenset())
    moment = Moment(writing.now, writing.now, writing.now)
    calendar = Known(writing.records, nobody, moment, community).calendar()
    now = stamp(writing.now)
    due = [one for one in issue_telling.coming(issue, calendar) if one.at <= now]
    told = [(one, _readers(writing, issue, one.name)) for one in due]
    entries = [_entry(issue, one, people, now) for one, people in told]
    # Also when none is due: what was planned by an earlier calendar is planned anew.
    writing.save(Follows([with_entries(issue, entries, calendar)]), Stamp(0, "", 0))
    if told:
        highest, _ = max(told, key=lambda one: STAGES.index(one[0].name))
        message = _message(writing, issue, highest, community.timezone)
        for person_id in sorted({one["id"] for _, readers in told for one in readers}):
            issues.remind(writing, issue, person_id, message)
    writing.flush()
    return due


def _readers(writing: Writing, issue: Issue, stage: str) -> People:
    """Whose phone says so: who has it in hand, else who looks after the building, and from the
    second stage on the grid chief, who alone is to check what is done. The office has its list."""
    if issue.restricted:
        return []
    tx, home = writing.tx, writing.community_id
    today = days.day(stamp(writing.now), _timezone(writing))
    here = reads.carers(tx, home, issue.building_id, today) if issue.building_id else []
    chiefs = [one for one in here if one["role"] == "chief"]
    waits = issue.state == "done_pending_check"
    first = [] if waits else [one for one in here if one["role"] == "worker"]
    if issue.holder and not waits:
        first = reads.on_phone(tx, home, issue.holder)
    found = first if stage == HOLDER and not waits else [*first, *chiefs]
    return [{"id": one["id"], "name": one["name"]} for one in found]


def _entry(issue: Issue, stage: Stage, people: People, now: str) -> Entry:
    return {
        "id": issue_telling.entry_id(issue.id, stage),
        "at": now,
        "by": "",
        "by_name": "",
        "role": RULE,
        "what": TOLD,
        "words": "",
        "inner": "",
        "of": stage.of,
        "limit_at": stage.due_at,
        "stage": stage.name,
        "to": people,
    }


def _message(writing: Writing, issue: Issue, stage: Stage, timezone: str) -> str:
    building = writing.records.get("building", issue.building_id)
    label = building.label if isinstance(building, Building) else ""
    place = " ".join(one for one in (label, issue.place) if one)
    text = issue.text if len(issue.text) <= LETTERS else issue.text[: LETTERS - 1] + "…"
    what = f"“{text}”" + (f"（{place}）" if place else "")
    when = days.local(stage.due_at, timezone)
    when = f"{int(when[5:7])}月{int(when[8:10])}日 {when[11:16]}"
    do = "办结" if stage.of == CLOSE else "处理"
    if issue.state == "done_pending_check":
        do = "核查"
    if stage.name == HOLDER:
        return f"事件快到期：{what}，{when} 前要{do}。"
    return f"事件超期：{what}，该在 {when} 前{do}。{_ENDS[stage.name]}"


def _timezone(writing: Writing) -> str:
    community = writing.records.get("community", writing.community_id)
    assert isinstance(community, Community)
    return community.timezone
