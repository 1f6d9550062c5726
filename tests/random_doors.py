"""Doors with everything at once by seed: away, refused, gone, wishes, events, festivals."""

import random
from datetime import date, timedelta
from typing import Any

import msgspec

from sync import care, festivals, plans
from sync.records import Household, Resident

# Ends of months and years, a leap day, festivals and the days around them.
TODAYS = [
    date(2026, 9, 15),
    date(2026, 9, 24),
    date(2026, 9, 25),
    date(2026, 10, 31),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 2, 5),
    date(2027, 2, 28),
    date(2028, 2, 29),
]
CODES = [*care.DEFAULT_INTERVALS, "veteran", "party_member"]
STATUSES = [*["living"] * 5, "hospital", "institution", "away", "moved_out", "deceased"]
BORN = ["", "1940-02-29", "1948-02-29", "1947-02-28", "1946-09-15", "1946-09-16", "1947-01-01"]
WISHES = ["", "", "", "less", "phone", "none"]
DAYS = [1, 3, 4, 5, 7, 10, 31, 32, 62, 365]


def case(rng: random.Random) -> dict[str, Any]:
    """A door with its people, the community's own intervals, the festivals, and today."""
    today = rng.choice(TODAYS)

    def around(before: int, after: int, none: float) -> str:
        on = today + timedelta(days=rng.randint(-before, after))
        return "" if rng.random() < none else on.isoformat()

    def happened() -> dict[str, str]:
        if rng.random() < 0.8:
            return {}
        return {"event": rng.choice([*plans.EVENTS, "unheard_of"]), "event_on": around(9, 0, 0)}

    door = {
        "id": "h",
        "building_id": rng.choice(["b", "c", "01abc-é", "楼𠮷"]),
        "door_no": "502",
        "added_on": around(400, 0, 0.1),
        "tenure": rng.choice(["", "own", "rent", "vacant"]),
        "own_categories": rng.sample(["new_resident", "tenant", "party_member"], rng.randint(0, 2)),
        "door_contact_on": around(40, 1, 0.4),
        "door_method": rng.choice(["", "door", "phone"]),
        "rest_until": around(5, 30, 0.6),
        "status": "gone" if rng.random() < 0.03 else "active",
        **happened(),
    }
    people = [
        {
            "id": f"r{rng.randint(0, 99)}-{n}",
            "household_id": "h",
            "building_id": "b",
            "name": "梁桂芬",
            "birth_on": rng.choice(BORN),
            "categories": rng.sample(CODES, rng.choice([0, 1, 1, 2, 3])),
            "added_on": around(400, 0, 0.1),
            "last_contact_on": around(40, 1, 0.2),
            "last_method": rng.choice(["", "door", "phone"]),
            "status": rng.choice(STATUSES),
            "status_until": around(5, 40, 0.4),
            "visit_wish": rng.choice(WISHES),
            "paired": int(rng.random() < 0.2),
            **happened(),
        }
        for n in range(rng.choice([0, 1, 1, 2, 2, 3, 4]))
    ]
    own = {code: rng.choice(DAYS) for code in rng.sample(list(care.DEFAULT_INTERVALS), 3)}
    return {
        "household": msgspec.to_builtins(msgspec.convert(door, Household)),
        "residents": [msgspec.to_builtins(msgspec.convert(one, Resident)) for one in people],
        "intervals": {**care.DEFAULT_INTERVALS, **own},
        "festivals": festivals.current([], today.isoformat()),
        "today": today.isoformat(),
    }


def records(case: dict[str, Any]) -> tuple[Household, list[Resident]]:
    household = msgspec.convert(case["household"], Household)
    return household, [msgspec.convert(one, Resident) for one in case["residents"]]


def planned(case: dict[str, Any]) -> plans.Plan:
    household, people = records(case)
    return plans.plan(household, people, case["intervals"], case["festivals"], case["today"])
