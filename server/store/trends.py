"""How much was done, week after week."""

from collections.abc import Sequence

import msgspec

from server.store.database import Tx


def visits(
    tx: Tx, community_id: str, spans: Sequence[tuple[str, str]]
) -> list[tuple[int, int, int]]:
    """Of each stretch of instants: met at the door, spoken to by telephone or video, nobody met."""
    rows = tx.tuples(
        """
        select span.key,
          coalesce(sum(visit.result in ('met', 'met_family') and visit.method = 'door'), 0),
          coalesce(sum(visit.result in ('met', 'met_family', 'phone_ok')
            and visit.method <> 'door'), 0),
          coalesce(sum(visit.result not in ('met', 'met_family', 'phone_ok')), 0)
        from json_each(:spans) as span
        left join visit on visit.community_id = :community and visit.withdrawn = 0
          and visit.true_at >= span.value ->> 0 and visit.true_at < span.value ->> 1
        group by span.key
        order by span.key
        """,
        community=community_id,
        spans=msgspec.json.encode(spans).decode(),
    )
    return [tuple(counts) for _, *counts in rows]
