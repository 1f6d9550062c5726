"""What residents asked of what is kept about them, and by when they are answered."""

from typing import Any

from server.store.database import Tx

# The resident of a wish: who asked, or whom their record was merged into since.
WHOSE = """
  join resident on resident.community_id = wish.community_id and resident.id = coalesce((
    select kept.id from resident as kept
    where kept.community_id = wish.community_id and kept.merged_ids <> '[]'
      and exists (select 1 from json_each(kept.merged_ids) where value = wish.resident_id)
  ), wish.resident_id)
"""


def add(tx: Tx, community_id: str, wish_id: str, **said: str) -> bool:
    """`said`: resident, kind, how, asked_on, due_on, note, by, at. False when it came before."""
    made = tx.run(
        """
        insert into wish (community_id, id, resident_id, kind, how, asked_on, due_on, note, by, at)
        values (:community, :id, :resident, :kind, :how, :asked_on, :due_on, :note, :by, :at)
        on conflict (community_id, id) do nothing
        """,
        community=community_id,
        id=wish_id,
        **said,
    )
    return made == 1


def answer(
    tx: Tx, community_id: str, wish_id: str, answer: str, reply: str, by: str, at: str
) -> str:
    """Whose it was; "" when somebody had answered, or there is none."""
    found = tx.value(
        """
        update wish set answer = :answer, reply = :reply, answered_by = :by, answered_at = :at
        where community_id = :community and id = :id and answered_at = ''
        returning resident_id
        """,
        community=community_id,
        id=wish_id,
        answer=answer,
        reply=reply,
        by=by,
        at=at,
    )
    return str(found or "")


def is_known(tx: Tx, community_id: str, wish_id: str) -> bool:
    found = tx.value(
        "select id from wish where community_id = :community and id = :id",
        community=community_id,
        id=wish_id,
    )
    return found is not None


def listed(tx: Tx, community_id: str, resident_id: str = "") -> list[dict[str, Any]]:
    """Of one person, also under ids that were merged into theirs, or of all: those that wait first,
    by the day they are due."""
    return tx.rows(
        f"""
        select wish.id, coalesce(resident.id, wish.resident_id) as resident_id, wish.kind,
          wish.how, wish.asked_on, wish.due_on, wish.note, wish.at,
          wish.answer, wish.reply, wish.answered_at,
          coalesce(resident.name, '') as name, coalesce(household.label, '') as label,
          coalesce(household.building_id, '') as building_id,
          coalesce(author.name, '') as by_name, coalesce(answerer.name, '') as answered_by_name
        from wish
        left {WHOSE}
        left join household on household.community_id = wish.community_id
          and household.id = resident.household_id
        left join person as author on author.community_id = wish.community_id
          and author.id = wish.by
        left join person as answerer on answerer.community_id = wish.community_id
          and answerer.id = wish.answered_by
        where wish.community_id = :community and (:resident = '' or resident.id = :resident)
        order by wish.answered_at <> '', wish.due_on, wish.id
        """,
        community=community_id,
        resident=resident_id,
    )
