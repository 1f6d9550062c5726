"""Who brought which picture, and which visits speak of it."""

from typing import Any

from server.store.database import Tx, listed
from sync.media import named
from sync.records import Visit


def refer(tx: Tx, community_id: str, visit: Visit) -> None:
    """Note the pictures a visit speaks of."""
    for name in named(visit.media):
        tx.run(
            """
            insert into media_visit (community_id, sha256, visit_id, person_id)
            values (:community, :name, :visit, :person)
            on conflict (community_id, sha256, visit_id) do nothing
            """,
            community=community_id,
            name=name,
            visit=visit.id,
            person=visit.by,
        )


def add(tx: Tx, community_id: str, person_id: str, name: str, at: str, **said: Any) -> None:
    """A picture has come from this person: `type`, `width`, `height`, `size`."""
    tx.run(
        """
        insert into media (community_id, sha256, person_id, type, width, height, size, arrived_at)
        values (:community, :name, :person, :type, :width, :height, :size, :at)
        on conflict (community_id, sha256, person_id) do update set arrived_at = excluded.arrived_at
        """,
        community=community_id,
        name=name,
        person=person_id,
        at=at,
        **said,
    )


def brought(tx: Tx, community_id: str, person_id: str, names: list[str]) -> set[str]:
    """Those of these pictures that this person has brought."""
    if not names:
        return set()
    marks, given = listed(names)
    rows = tx.tuples(
        f"""
        select sha256 from media
        where community_id = :community and person_id = :person
          and sha256 in ({marks})
        """,
        community=community_id,
        person=person_id,
        **given,
    )
    return {name for (name,) in rows}


def visits_of(tx: Tx, community_id: str, person_id: str, name: str) -> list[str]:
    """The visits of a person that speak of a picture."""
    rows = tx.tuples(
        """
        select visit_id from media_visit
        where community_id = :community and sha256 = :name and person_id = :person
        order by visit_id
        """,
        community=community_id,
        name=name,
        person=person_id,
    )
    return [visit_id for (visit_id,) in rows]


def shown_in(tx: Tx, community_id: str, name: str) -> list[tuple[str, str]]:
    """(type, building) of every visit that shows a picture which its visitor brought."""
    rows = tx.tuples(
        """
        select media.type, visit.building_id
        from media
        join media_visit on media_visit.community_id = media.community_id
          and media_visit.sha256 = media.sha256 and media_visit.person_id = media.person_id
        join visit on visit.community_id = media_visit.community_id
          and visit.id = media_visit.visit_id
        where media.community_id = :community and media.sha256 = :name
        order by visit.building_id, visit.id
        """,
        community=community_id,
        name=name,
    )
    return [(kind, building_id) for kind, building_id in rows]


def orphans(tx: Tx, community_id: str, before: str) -> list[tuple[str, str]]:
    """(hash, person) of pictures that came before an instant and that no visit speaks of."""
    rows = tx.tuples(
        """
        select media.sha256, media.person_id
        from media
        left join media_visit on media_visit.community_id = media.community_id
          and media_visit.sha256 = media.sha256 and media_visit.person_id = media.person_id
        where media.community_id = :community and media.arrived_at < :before
          and media_visit.visit_id is null
        order by media.sha256, media.person_id
        """,
        community=community_id,
        before=before,
    )
    return [(name, person_id) for name, person_id in rows]


def forget(tx: Tx, community_id: str, person_id: str, name: str) -> bool:
    """Forget that this person brought a picture. True when nobody has any more."""
    tx.run(
        """
        delete from media
        where community_id = :community and sha256 = :name and person_id = :person
        """,
        community=community_id,
        name=name,
        person=person_id,
    )
    return tx.value("select 1 from media where sha256 = :name limit 1", name=name) is None
