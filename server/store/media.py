"""Who brought which picture, and which visits speak of it."""

from typing import Any

from server.store.database import Tx, listed
from sync.media import named
from sync.records import Issue, Visit


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


def refer_issue(tx: Tx, community_id: str, issue: Issue) -> None:
    """Note the pictures an issue speaks of, and who showed them."""
    for one in issue.media:
        tx.run(
            """
            insert into media_issue (community_id, sha256, issue_id, person_id)
            values (:community, :name, :issue, :person)
            on conflict (community_id, sha256, issue_id, person_id) do nothing
            """,
            community=community_id,
            name=one["sha256"],
            issue=issue.id,
            person=one["by"],
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


def issues_of(tx: Tx, community_id: str, person_id: str, name: str) -> list[str]:
    """The issues in which this person shows a picture."""
    rows = tx.tuples(
        """
        select issue_id from media_issue
        where community_id = :community and sha256 = :name and person_id = :person
        order by issue_id
        """,
        community=community_id,
        name=name,
        person=person_id,
    )
    return [issue_id for (issue_id,) in rows]


def is_own(tx: Tx, community_id: str, person_id: str, name: str) -> bool:
    """Whether this person brought a picture and shows it in an issue."""
    found = tx.value(
        """
        select 1 from media
        join media_issue on media_issue.community_id = media.community_id
          and media_issue.sha256 = media.sha256 and media_issue.person_id = media.person_id
        where media.community_id = :community and media.sha256 = :name
          and media.person_id = :person
        limit 1
        """,
        community=community_id,
        name=name,
        person=person_id,
    )
    return found is not None


def shown_in(tx: Tx, community_id: str, name: str) -> list[tuple[str, str]]:
    """(type, building) of every visit and issue that shows a picture which its author brought.

    The building is "" where only the office may see it.
    """
    rows = tx.tuples(
        """
        select media.type, visit.building_id
        from media
        join media_visit on media_visit.community_id = media.community_id
          and media_visit.sha256 = media.sha256 and media_visit.person_id = media.person_id
        join visit on visit.community_id = media_visit.community_id
          and visit.id = media_visit.visit_id
        where media.community_id = :community and media.sha256 = :name
        union
        select media.type, case issue.restricted when 0 then issue.building_id else '' end
        from media
        join media_issue on media_issue.community_id = media.community_id
          and media_issue.sha256 = media.sha256 and media_issue.person_id = media.person_id
        join issue on issue.community_id = media_issue.community_id
          and issue.id = media_issue.issue_id
        where media.community_id = :community and media.sha256 = :name
        order by 2, 1
        """,
        community=community_id,
        name=name,
    )
    return [(kind, building_id) for kind, building_id in rows]


def orphans(tx: Tx, community_id: str, before: str) -> list[tuple[str, str]]:
    """(hash, person) of pictures that came before an instant and that nothing speaks of."""
    rows = tx.tuples(
        """
        select media.sha256, media.person_id
        from media
        left join media_visit on media_visit.community_id = media.community_id
          and media_visit.sha256 = media.sha256 and media_visit.person_id = media.person_id
        left join media_issue on media_issue.community_id = media.community_id
          and media_issue.sha256 = media.sha256 and media_issue.person_id = media.person_id
        where media.community_id = :community and media.arrived_at < :before
          and media_visit.visit_id is null and media_issue.issue_id is null
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
