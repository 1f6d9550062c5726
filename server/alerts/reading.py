"""What came in as bytes: one message, an index or envelope with several, or nothing of ours."""

from collections.abc import Iterator
from typing import Any

from lxml import etree
from msgspec import Struct

from server.alerts import cap, vendor_json
from server.alerts.documents import Unreadable, name_of, opened
from server.alerts.scripts import is_script
from sync.alerts import Info, Message

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EDXL = "urn:oasis:names:tc:emergency:EDXL:DE:"
ENVELOPES = {(ATOM, "feed"), (ATOM, "entry"), ("", "rss"), (RDF, "RDF")}


class Reading(Struct, frozen=True, kw_only=True):
    """`outcome` is accepted, accepted_with_warnings or rejected, the last with a `reason`."""

    outcome: str
    messages: tuple[Message, ...] = ()
    warnings: tuple[str, ...] = ()  # about the envelope and what in it could not be taken
    reason: str = ""


def read(content: bytes) -> Reading:
    """Read CAP, alone or inside Atom, RSS or EDXL-DE, or the JSON of a weather service.

    Never raises for what the bytes hold.
    """
    try:
        if is_script(content):
            return _accepted(*vendor_json.read(content))
        root = opened(content)
    except Unreadable as problem:
        return _rejected(str(problem))
    if cap.is_alert(root):
        try:
            return _accepted((cap.message_of(root),), ())
        except cap.Rejected as problem:
            return _rejected(str(problem))
    if not _is_envelope(root):
        return _rejected(_stranger(root))
    return _unpacked(root)


def _unpacked(root: etree._Element) -> Reading:
    messages, warnings = [], []
    for number, element in enumerate(_embedded(root), 1):
        try:
            messages.append(cap.message_of(element))
        except cap.Rejected as problem:
            warnings.append(f"里面的第 {number} 条预警没有采用：{problem}")
    return _accepted(tuple(messages), tuple(warnings))


def _embedded(root: etree._Element) -> Iterator[etree._Element]:
    """Alerts inside, not those inside of alerts."""
    for child in root.iterchildren(etree.Element):
        if cap.is_alert(child):
            yield child
        else:
            yield from _embedded(child)


def _is_envelope(root: etree._Element) -> bool:
    namespace, name = name_of(root)
    is_edxl = namespace.startswith(EDXL) and name == "EDXLDistribution"
    return is_edxl or (namespace, name) in ENVELOPES


def _stranger(root: etree._Element) -> str:
    namespace, name = name_of(root)
    told = f"，命名空间 {namespace[:80]}" if namespace else "，没有命名空间"
    return f"不是 CAP 预警：根元素是 {name[:40]}{told}。"


def _accepted(messages: tuple[Message, ...], warnings: tuple[str, ...]) -> Reading:
    is_clean = not warnings and not any(one.warnings for one in messages)
    outcome = "accepted" if is_clean else "accepted_with_warnings"
    return Reading(outcome=outcome, messages=messages, warnings=warnings)


def _rejected(reason: str) -> Reading:
    return Reading(outcome="rejected", reason=reason)


def shown(reading: Reading) -> dict[str, Any]:
    """The answer of `POST /api/alerts` and of `jinlin alert parse`."""
    answer: dict[str, Any] = {
        "outcome": reading.outcome,
        "alerts": [_message(one) for one in reading.messages],
    }
    if reading.warnings:
        answer["warnings"] = list(reading.warnings)
    if reading.reason:
        answer["reason"] = reading.reason
    return answer


def _message(message: Message) -> dict[str, Any]:
    return {
        "sender": message.sender,
        "identifier": message.identifier,
        "sent": message.sent,
        "status": message.status,
        "msg_type": message.msg_type,
        "scope": message.scope,
        "references": message.references,
        "infos": [_info(one) for one in message.infos],
        "signed": message.is_signed,
        "warnings": message.warnings,
    }


def _info(info: Info) -> dict[str, Any]:
    return {
        "language": info.language,
        "event": info.event,
        "severity": info.severity,
        "urgency": info.urgency,
        "certainty": info.certainty,
        "effective": info.effective,
        "onset": info.onset,
        "expires": info.expires,
        "headline": info.headline,
        "area_desc": "；".join(one.description for one in info.areas if one.description),
        "polygons": [ring for one in info.areas for ring in one.polygons],
        "circles": [circle for one in info.areas for circle in one.circles],
        "geocodes": [code for one in info.areas for code in one.geocodes],
    }
