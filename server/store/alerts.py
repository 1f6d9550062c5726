"""Messages of warnings as they came, and the incidents they chain into."""

from collections.abc import Iterable

import msgspec

from server.store.database import Tx, listed
from sync.alert_signs import Sign
from sync.alerts import Message
from sync.cascade import Roster


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it came. `raw` is kept with the first part of a document that holds several."""

    id: str
    sha256: str
    part: int
    digest: str
    raw: bytes
    media_type: str
    source: str
    feed_id: str
    person_id: str
    received_at: str
    sent_at: str
    message: Message
    sign: Sign | None  # None: it says nothing of a warning
    is_verified: int


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules of incidents need of a message."""

    id: str
    digest: str
    sign: Sign
    incident_id: str
    received_at: str
    source: str
    is_verified: int


class Cascade(msgspec.Struct, frozen=True, kw_only=True):
    """How an incident is handed on: to whom, with which text, and when somebody is asked next."""

    id: str
    head: str  # identifier of the message that was told last
    roster: Roster
    minutes: dict[str, float]
    edition: int
    told_at: str
    next_at: str = ""


def parts(tx: Tx, community_id: str, sha256: str) -> int:
    """How many messages of a document are kept; more of it may be confirmed later."""
    found = tx.value(
        """
        select count(*) from alert_message
        where community_id = :community and sha256 = :sha256
        """,
        community=community_id,
        sha256=sha256,
    )
    return int(found)


def digests(tx: Tx, community_id: str, sender: str, identifier: str) -> list[str]:
    """What came under this name so far."""
    rows = tx.tuples(
        """
        select digest from alert_message
        where community_id = :community and sender = :sender and identifier = :identifier
        order by digest
        """,
        community=community_id,
        sender=sender,
        identifier=identifier,
    )
    return [digest for (digest,) in rows]


def keep(tx: Tx, community_id: str, kept: Kept, warnings: Iterable[str]) -> None:
    tx.run(
        """
        insert into alert_message (community_id, id, sha256, part, digest, raw, media_type, source,
          feed_id, person_id, received_at, sender, identifier, sent_at, message, sign, warnings,
          is_verified)
        values (:community, :id, :sha256, :part, :digest, :raw, :media_type, :source, :feed_id,
          :person_id, :received_at, :sender, :identifier, :sent_at, :message, :sign, :warnings,
          :is_verified)
        """,
        **{
            **msgspec.structs.asdict(kept),
            "community": community_id,
            "sender": kept.message.sender,
            "identifier": kept.message.identifier,
            "message": msgspec.json.encode(kept.message).decode(),
            "sign": msgspec.json.encode(kept.sign).decode() if kept.sign else "",
            "warnings": msgspec.json.encode(list(warnings)).decode(),
        },
    )


_SIGN = msgspec.json.Decoder(Sign)


def since(tx: Tx, community_id: str, sent_at: str) -> list[Known]:
    """Messages that say something of a warning, sent since then; those of one name together."""
    rows = tx.tuples(
        """
        select id, digest, sign, incident_id, received_at, source, is_verified
        from alert_message
        where community_id = :community and sent_at >= :since and sign <> ''
        order by sender, identifier, sent_at, digest
        """,
        community=community_id,
        since=sent_at,
    )
    return [
        Known(
            id=row[0],
            digest=row[1],
            sign=_SIGN.decode(row[2]),
            incident_id=row[3],
            received_at=row[4],
            source=row[5],
            is_verified=row[6],
        )
        for row in rows
    ]


def messages(tx: Tx, community_id: str, ids: Iterable[str]) -> dict[str, Message]:
    names, given = listed(sorted(ids))
    rows = tx.tuples(
        f"""
        select id, message from alert_message
        where community_id = :community and id in ({names})
        """,
        community=community_id,
        **given,
    )
    return {name: msgspec.json.decode(text, type=Message) for name, text in rows}


def belong(tx: Tx, community_id: str, ids: Iterable[str], incident_id: str) -> None:
    """These messages are of this incident."""
    names, given = listed(sorted(ids))
    tx.run(
        f"""
        update alert_message set incident_id = :incident
        where community_id = :community and id in ({names})
        """,
        community=community_id,
        incident=incident_id,
        **given,
    )


def roster(tx: Tx, community_id: str, incident_id: str) -> Roster | None:
    """The people and doors of an incident as they were when it began; None before that."""
    found = tx.value(
        "select roster from incident where community_id = :community and id = :id",
        community=community_id,
        id=incident_id,
    )
    return msgspec.json.decode(found, type=Roster) if found else None


def cascade(tx: Tx, community_id: str, incident_id: str) -> Cascade | None:
    row = tx.row(
        """
        select id, head, roster, minutes, edition, told_at, next_at
        from incident
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=incident_id,
    )
    if row is None:
        return None
    return Cascade(
        **{
            **row,
            "roster": msgspec.json.decode(row["roster"], type=Roster),
            "minutes": msgspec.json.decode(row["minutes"]),
        }
    )


def save_cascade(tx: Tx, community_id: str, one: Cascade) -> None:
    tx.run(
        """
        insert into incident (community_id, id, head, roster, minutes, edition, told_at, next_at)
        values (:community, :id, :head, :roster, :minutes, :edition, :told_at, :next_at)
        on conflict (community_id, id) do update set
          head = excluded.head, roster = excluded.roster, minutes = excluded.minutes,
          edition = excluded.edition, told_at = excluded.told_at, next_at = excluded.next_at
        """,
        **{
            **msgspec.structs.asdict(one),
            "community": community_id,
            "roster": msgspec.json.encode(one.roster).decode(),
            "minutes": msgspec.json.encode(one.minutes).decode(),
        },
    )


def look_at(tx: Tx, community_id: str, incident_id: str, at: str) -> None:
    """Somebody has to look at this incident then; "" for never."""
    tx.run(
        "update incident set next_at = :at where community_id = :community and id = :id",
        community=community_id,
        id=incident_id,
        at=at,
    )


def due(tx: Tx, at: str) -> list[tuple[str, str, str]]:
    """(instant, community, incident) that have to be looked at by then, the earliest first."""
    rows = tx.tuples(
        """
        select next_at, community_id, id from incident
        where next_at <> '' and next_at <= :at
        order by next_at, community_id, id
        """,
        at=at,
    )
    return [(next_at, community_id, incident_id) for next_at, community_id, incident_id in rows]


def past(tx: Tx, community_id: str, before: str) -> list[str]:
    """Warnings that were over before an instant and still lie on phones."""
    rows = tx.tuples(
        """
        select id from alert
        where community_id = :community and state in ('closed', 'expired') and is_past = 0
          and closes_at < :before
        order by id
        """,
        community=community_id,
        before=before,
    )
    return [incident_id for (incident_id,) in rows]


def open_for_all(tx: Tx, community_id: str) -> list[str]:
    """Warnings that hold now and are for households, the first to come first."""
    rows = tx.tuples(
        """
        select id from alert
        where community_id = :community and state = 'open' and is_drill = 0 and is_public = 1
        order by started_at, id
        """,
        community=community_id,
    )
    return [incident_id for (incident_id,) in rows]
