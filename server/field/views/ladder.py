"""无人应答: the steps until somebody is found, each with its time, and whom to dial."""

from datetime import timedelta

from server.field.shelf import Fields, Shelf
from server.field.views import people
from server.field.views.household import pairings_of
from server.field.views.redcard import dial, reaches, where
from server.field.views.scene import Scene, page_of, scene_of
from sync.care import RED_DAYS
from sync.followups import WITHDRAWN
from sync.ladder import ITEM
from sync.operations import instant, stamp

# Each step with the minutes after which it is late, and with what settles it. By the national
# practice (DOMAIN §2.4): relatives within ten minutes, a second knock and the office within two
# hours, the police after four or at any sign.
STEPS = (
    ("self", 0, ("self",)),
    ("contact", 10, ("contact",)),
    ("near", 30, ("quiet", "signs")),
    ("knock", 120, ("knock",)),
    ("office", 120, ("office",)),
    ("police", 240, ("110",)),
    ("enter", 0, ("120",)),
)
# What is ticked and not dialled.
MARKS = {"near": ("quiet", "signs"), "knock": ("knock",), "police": ("consent",)}
FAMILY_SHOWN, NEXT_DOORS_SHOWN = 4, 3


def ladder(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/ladder.html and _ladder.html; None where nobody is looked for.

    `params`: id of the household, error. The case that is open, else the one that ended last.
    """
    scene = scene_of(shelf, now_iso, settings)
    here = shelf.get("household", params["id"])
    case = case_of(scene, params["id"])
    if here is None or case is None or scene.is_leader:
        return None
    path = f"/households/{here['id']}"
    residents = people.present(shelf.of("resident", "household_id", here["id"]))
    weekly = [one for one in residents if 0 < people.care_interval(scene, one) <= RED_DAYS]
    sought = weekly or residents
    return {
        **page_of(scene, "无人应答", f"{path}/ladder", back=path),
        "household": {"id": here["id"], "label": here["label"]},
        "names": [one["name"] for one in sought],
        "where": where(scene, here),
        "case": {
            **{name: case[name] for name in ("status", "result", "note", "closed_by")},
            "at": scene.local(case["opened_at"]),
            "closed_at": scene.local(case["closed_at"]),
            "waiting": scene.is_waiting(case["id"]),
        },
        "steps": _steps(scene, case, _calls(scene, here, sought)),
        "error": params.get("error", ""),
        "taken": [
            {
                **{name: one[name] for name in ("step", "who", "by_name")},
                "at": scene.local(one["at"]),
                "waiting": scene.is_waiting(one["id"]),
            }
            for one in case["steps"]
        ],
    }


def case_of(scene: Scene, household_id: str) -> Fields | None:
    """Whom a door is looked through for: its open case, else the one that ended last."""
    found = [
        one
        for one in scene.shelf.of("followup", "household_id", household_id)
        if one["item"] == ITEM and one["result"] != WITHDRAWN
    ]
    return max(
        found, key=lambda one: (one["status"] == "open", one["opened_at"], one["id"]), default=None
    )


def _steps(scene: Scene, case: Fields, calls: dict[str, list[Fields]]) -> list[Fields]:
    taken = {one["step"]: scene.local(one["at"]) for one in case["steps"]}
    dialled = {(one["step"], one["who"]): scene.local(one["at"]) for one in case["steps"]}
    steps: list[Fields] = []
    for code, minutes, settling in STEPS:
        at = max((taken[one] for one in settling if one in taken), default="")
        until = scene.local(_after(case["opened_at"], minutes)) if minutes else ""
        late = int(bool(until) and not at and until < scene.now)
        if at:
            state = "done"
        elif code == "enter":
            state = "now" if "110" in taken else "later"
        elif code == "police":
            waits = any(one["state"] == "now" for one in steps) and "signs" not in taken
            state = "now" if late or not waits else "later"
        else:
            state = "later" if any(one["state"] == "now" for one in steps) and not late else "now"
        steps.append(
            {
                "code": code,
                "state": state,
                "at": at,
                "until": until,
                "late": late,
                "calls": [
                    {**one, "at": dialled.get((one["step"], one["who"]), "")}
                    for one in calls.get(code, [])
                ],
                "marks": [{"step": one, "at": taken.get(one, "")} for one in MARKS.get(code, ())],
            }
        )
    return steps


def _calls(scene: Scene, here: Fields, sought: list[Fields]) -> dict[str, list[Fields]]:
    """Whom to dial at each step, as far as their numbers are on the phone."""
    known = scene.shelf.of("contact", "household_id", here["id"])
    ids = [one["id"] for one in sought]
    first = sorted(known, key=lambda one: (one["resident_id"] not in ids, one["id"]))
    own: dict[str, list[Fields]] = {"self": [], "contact": [], "neighbour": []}
    for one in first:
        kind = reaches(one["relation"])
        own[kind].append(_call(kind, one["phone"], one["name"], one["relation"]))
    near = [*own["neighbour"], *_volunteers(scene, here), *_next_doors(scene, here)]
    public = {
        step: [_call(to, dial(scene, here, {}, to)["phone"])]
        for step, to in (("office", "office"), ("police", "110"), ("enter", "120"))
    }
    return {
        "self": own["self"][:FAMILY_SHOWN] or [_call("self", "")],
        "contact": own["contact"][:FAMILY_SHOWN] or [_call("contact", "")],
        "near": [*near, *_leader(scene, here)] or [_call("neighbour", "")],
        **public,
    }


def _call(step: str, phone: str, who: str = "", relation: str = "") -> Fields:
    return {"step": step, "phone": phone, "who": who, "relation": relation}


def _volunteers(scene: Scene, here: Fields) -> list[Fields]:
    paired = [one for one in pairings_of(scene, here) if one["phone"]]
    return [_call("neighbour", one["phone"], one["name"], "pair") for one in paired]


def _next_doors(scene: Scene, here: Fields) -> list[Fields]:
    """Numbers of the doors of the same stairwell, the nearest first."""
    doors = [
        one
        for one in scene.shelf.of("household", "building_id", here["building_id"])
        if one["unit"] == here["unit"] and one["id"] != here["id"] and one["status"] == "active"
        if abs(one["floor"] - here["floor"]) <= 1
    ]
    found = []
    for one in sorted(
        doors, key=lambda one: (abs(one["floor"] - here["floor"]), one["door_no"], one["id"])
    ):
        held = scene.shelf.of("contact", "household_id", one["id"])
        at_home = [each for each in held if reaches(each["relation"]) == "self"]
        for each in [*at_home, *held][:1]:
            who = f"{one['door_no']} {each['name']}".strip()
            found.append(_call("neighbour", each["phone"], who))
    return found[:NEXT_DOORS_SHOWN]


def _leader(scene: Scene, here: Fields) -> list[Fields]:
    building = scene.shelf.get("building", here["building_id"])
    if building is None or not building["leader_name"]:
        return []
    return [_call("leader", building["leader_phone"], building["leader_name"])]


def _after(opened_at: str, minutes: int) -> str:
    at = instant(opened_at)
    assert at is not None
    return stamp(at + timedelta(minutes=minutes))
