"""Messages of warnings as they came, each with what the rules of incidents need of it."""

from collections.abc import Iterable

import msgspec

from server.store.database import Tx, listed
from sync.alert_signs import Sign
from sync.alerts import Message


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
