"""Which columns the street wants in a report, in its order and its words; the office's alone."""

from typing import Any

import msgspec

from server.store.database import Tx

# (code, head) in order.
Chosen = list[tuple[str, str]]


def of(tx: Tx, community_id: str, report: str) -> Chosen:
    """What was chosen; empty when the report is as we made it."""
    found = tx.value(
        "select columns from report_columns where community_id = :community and report = :report",
        community=community_id,
        report=report,
    )
    return msgspec.json.decode(found, type=Chosen) if found else []


def all_of(tx: Tx, community_id: str) -> dict[str, dict[str, Any]]:
    """Every report that was changed: by whom and when."""
    rows = tx.rows(
        """
        select report_columns.report, report_columns.changed_at,
          coalesce(person.name, '') as by_name
        from report_columns
        left join person on person.community_id = report_columns.community_id
          and person.id = report_columns.changed_by
        where report_columns.community_id = :community
        order by report_columns.report
        """,
        community=community_id,
    )
    return {row["report"]: row for row in rows}


def choose(tx: Tx, community_id: str, report: str, chosen: Chosen, by: str, at: str) -> None:
    tx.run(
        """
        insert into report_columns (community_id, report, columns, changed_by, changed_at)
        values (:community, :report, :columns, :by, :at)
        on conflict (community_id, report) do update
        set columns = excluded.columns, changed_by = excluded.changed_by,
          changed_at = excluded.changed_at
        """,
        community=community_id,
        report=report,
        columns=msgspec.json.encode(chosen).decode(),
        by=by,
        at=at,
    )


def reset(tx: Tx, community_id: str, report: str) -> bool:
    """Back to ours; whether there was anything else."""
    changed = tx.run(
        "delete from report_columns where community_id = :community and report = :report",
        community=community_id,
        report=report,
    )
    return changed == 1
