"""Whatever order operations arrive in, what was asked and what must follow end the same."""

import json
from pathlib import Path
from random import Random

import pytest
from msgspec import to_builtins

from sync.records import Followup, Issue
from tests import asking
from tests.sync.memory import MemoryTown
from tests.vectors.asked import checkup_cases


def ended(operations):
    """Everything that counts at the end; what only tells which visit came first is left out."""
    here = MemoryTown(*asking.town())
    for one in operations:
        asking.follow(here, one)
    found = []
    for (kind, record_id), record in here.held.items():
        fields = to_builtins(record)
        if isinstance(record, Followup) and record.item:
            fields["id"] = record_id = f"{record.resident_id} {record.item} {record.status}"
            if record.status == "closed":
                continue
        if isinstance(record, Issue):
            # It has its name from its follow-up.
            fields["id"] = record_id = f"{record.visit_id} {record.item} {record.text}"
            if record.ended_at:
                continue
        if kind == "household" or fields.get("withdrawn"):
            fields = {}
        # The office is asked when a visit arrives, by what is known then.
        fields = {name: one for name, one in fields.items() if name not in ("questions", "review")}
        found.append((kind, record_id, fields))
    return sorted(found, key=lambda one: one[:2])


def shuffled(operations, chance):
    """Another order of arrival in which what names a visit still comes after it."""
    left = list(operations)
    order = []
    while left:
        about = [one["data"].get("id") for one in left]
        here = {one["id"] for one in left}
        free = [
            one
            for at, one in enumerate(left)
            if about[at] not in here and (about[at] is None or about[at] not in about[:at])
        ]
        order.append(chance.choice(free))
        left.remove(order[-1])
    return order


@pytest.mark.parametrize("seed", range(100))
def test_histories_end_the_same_in_any_order(seed):
    operations = asking.history(seed, plain=True)
    chance = Random(seed)
    expected = ended(operations)

    for _ in range(3):
        assert ended(shuffled(operations, chance)) == expected


@pytest.mark.parametrize("seed", range(60))
def test_there_is_never_a_second_open_followup_for_a_person_and_question(seed):
    here = MemoryTown(*asking.town())
    for one in asking.history(seed):
        asking.follow(here, one)
        opened = [
            (found.resident_id, found.item)
            for found in here.held.values()
            if isinstance(found, Followup) and found.item and found.status == "open"
        ]
        assert len(opened) == len(set(opened))


def test_the_vectors_say_what_the_rules_do():
    file = Path(asking.__file__).parent / "vectors" / "checkups.json"

    assert json.loads(file.read_text("utf-8")) == checkup_cases()
