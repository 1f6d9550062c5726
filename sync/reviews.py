"""What the office decides about visits that wait for it, and takes back again."""

from msgspec.structs import replace

from sync import visits
from sync.known import Known
from sync.operations import ReviewApprove, ReviewReopen, ReviewReturn
from sync.records import Record, Visit
from sync.refusals import Refusal


def decide(
    data: ReviewApprove | ReviewReturn | ReviewReopen, known: Known, base: int | None
) -> list[Record]:
    """The visit after a decision, which was made about the version `base` of it."""
    match data:
        case ReviewApprove():
            return approve(data, known, base)
        case ReviewReturn():
            return send_back(data, known, base)
        case ReviewReopen():
            return reopen(data, known, base)


def approve(data: ReviewApprove, known: Known, base: int | None) -> list[Record]:
    return [replace(_waiting(data.id, known, base), review="approved")]


def send_back(data: ReviewReturn, known: Known, base: int | None) -> list[Record]:
    visit = _waiting(data.id, known, base)
    return [
        replace(visit, review="returned", returned_reason=data.reason, returned_field=data.field)
    ]


def reopen(data: ReviewReopen, known: Known, base: int | None) -> list[Record]:
    """A visit waits again as if nothing had been decided. Corrections stay: they are versions.

    Who died or moved away by a visit that was sent back is gone again until this is decided.
    """
    visit = known.visit(data.id)
    if visit.withdrawn:
        raise Refusal("visit.withdrawn")
    if visit.review not in ("approved", "returned") or not visit.questions:
        raise Refusal("review.not_decided")
    if base is not None and base != visit.version:
        raise Refusal("review.changed")
    after = replace(visit, review="waiting", returned_reason="", returned_field="")
    if visit.review == "approved":
        return [after]
    return [after, *visits.gone_again(after, known)]


def _waiting(visit_id: str, known: Known, base: int | None) -> Visit:
    """A visit that waits, as whoever decides has seen it: `base` is the version they looked at."""
    visit = known.visit(visit_id)
    if visit.review != "waiting":
        raise Refusal("review.not_waiting")
    if base is not None and base != visit.version:
        raise Refusal("review.changed")
    return visit
