"""A warning message, whatever it came as: CAP, a vendor's JSON, a pasted text, a form.

Names are those of the Common Alerting Protocol 1.2 (OASIS, 2010). Times and codes stand as the
sender wrote them; `sync.alert_times` and `sync.alert_words` read them.
"""

from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Area(Struct, frozen=True, kw_only=True):
    """Where it holds. Points are (latitude, longitude) in degrees of WGS 84, radii kilometres."""

    description: str = ""
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()  # closed: the first is the last
    circles: tuple[tuple[float, float, float], ...] = ()  # latitude, longitude, radius
    geocodes: tuple[tuple[str, str], ...] = ()  # scheme as published, code


class Info(Struct, frozen=True, kw_only=True):
    """One language of a message, or one part of it."""

    language: str = "en-US"
    event: str = ""
    categories: tuple[str, ...] = ()
    response_types: tuple[str, ...] = ()
    urgency: str = ""
    severity: str = ""
    certainty: str = ""
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()


class Message(Struct, frozen=True, kw_only=True):
    """What a sender said once. (sender, identifier) is its key; nothing in it ever changes."""

    sender: str
    identifier: str
    sent: str
    status: Status
    msg_type: MsgType
    scope: Scope
    note: str = ""
    references: tuple[tuple[str, str], ...] = ()  # (sender, identifier) of earlier messages
    infos: tuple[Info, ...] = ()
    is_signed: bool = False  # a signature came with it; nobody has checked it
    warnings: tuple[str, ...] = ()
