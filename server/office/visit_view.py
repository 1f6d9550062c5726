"""One visit with everything the office looks at before it decides."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from server.office import asked, corrections, forms, page
from server.office.asked import Asked
from server.office.forms import FormData
from server.store import outboxes, reviews
from server.store.database import Tx
from server.store.records import Records
from sync.records import (
    Building,
    Contact,
    Followup,
    Household,
    Record,
    Resident,
    Task,
    Visit,
)
from sync.refusals import Refusal


class VisitView(NamedTuple):
    """A visit, its door, its people, and what was recorded and decided about it so far."""

    visit: Visit
    household: Household
    building: Building
    people: list[Resident]
    contacts: list[Contact]
    tasks: list[Task]
    before: dict[str, Any] | None
    steps: list[dict[str, Any]]
    corrected: list[dict[str, Any]]
    # Who brought a step in with a phone's file, by its id.
    brought: dict[str, str]
    asked: list[Asked]

    @property
    def met(self) -> list[Resident]:
        return [one for one in self.people if one.id in self.visit.resident_ids]

    @property
    def names(self) -> dict[str, str]:
        return {one.id: one.name for one in self.people}


def of(tx: Tx, community_id: str, visit_id: str) -> VisitView:
    """Raises Refusal when there is no such visit."""
    known = Records(tx, community_id)
    visit = known.get("visit", visit_id)
    if not isinstance(visit, Visit):
        raise Refusal("record.unknown")
    household, building = known.get("household", visit.household_id), None
    if isinstance(household, Household):
        building = known.get("building", household.building_id)
    assert isinstance(household, Household) and isinstance(building, Building)
    people = [one for one in known.of_household("resident", household.id)]
    here = {one.id for one in people}
    people += [
        one
        for resident_id in visit.resident_ids
        if resident_id not in here and (one := known.get("resident", resident_id))
    ]
    steps = reviews.history(tx, community_id, household.id, visit.id)
    return VisitView(
        visit=visit,
        household=household,
        building=building,
        people=[one for one in people if isinstance(one, Resident)],
        contacts=[
            one for one in known.of_household("contact", household.id) if isinstance(one, Contact)
        ],
        tasks=[
            one for task_id in visit.task_ids if isinstance(one := known.get("task", task_id), Task)
        ],
        before=reviews.visit_before(tx, community_id, household.id, visit.id, visit.true_at),
        steps=steps,
        corrected=_corrected(steps, visit, people),
        brought=outboxes.brought(tx, community_id, [step["id"] for step in steps]),
        asked=_asked(known, visit, people) if visit.checkups else [],
    )


def _asked(known: Records, visit: Visit, people: Iterable[Record]) -> list[Asked]:
    found = known.of_household("followup", visit.household_id)
    followups = [one for one in found if isinstance(one, Followup)]
    names = {one.id: one.name for one in people if isinstance(one, Resident)}
    return asked.of_visit(visit, names, known.checklists(), followups)


def correction(tx: Tx, community_id: str, visit_id: str, form: FormData) -> dict[str, Any]:
    """The data of `visit.correct` that a form asks for."""
    view = of(tx, community_id, forms.ident(visit_id))
    if forms.base_of(form) != view.visit.version:
        raise Refusal("review.changed")
    timezone = page.community_of(tx, community_id).timezone
    return corrections.data_of(form, view.visit, view.people, timezone)


def _corrected(
    steps: list[dict[str, Any]], visit: Visit, people: Iterable[Record]
) -> list[dict[str, Any]]:
    """Each correction as field, what stood there, what stands there now, by whom and why.

    Of answers each question is one.
    """
    names = {one.id: one.name for one in people if isinstance(one, Resident)}
    known: dict[str, Any] = {}
    found = []
    for step in steps:
        if step["kind"] == "visit.record":
            known = dict(step["data"])
        if step["kind"] != "visit.correct":
            continue
        told = {"by": step["person_name"], "at": step["received_at"]}
        told["reason"] = step["data"].get("reason", "")
        for field, value in step["data"]["changes"].items():
            was = known.get(field, [] if field == "checkups" else "")
            changed = [(field, was, value)]
            if field == "checkups":
                changed = asked.changes(was, value, visit, names)
            found += [
                {"field": name, "before": one, "after": other, **told}
                for name, one, other in changed
            ]
            known[field] = value
    return found
