"""Meetings about hard issues, and what they decided of each."""

from typing import Any

from server.store.database import Tx, listed

MAX_LISTED = 500


def add(tx: Tx, community_id: str, meeting_id: str, **said: str) -> bool:
    """`said`: kind, held_on, chair, present, by, at. False when it came before."""
    made = tx.run(
        """
        insert into meeting (community_id, id, kind, held_on, chair, present, made_by, made_at)
        values (:community, :id, :kind, :held_on, :chair, :present, :by, :at)
        on conflict (community_id, id) do nothing
        """,
        community=community_id,
        id=meeting_id,
        **said,
    )
    return made == 1


def find(tx: Tx, community_id: str, meeting_id: str) -> dict[str, Any] | None:
    return tx.row(
        """
        select id, kind, held_on, chair, present, note, made_at, closed_at
        from meeting where community_id = :community and id = :id
        """,
        community=community_id,
        id=meeting_id,
    )


def on_day(tx: Tx, community_id: str, kind: str, held_on: str) -> str:
    """The meeting of this kind on a day; "" for none."""
    found = tx.value(
        """
        select id from meeting
        where community_id = :community and kind = :kind and held_on = :held_on
        order by id limit 1
        """,
        community=community_id,
        kind=kind,
        held_on=held_on,
    )
    return found or ""


def newest(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """The last ones first, each with how many issues it saw and decided."""
    return tx.rows(
        """
        select meeting.id, meeting.kind, meeting.held_on, meeting.chair, meeting.closed_at,
          count(item.issue_id) as seen, coalesce(sum(item.decision <> ''), 0) as decided
        from meeting
        left join meeting_item as item on item.community_id = meeting.community_id
          and item.meeting_id = meeting.id
        where meeting.community_id = :community
        group by meeting.id
        order by meeting.held_on desc, meeting.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_LISTED,
    )


def change(tx: Tx, community_id: str, meeting_id: str, **said: str) -> None:
    """`said`: chair, present and note, as they are from now on."""
    tx.run(
        """
        update meeting set chair = :chair, present = :present, note = :note
        where community_id = :community and id = :id and closed_at = ''
        """,
        community=community_id,
        id=meeting_id,
        **said,
    )


def decide(tx: Tx, community_id: str, meeting_id: str, issue_id: str, **said: str) -> None:
    """`said`: decision, holder_name, due_on, by, at. What it decided before of this issue is said
    anew."""
    tx.run(
        """
        insert into meeting_item (community_id, meeting_id, issue_id, decision, holder_name,
          due_on, decided_by, decided_at)
        values (:community, :meeting, :issue, :decision, :holder_name, :due_on, :by, :at)
        on conflict (community_id, meeting_id, issue_id) do update set
          decision = excluded.decision, holder_name = excluded.holder_name,
          due_on = excluded.due_on, decided_by = excluded.decided_by,
          decided_at = excluded.decided_at
        """,
        community=community_id,
        meeting=meeting_id,
        issue=issue_id,
        **said,
    )


def close(tx: Tx, community_id: str, meeting_id: str, left: list[str], by: str, at: str) -> bool:
    """It is over; of the issues that are `left` it decided nothing. False when it was before."""
    closed = tx.run(
        """
        update meeting set closed_by = :by, closed_at = :at
        where community_id = :community and id = :id and closed_at = ''
        """,
        community=community_id,
        id=meeting_id,
        by=by,
        at=at,
    )
    for issue_id in left if closed else ():
        tx.run(
            """
            insert into meeting_item (community_id, meeting_id, issue_id)
            values (:community, :meeting, :issue)
            on conflict (community_id, meeting_id, issue_id) do nothing
            """,
            community=community_id,
            meeting=meeting_id,
            issue=issue_id,
        )
    return closed == 1


def items(tx: Tx, community_id: str, meeting_id: str) -> dict[str, dict[str, Any]]:
    """What a meeting saw, by issue: in the order in which it was decided, the rest behind."""
    rows = tx.rows(
        """
        select issue_id, decision, holder_name, due_on, decided_at
        from meeting_item
        where community_id = :community and meeting_id = :meeting
        order by decision = '', decided_at, issue_id
        """,
        community=community_id,
        meeting=meeting_id,
    )
    return {row["issue_id"]: row for row in rows}


def before(
    tx: Tx, community_id: str, issue_ids: list[str], held_on: str
) -> dict[str, dict[str, Any]]:
    """What was decided last of these issues at a meeting before a day, by issue."""
    if not issue_ids:
        return {}
    marks, given = listed(issue_ids)
    rows = tx.rows(
        f"""
        select item.issue_id, item.decision, item.holder_name, item.due_on, meeting.kind,
          meeting.held_on
        from meeting_item as item
        join meeting on meeting.community_id = item.community_id and meeting.id = item.meeting_id
        where item.community_id = :community and item.decision <> '' and meeting.held_on < :day
          and item.issue_id in ({marks})
        order by meeting.held_on, item.decided_at, item.issue_id
        """,
        community=community_id,
        day=held_on,
        **given,
    )
    return {row["issue_id"]: row for row in rows}


def forget(tx: Tx, community_id: str, issue_id: str) -> None:
    """What was decided of an issue whose words are gone."""
    tx.run(
        """
        update meeting_item set decision = case when decision = '' then '' else '…' end
        where community_id = :community and issue_id = :issue
        """,
        community=community_id,
        issue=issue_id,
    )


def drop(tx: Tx, community_id: str, before_day: str) -> None:
    """Meetings that were held before a day, whole."""
    tx.run(
        """
        delete from meeting_item where community_id = :community and meeting_id in (
          select id from meeting where community_id = :community and held_on < :day
        )
        """,
        community=community_id,
        day=before_day,
    )
    tx.run(
        "delete from meeting where community_id = :community and held_on < :day",
        community=community_id,
        day=before_day,
    )
