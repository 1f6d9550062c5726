"""Days that an office set to be off, or to be worked, by itself."""

from server.store.database import Tx


def own(tx: Tx, community_id: str, since: str) -> dict[str, bool]:
    """Whether a day is worked, for the days from one on that the office decided."""
    rows = tx.tuples(
        """
        select day_on, worked from holiday
        where community_id = :community and day_on >= :since
        order by day_on
        """,
        community=community_id,
        since=since,
    )
    return {on: bool(worked) for on, worked in rows}


def put(tx: Tx, community_id: str, on: str, worked: bool, by: str, at: str) -> None:
    tx.run(
        """
        insert into holiday (community_id, day_on, worked, set_by, set_at)
        values (:community, :on, :worked, :by, :at)
        on conflict (community_id, day_on) do update set
          worked = excluded.worked, set_by = excluded.set_by, set_at = excluded.set_at
        """,
        **{"community": community_id, "on": on, "worked": int(worked), "by": by, "at": at},
    )


def drop(tx: Tx, community_id: str, first: str, last: str) -> None:
    """These days are again what the rules say."""
    tx.run(
        """
        delete from holiday
        where community_id = :community and day_on >= :first and day_on <= :last
        """,
        community=community_id,
        first=first,
        last=last,
    )
