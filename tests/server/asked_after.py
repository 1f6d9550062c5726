"""A warning that holds in the town of the server's tests, and what is said of it."""

import uuid
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from server.intake import weather_tasks
from sync.alert_records import Alert, ContactTask
from sync.duties import id_of
from sync.operations import stamp
from sync.reconcile import Follows
from tests.server.office import kept
from tests.server.town import Town

GALE = "00000000-0000-7000-8000-000000000900"


def warn(town: Town, **more: Any) -> Alert:
    """The warning as it is from now on."""
    now = town.clock.now
    known = kept(town, "alert", more.get("id", GALE))
    begun = Alert(
        id=GALE,
        kind="雷雨大风",
        colour="orange",
        title="雷雨大风橙色预警",
        state="open",
        sent_at=stamp(now),
        started_at=stamp(now),
        from_at=stamp(now),
        ends_at=stamp(now + timedelta(hours=12)),
    )
    alert = replace(known or begun, **more)

    follows = Follows([alert])
    town.intake.do(town.community, lambda writing: writing.save(follows, weather_tasks.NOBODY))
    return alert


def task(town: Town, door: str = "huang", incident_id: str = GALE) -> Any:
    found = kept(town, "contact_task", id_of(incident_id, town.household(door)))
    assert found is None or isinstance(found, ContactTask)
    return found


def contact(town: Town, username: str, outcome: str, door: str = "huang", **more: Any) -> Any:
    """What an operation of this person says; the receipt."""
    data = {
        "incident_id": GALE,
        "household_id": town.household(door),
        "resident_ids": [town.resident(door)],
        "outcome": outcome,
        "method": "phone",
        **more,
    }
    return town.submit(username, "alert.contact", data)


def new_id() -> str:
    return str(uuid.uuid4())
