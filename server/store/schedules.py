"""Reports that are made by themselves: which, when, and by whom that was set up."""

import msgspec

from server.store.database import Tx


class Schedule(msgspec.Struct, frozen=True):
    """`day` counts from 1: of the week, or of the month; nothing is due up to `since`."""

    id: str
    report: str
    kind: str
    day: int
    place: str
    since: str
    set_at: str
    by_name: str
    username: str


def current(tx: Tx, community_id: str) -> list[Schedule]:
    """Those that go on, oldest first."""
    rows = tx.rows(
        """
        select schedule.id, schedule.report, schedule.kind, schedule.day, schedule.place,
          schedule.since, schedule.set_at, coalesce(person.name, '') as by_name,
          coalesce(person.username, '') as username
        from report_schedule as schedule
        left join person on person.community_id = schedule.community_id
          and person.id = schedule.set_by
        where schedule.community_id = :community and schedule.ended_at = ''
        order by schedule.made_at, schedule.id
        """,
        community=community_id,
    )
    return msgspec.convert(rows, list[Schedule])


def add(
    tx: Tx,
    community_id: str,
    schedule_id: str,
    values: tuple[str, str, int, str],
    since: str,
    by: str,
    at: str,
) -> bool:
    """`values`: report, kind, day, place. False when the same form came before."""
    report, kind, day, place = values
    made = tx.run(
        """
        insert into report_schedule (community_id, id, report, kind, day, place, since, set_by,
          set_at, made_at)
        values (:community, :id, :report, :kind, :day, :place, :since, :by, :at, :at)
        on conflict (community_id, id) do nothing
        """,
        community=community_id,
        id=schedule_id,
        report=report,
        kind=kind,
        day=day,
        place=place,
        since=since,
        by=by,
        at=at,
    )
    return made == 1


def change(
    tx: Tx,
    community_id: str,
    schedule_id: str,
    values: tuple[str, str, int, str],
    since: str,
    by: str,
    at: str,
) -> bool:
    """False when it was stopped, or is so already."""
    report, kind, day, place = values
    changed = tx.run(
        """
        update report_schedule set report = :report, kind = :kind, day = :day, place = :place,
          since = :since, set_by = :by, set_at = :at
        where community_id = :community and id = :id and ended_at = ''
          and (report <> :report or kind <> :kind or day <> :day or place <> :place)
        """,
        community=community_id,
        id=schedule_id,
        report=report,
        kind=kind,
        day=day,
        place=place,
        since=since,
        by=by,
        at=at,
    )
    return changed == 1


def end(tx: Tx, community_id: str, schedule_id: str, by: str, at: str) -> bool:
    """False when it had ended."""
    ended = tx.run(
        """
        update report_schedule set ended_by = :by, ended_at = :at
        where community_id = :community and id = :id and ended_at = ''
        """,
        community=community_id,
        id=schedule_id,
        by=by,
        at=at,
    )
    return ended == 1
