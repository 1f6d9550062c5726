"""The one door through which a message gets in: posted, fetched, pasted or written here."""

import hashlib
from zoneinfo import ZoneInfo

import msgspec
import uuid_utils
from msgspec.structs import replace

from server.alerts import cascading, chaining
from server.alerts.reading import Reading
from server.intake.writing import Writing
from server.store import alert_messages
from sync.alert_records import Alert
from sync.alert_signs import sign_of
from sync.alerts import Message, MsgType
from sync.operations import stamp

# Of these a warning is made; the others say something of a message to its sender.
TELLING = frozenset({MsgType.ALERT, MsgType.UPDATE, MsgType.CANCEL})
SAME_NAME = "同一个发送方和编号先前来过内容不同的一份，两份都留存。"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message came from: "api", "feed", "paste" or "form"."""

    kind: str
    media_type: str = ""
    feed_id: str = ""
    person_id: str = ""

    @property
    def is_local(self) -> bool:
        return self.kind in ("paste", "form")


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """`outcome` is accepted, accepted_with_warnings, rejected or duplicate: nothing in it was new.

    `alerts` are the warnings that new messages are of, as they are now.
    """

    outcome: str
    alerts: tuple[Alert, ...] = ()
    warnings: tuple[str, ...] = ()
    reason: str = ""


def take(writing: Writing, reading: Reading, raw: bytes, source: Source) -> Taken:
    """Keep what a document says that is new, and do what follows from it, in one transaction."""
    if reading.outcome == "rejected":
        return Taken(outcome="rejected", reason=reading.reason)
    sha256 = hashlib.sha256(raw).hexdigest()
    parts = alert_messages.parts(writing.tx, writing.community_id, sha256)
    new: set[str] = set()
    warnings: list[str] = []
    for message in reading.messages:
        part = parts + len(new)
        kept = _kept(writing, message, source, sha256, part, b"" if part else raw)
        known = alert_messages.digests(
            writing.tx, writing.community_id, message.sender, message.identifier
        )
        if kept.digest in known or (known and source.kind == "paste"):
            continue  # a text that was pasted before says the same, however it was put right
        warnings += [SAME_NAME] if known else []
        told = (*message.warnings, *([SAME_NAME] if known else []))
        alert_messages.keep(writing.tx, writing.community_id, kept, told)
        new.add(kept.id)
    if reading.messages and not new:
        return Taken(outcome="duplicate")
    found = chaining.renew(writing, frozenset(new)) if new else []
    outcome = "accepted_with_warnings" if warnings else reading.outcome
    return Taken(outcome=outcome, alerts=tuple(found), warnings=tuple(warnings))


def _kept(
    writing: Writing, message: Message, source: Source, sha256: str, part: int, raw: bytes
) -> alert_messages.Kept:
    zone = ZoneInfo(cascading.community_of(writing).timezone)
    sign = replace(sign_of(message, zone, writing.now), is_local=source.is_local)
    return alert_messages.Kept(
        id=str(uuid_utils.uuid7()),
        sha256=sha256,
        part=part,
        digest=hashlib.sha256(msgspec.json.encode(message)).hexdigest(),
        raw=raw,
        media_type=source.media_type,
        source=source.kind,
        feed_id=source.feed_id,
        person_id=source.person_id,
        received_at=stamp(writing.now),
        sent_at=stamp(sign.sent),
        message=message,
        sign=sign if message.msg_type in TELLING else None,
        is_verified=int(source.kind != "paste"),
    )
