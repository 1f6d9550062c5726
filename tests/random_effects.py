"""What a worker does at a random door, near midnight or by a clock that is off. By seed."""

import random
from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec

from sync.operations import stamp
from sync.records import KINDS
from tests import random_doors

BUILDING = "00000000-0000-7000-8000-000000000010"
DOOR = "00000000-0000-7000-8000-000000000020"
BEFORE = "00000000-0000-7000-8000-000000000021"
SHANGHAI = timezone(timedelta(hours=8))
CLOCKS = [(23, 59, 30), (0, 0, 30), (12, 0, 0), (8, 0, 0)]
# How long before now; below zero by a clock that runs ahead.
MINUTES = [0, 0, 1, 60, 720, 1440, 3 * 1440, 31 * 1440, -5, -1440]
AWAY = ("hospital", "institution", "away")
RESULTS = [*["met"] * 4, "met_family", *["phone_ok"] * 2, "not_home", "refused", *AWAY]
RESULTS += ["moved_out", "deceased", "vacant", "no_answer", "wrong_info"]


def case(rng: random.Random, known: dict[str, Any]) -> dict[str, Any]:
    """As tests/vectors/effects.json has them, with the community and the instant of its own."""
    made = random_doors.case(rng)
    today = date.fromisoformat(made["today"])
    clock = datetime(today.year, today.month, today.day, *rng.choice(CLOCKS), tzinfo=SHANGHAI)
    people = made["residents"]

    def ago() -> datetime:
        return clock - timedelta(minutes=rng.choice(MINUTES))

    for n, one in enumerate(people):
        one.update(id=_id(n), household_id=DOOR, building_id=BUILDING)
        if rng.random() < 0.3:
            one["status_at"] = stamp(min(ago(), clock))
    here = {"household_id": DOOR, "building_id": BUILDING}
    pairs = [
        {**here, "id": _id(50 + n), "resident_id": one["id"], "name": "冯日华"}
        for n, one in enumerate(people)
        if one["paired"]
    ]

    def visit() -> dict[str, Any]:
        result = rng.choice(RESULTS)
        is_away = result in AWAY and rng.random() < 0.5
        back_on = (today + timedelta(days=rng.randint(-2, 20))).isoformat()
        return {
            "type": rng.choice(["routine", "elder_care", "event_triggered"]),
            "method": rng.choice(["door", "phone", "video"]),
            "result": result,
            "resident_ids": rng.sample([one["id"] for one in people], rng.randint(0, len(people))),
            "away_until": back_on if is_away else "",
        }

    def pair() -> str:
        return str(rng.choice(pairs)["id"]) if pairs and rng.random() < 0.3 else ""

    visits = []
    for n in range(rng.choice([0, 0, 1, 2, 3])):
        at = ago()
        received_at = min(at + timedelta(minutes=rng.choice([0, 300, -60])), clock)
        by = {"by": known["person"]["id"], "by_name": known["person"]["name"]}
        times = {"at": stamp(at), "true_at": stamp(at), "received_at": stamp(received_at)}
        named = {"id": _id(70 + n), "pairing_id": pair()}
        if rng.random() < 0.2:
            named["household_id"] = BEFORE  # where some of them lived then
        visits.append({**here, **visit(), **by, **times, **named})
    made["household"].update(id=DOOR, building_id=BUILDING)
    house = {"id": BUILDING, "compound": "红棉苑", "name": "3栋", "label": "红棉苑 3栋"}
    old = {"id": BEFORE, "building_id": BUILDING, "door_no": "101", "label": "红棉苑 3栋 101"}
    before = [["building", house], ["household", made["household"]], ["household", old]]
    for kind, found in (("resident", people), ("pairing", pairs), ("visit", visits)):
        before += [[kind, one] for one in found]
    ours = [one for one in visits if one["household_id"] == DOOR]
    if ours and rng.random() < 0.4:
        about = {"id": rng.choice(ours)["id"]}
        kind = rng.choice(["visit.withdraw", "visit.correct"])
        data = about if kind == "visit.withdraw" else {**about, "changes": visit()}
    else:
        kind = "visit.record"
        data = {"household_id": DOOR, **visit(), "pairing_id": pair()}
    at_text = ago().isoformat(timespec="milliseconds")
    own = {"intervals": made["intervals"], "festivals": made["festivals"]}
    return {
        "now": stamp(clock),
        "person": known["person"],
        "community": {**known["community"], **own},
        "before": [[kind, _whole(kind, one)] for kind, one in before],
        "operation": {"id": _id(90), "n": 7, "at": at_text, "kind": kind, "data": data},
    }


def _whole(kind: str, fields: Any) -> Any:
    return msgspec.to_builtins(msgspec.convert({"version": 1, **fields}, KINDS[kind]))


def _id(n: int) -> str:
    return f"00000000-0000-7000-8000-0000000001{n:02}"
