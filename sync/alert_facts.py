"""What a chain of messages makes of a warning: the fields that people read, and whether it is ours.

All of it follows from the messages, none from the order in which they came.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from sync.alert_areas import Covers, Place, covers
from sync.alert_signs import Key, Sign, spoken
from sync.alert_text import understand
from sync.alerts import Info, Message
from sync.incidents import Incident
from sync.operations import stamp
from sync.records import Community

_HAN = re.compile("[\u4e00-\u9fff]")
# Phones hold these; a sender may say as much as it likes.
MAX_KIND, MAX_NAME, MAX_WORDS = 40, 200, 600


def place_of(community: Community) -> Place:
    said = community.latitude, community.longitude
    point = (float(said[0]), float(said[1])) if all(said) else None
    return Place(code=community.division_code, point=point)


def concerns(incident: Incident, place: Place) -> Covers:
    """Whether it is about this place: by the latest message that says where; ours if typed here."""
    if any(one.is_local for one in incident.signs):
        return Covers.YES
    return covers(_areas(incident), place)


def _areas(incident: Incident) -> Iterable[Any]:
    for one in (incident.head, *reversed(incident.signs)):
        if one.areas:
            return one.areas
    return ()


def described(incident: Incident, messages: Mapping[Key, Message], zone: tzinfo) -> dict[str, Any]:
    """Fields of an `Alert`; `messages` are those of the incident."""
    head = incident.head
    found: dict[str, Any] = {"area": "", "effect": "", "source": "", "points": ()}
    for one in (head, *reversed(incident.signs)):
        for name, said in _words(messages[one.key], one, zone).items():
            found[name] = found[name] or said
    points = found.pop("points")
    return {
        **found,
        "kind": incident.kind[:MAX_KIND],
        "colour": incident.colour,
        "sent_at": stamp(incident.signs[0].sent),
        "since_at": stamp(_since(incident)),
        "updated_at": stamp(head.sent),
        "onset_at": stamp(head.onset) if head.onset else "",
        "ends_at": stamp(incident.ends_at),
        "is_drill": int(incident.is_drill),
        "is_public": int(head.is_public),
        "source_id": head.key[1][:MAX_NAME],
        "guide": list(points),
    }


def _since(incident: Incident) -> datetime:
    """When what holds now began: a renewal says nothing new."""
    first = incident.head
    for one in reversed(incident.signs):
        if one.sent > incident.head.sent or not one.kind:
            continue
        if (one.kind, one.colour) != (incident.kind, incident.colour):
            break
        first = one
    return first.onset or first.sent


def _words(message: Message, sign: Sign, zone: tzinfo) -> dict[str, Any]:
    info = spoken(message.infos)
    if info is None:
        return {}
    clock: datetime = sign.sent.astimezone(zone)
    read = understand(info.description, clock.strftime("%Y-%m-%dT%H:%M"))
    areas = dict.fromkeys(one.description for one in info.areas if one.description)
    return {
        "area": ("、".join(areas) or read.area)[:MAX_NAME],
        "effect": _sentence(read.effect or info.description),
        "source": (read.station or info.sender_name or sign.key[0])[:MAX_NAME],
        "points": read.guide or _points(info),
    }


def _points(info: Info) -> tuple[str, ...]:
    """An instruction in its numbered points, where it is in our language."""
    if not _HAN.search(info.instruction):
        return ()
    read = understand(f"防御指南：{info.instruction}", "2026-01-01T00:00").guide
    return tuple(one[:200] for one in read[:20])


def _sentence(text: str) -> str:
    """Words in one line, with the commas of their language."""
    line = " ".join(text.split())[:MAX_WORDS]
    return line.replace(",", "，") if _HAN.search(line) else line
