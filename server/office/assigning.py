"""Who of the office is to look at a visit."""

from server.access import write_audit
from server.intake import Intake
from server.office.page import Asking
from server.store import reviews
from server.store.records import Records
from sync.operations import stamp
from sync.records import Visit
from sync.refusals import Refusal


def choose(request: Asking, visit_id: str, person_id: str) -> str:
    """Ask somebody to look at a visit that waits; their name, "" for nobody."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        visit = Records(tx, request.user.community_id).get("visit", visit_id)
        people = {one["id"]: one["name"] for one in _reviewers(request)}
    if not isinstance(visit, Visit):
        raise Refusal("record.unknown")
    if visit.review != "waiting":
        raise Refusal("review.not_waiting")
    if person_id and person_id not in people:
        raise Refusal("review.nobody")
    assign(request, visit_id, person_id)
    return str(people.get(person_id, ""))


def choose_each(request: Asking, visit_ids: list[str], person_id: str) -> tuple[str, int]:
    """The same for several: the name, and how many of them wait no more."""
    name, left = "", 0
    for visit_id in visit_ids:
        try:
            name = choose(request, visit_id, person_id)
        except Refusal as refusal:
            if refusal.code != "review.not_waiting":
                raise
            left += 1
    return name, left


def assign(request: Asking, visit_id: str, person_id: str) -> None:
    """Write down whose it is, and in the trail who said so; once if it is theirs already."""
    intake: Intake = request.app.state.intake
    me, at = request.user, stamp(intake.clock())
    with intake.store.read() as tx:
        if reviews.assigned_to(tx, me.community_id, visit_id) == person_id:
            return
    intake.do(
        me.community_id,
        lambda writing: reviews.assign(writing.tx, me.community_id, visit_id, person_id, me.id, at),
    )
    write_audit(request, me, "review.assign", f"visit:{visit_id}", detail=person_id)


def _reviewers(request: Asking) -> list[dict[str, str]]:
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        return reviews.reviewers(tx, request.user.community_id)
