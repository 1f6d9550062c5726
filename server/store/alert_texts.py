"""What an office says of warnings in its own words, by kind and colour."""

import msgspec

from server.store.database import Tx
from sync.alert_texts import Own


def own(tx: Tx, community_id: str) -> list[Own]:
    """All of them, by kind and colour."""
    rows = tx.rows(
        """
        select kind, colour, message, short, guide, source, dated_on from alert_text
        where community_id = :community
        order by kind, colour
        """,
        community=community_id,
    )
    return [
        Own(
            kind=row["kind"],
            colour=row["colour"],
            message=row["message"],
            short=row["short"],
            points=msgspec.json.decode(row["guide"], type=tuple[str, ...]),
            source=row["source"],
            dated_on=row["dated_on"],
        )
        for row in rows
    ]


def put(tx: Tx, community_id: str, said: Own, by: str, at: str) -> None:
    tx.run(
        """
        insert into alert_text
          (community_id, kind, colour, message, short, guide, source, dated_on,
           changed_by, changed_at)
        values (:community, :kind, :colour, :message, :short, :guide, :source, :dated_on,
          :by, :at)
        on conflict (community_id, kind, colour) do update set
          message = excluded.message, short = excluded.short, guide = excluded.guide,
          source = excluded.source, dated_on = excluded.dated_on,
          changed_by = excluded.changed_by, changed_at = excluded.changed_at
        """,
        community=community_id,
        kind=said.kind,
        colour=said.colour,
        message=said.message,
        short=said.short,
        guide=msgspec.json.encode(said.points).decode(),
        source=said.source,
        dated_on=said.dated_on,
        by=by,
        at=at,
    )


def drop(tx: Tx, community_id: str, kind: str, colour: str) -> bool:
    """Back to ours; whether there was anything else."""
    changed = tx.run(
        """
        delete from alert_text
        where community_id = :community and kind = :kind and colour = :colour
        """,
        community=community_id,
        kind=kind,
        colour=colour,
    )
    return changed == 1


def names_within(tx: Tx, community_id: str, text: str) -> list[str]:
    """Residents whose whole name stands in a text."""
    found = tx.tuples(
        """
        select distinct name from resident
        where community_id = :community and length(name) > 1 and instr(:text, name) > 0
        order by name
        limit 3
        """,
        community=community_id,
        text=text,
    )
    return [name for (name,) in found]
