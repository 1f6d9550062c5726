"""Verifies follow-ups and answers against the visits they come from."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from server.store.checkups import SHARED
from server.store.database import Tx
from server.store.records import all_records
from sync.followups import WITHDRAWN, flagged_id
from sync.records import Answers, Followup


def faults(tx: Tx, community_id: str) -> Iterator[str]:
    """One sentence for each follow-up or answer that its visits do not bear out."""
    visits: dict[str, int] = dict(
        tx.tuples(
            "select id, withdrawn from visit where community_id = :community",
            community=community_id,
        )
    )
    homes: dict[str, str] = dict(
        tx.tuples(
            "select id, household_id from resident where community_id = :community",
            community=community_id,
        )
    )
    followups = [
        one for one in all_records(tx, community_id, "followup") if isinstance(one, Followup)
    ]
    yield from _twice_open(followups)
    # Visits by the part of their ids that they share with what they opened.
    named: dict[str, list[str]] = defaultdict(list)
    for visit_id in visits:
        named[visit_id[:SHARED]].append(visit_id)
    for one in followups:
        wrong = _of_one(one, visits, homes, named[one.id[:SHARED]])
        yield from (f"followup: {one.id} {said}" for said in wrong)
    for known in all_records(tx, community_id, "answers"):
        assert isinstance(known, Answers)
        yield from (f"answers: {known.id} {said}" for said in _of_answers(known, visits, homes))


def _twice_open(followups: list[Followup]) -> Iterator[str]:
    opened: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in followups:
        if one.item and one.status == "open":
            opened[one.resident_id or one.household_id, one.item].append(one.id)
    for (whose, item), ids in sorted(opened.items()):
        if len(ids) > 1:
            yield f"followup: {item} of {whose} is open {len(ids)} times"


def _of_one(
    one: Followup, visits: dict[str, int], homes: dict[str, str], namesakes: list[str]
) -> Iterator[str]:
    if one.visit_id not in visits:
        yield "comes from no visit"
    if not one.item:
        if one.id != one.visit_id:
            yield "is not named after its visit"
        return
    if one.resident_id and homes.get(one.resident_id) != one.household_id:
        yield "is not where its person lives"
    asked = [entry["visit_id"] for entry in one.entries]
    if len(set(asked)) < len(asked) or not set(asked) <= visits.keys():
        yield "has entries that no visit made"
    if one.entries != sorted(one.entries, key=lambda entry: (entry["at"], entry["visit_id"])):
        yield "has entries out of order"
    if one.status == "open" and any(visits.get(visit_id) for visit_id in asked):
        yield "is open for a visit that was taken back"
    if one.result != WITHDRAWN and not asked:
        yield "has no entries"
    people = (one.resident_id, *one.aliases)
    names = {flagged_id(visit, person, one.item) for visit in namesakes for person in people}
    if one.id not in names:
        yield "has the name of no visit"


def _of_answers(one: Answers, visits: dict[str, int], homes: dict[str, str]) -> Iterator[str]:
    if homes.get(one.id) != one.household_id:
        yield "are not where their person lives"
    for name, item in sorted(one.items.items()):
        said: Any = item["visit_id"]
        if said and visits.get(said, 1):
            yield f"hold {name} of a visit that does not count"
