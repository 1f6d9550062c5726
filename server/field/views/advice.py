"""What to think of before knocking at a door, in the parts that sentences are made of."""

from typing import Any

from server.field.shelf import Fields
from server.field.views import doors
from server.field.views.scene import Scene
from sync import respect


def advice_for(scene: Scene, household: Fields) -> list[dict[str, Any]]:
    """Warnings, most important first; none forbids anything."""
    made = scene.shelf.of("visit", "household_id", household["id"])
    hours = [f"{start}–{end}" for start, end in scene.community["quiet"]]
    refused_on = doors.refused_on(scene, household)
    return [
        {**one, "hours": hours, "refused_on": refused_on}
        for one in respect.advice(household["rest_until"], made, scene.now, scene.community)
    ]


def knocks_of(scene: Scene, household: Fields) -> Fields:
    """How often the door was knocked at this week, and how often it still may be."""
    made = scene.shelf.of("visit", "household_id", household["id"])
    n = respect.knocks_in_week(made, scene.today, scene.timezone)
    limit = scene.community["knocks_per_week"]
    return {"n": n, "left": max(limit - n, 0), "limit": limit}
