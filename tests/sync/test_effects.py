"""What the rules make of the cases that the phone works out before the server has answered."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.known import Actor, Known, Moment
from sync.operations import instant, open_envelope, understand
from sync.reconcile import reconcile
from sync.records import KINDS, Community, Record, kind_of
from sync.refusals import Refusal
from tests.sync.memory import MemoryTown

CASES = json.loads(
    (Path(__file__).resolve().parents[1] / "vectors" / "effects.json").read_text("utf-8")
)
# What no phone holds, and what the server raises by itself.
SERVERS_KINDS = ("redirect", "issue")
# What the server alone decides: it numbers versions, notes receipt, and asks the office to look.
SERVERS_OWN = ("version", "received_at", "questions", "review")


def follow(case: dict[str, Any], known: dict[str, Any] = CASES) -> list[list[Any]]:
    """The records that change, as the vectors write them: [kind, fields], by kind and id."""
    before = [msgspec.convert(fields, KINDS[kind]) for kind, fields in case["before"]]
    envelope = open_envelope(json.dumps(case["operation"]).encode())
    assert envelope is not None
    operation = understand(envelope)
    person = known["person"]
    actor = Actor(
        person["id"],
        person["name"],
        person["role"],
        "device",
        frozenset(person["building_ids"]),
        frozenset(),
    )
    now = instant(known["now"])
    assert now is not None
    moment = Moment(operation.at, operation.at, now)
    community = msgspec.convert(known["community"], Community)
    scene = Known(MemoryTown(*before), actor, moment, community)
    try:
        changed = reconcile(operation, scene).changed
    except Refusal as refusal:
        assert refusal.code == "category.office_only"  # kept for the office: nothing changes yet
        changed = []

    unchanged = {(kind_of(one), one.id): shown(one) for one in before}
    last = {(kind_of(one), one.id): shown(one) for one in changed}
    return [
        [kind, last[kind, record_id]]
        for kind, record_id in sorted(last)
        if kind not in SERVERS_KINDS
        if unchanged.get((kind, record_id)) != last[kind, record_id]
    ]


def shown(record: Record) -> dict[str, Any]:
    """A record as the vectors write it: what is empty is left out."""
    fields = msgspec.to_builtins(record)
    return {name: value for name, value in fields.items() if value and name not in SERVERS_OWN}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["about"])
def test_the_rules_do_what_the_phone_shows(case):
    assert follow(case) == case["after"]
