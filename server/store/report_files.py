"""What came of reports that are made by themselves: a row for each day on which one was due."""

from typing import Any

from server.store.database import Tx
from server.store.schedules import Schedule


def runs(tx: Tx, community_id: str, schedule_id: str) -> dict[str, tuple[str, str]]:
    """What came of each due day: a state, and what was wrong."""
    rows = tx.tuples(
        """
        select due_on, state, problem from report_file
        where community_id = :community and schedule_id = :schedule
        """,
        community=community_id,
        schedule=schedule_id,
    )
    return {due_on: (state, problem) for due_on, state, problem in rows}


def claim(
    tx: Tx, community_id: str, schedule: Schedule, due_on: str, at: str, until: str, again: bool
) -> bool:
    """Take the work of a due day; once more after a failure, when whoever took it is late, and
    `again` when what was made is gone. False when somebody else has it."""
    taken = tx.run(
        """
        insert into report_file (community_id, schedule_id, due_on, report, at, claimed_until)
        values (:community, :schedule, :due_on, :report, :at, :until)
        on conflict (community_id, schedule_id, due_on) do update set
          report = excluded.report, state = 'running', at = excluded.at,
          claimed_until = excluded.claimed_until
        where report_file.claimed_until < excluded.at
          and (report_file.state in ('running', 'failed') or :again)
        """,
        community=community_id,
        schedule=schedule.id,
        due_on=due_on,
        report=schedule.report,
        at=at,
        until=until,
        again=again,
    )
    return taken == 1


def finish(
    tx: Tx, community_id: str, key: tuple[str, str], days: str, place: str, lines: int, at: str
) -> None:
    """`key`: the schedule and the due day."""
    tx.run(
        """
        update report_file set state = 'done', problem = '', days = :days, place = :place,
          lines = :lines, at = :at, claimed_until = ''
        where community_id = :community and schedule_id = :schedule and due_on = :due_on
        """,
        community=community_id,
        schedule=key[0],
        due_on=key[1],
        days=days,
        place=place,
        lines=lines,
        at=at,
    )


def fail(tx: Tx, community_id: str, key: tuple[str, str], days: str, problem: str, at: str) -> bool:
    """Whether this is news: it had not failed of that before. It may be tried again after `at`."""
    before = tx.value(
        """
        select problem from report_file
        where community_id = :community and schedule_id = :schedule and due_on = :due_on
        """,
        community=community_id,
        schedule=key[0],
        due_on=key[1],
    )
    tx.run(
        """
        update report_file set state = 'failed', problem = :problem, days = :days, at = :at,
          claimed_until = :at
        where community_id = :community and schedule_id = :schedule and due_on = :due_on
        """,
        community=community_id,
        schedule=key[0],
        due_on=key[1],
        problem=problem,
        days=days,
        at=at,
    )
    return bool(before != problem)


def files(tx: Tx, community_id: str, limit: int, offset: int) -> list[dict[str, Any]]:
    """What was made and is kept, and what failed and will be tried again; latest first."""
    return tx.rows(
        """
        select file.schedule_id, file.due_on, file.report, file.state, file.problem, file.at,
          file.days, file.place, file.lines, coalesce(person.name, '') as by_name
        from report_file as file
        join report_schedule as schedule on schedule.community_id = file.community_id
          and schedule.id = file.schedule_id
        left join person on person.community_id = schedule.community_id
          and person.id = schedule.set_by
        where file.community_id = :community and (
          file.state = 'done'
          or file.state = 'failed' and schedule.ended_at = '' and file.due_on > schedule.since)
        order by file.at desc, file.due_on desc, file.schedule_id
        limit :limit offset :offset
        """,
        community=community_id,
        limit=limit,
        offset=offset,
    )


def file(tx: Tx, community_id: str, schedule_id: str, due_on: str) -> dict[str, Any] | None:
    """One that was made and is kept."""
    return tx.row(
        """
        select report, days, place, lines from report_file
        where community_id = :community and schedule_id = :schedule and due_on = :due_on
          and state = 'done'
        """,
        community=community_id,
        schedule=schedule_id,
        due_on=due_on,
    )


def kept(tx: Tx, community_id: str) -> set[tuple[str, str]]:
    """The keys of all that was made or is being made."""
    rows = tx.tuples(
        """
        select schedule_id, due_on from report_file
        where community_id = :community and state in ('running', 'done')
        """,
        community=community_id,
    )
    return set(rows)


def old(tx: Tx, community_id: str, before: str) -> list[tuple[str, str]]:
    """The keys of what was made before an instant."""
    return tx.tuples(
        """
        select schedule_id, due_on from report_file
        where community_id = :community and state = 'done' and at < :before
        order by at, schedule_id, due_on
        """,
        community=community_id,
        before=before,
    )


def forget(tx: Tx, community_id: str, before: str) -> int:
    """That it was made stays known, so that it is not made again."""
    return tx.run(
        """
        update report_file set state = 'gone'
        where community_id = :community and state = 'done' and at < :before
        """,
        community=community_id,
        before=before,
    )
