"""What somebody confirmed goes in as a message, with the text that it was read from."""

from zoneinfo import ZoneInfo

from msgspec import json

from server.alerts.pasted import message_of
from server.alerts.reading import Reading
from server.alerts.taking import Source, Taken, take
from server.intake import Intake
from server.office.alert_forms import Draft
from server.people import Person


def send(intake: Intake, person: Person, drafts: list[Draft], text: str, zone: ZoneInfo) -> str:
    """What became of it: sent, or known when all of it had come before."""
    messages = tuple(message_of(one.form, one.text or text, zone) for one in drafts)
    raw = text.encode("utf-8", "replace") if text else json.encode([one.form for one in drafts])
    source = Source(
        kind="paste" if text else "form",
        media_type="text/plain; charset=utf-8" if text else "application/json",
        person_id=person.id,
    )
    reading = Reading(outcome="accepted", messages=messages)
    taken: Taken = intake.do(
        person.community_id, lambda writing: take(writing, reading, raw, source)
    )
    return "known" if taken.outcome == "duplicate" else "sent"
