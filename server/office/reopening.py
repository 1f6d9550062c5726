"""Taking back what was decided about a visit: it waits again, and the history shows both."""

from collections.abc import Iterable, Sequence

from server.intake import Intake
from server.office import forms
from server.office.forms import FormData
from server.office.page import Asking
from server.store import decisions
from server.store.records import Records
from sync.records import Visit
from sync.refusals import Refusal

MAX_REASON = 200


def reopen(request: Asking, intake: Intake, visit_id: str, form: FormData, base: int) -> None:
    """Raises Refusal where nothing is decided, or not any more what was seen."""
    me, ident = request.user, forms.ident(visit_id)
    reason = forms.text(form, "reason", "为什么收回", MAX_REASON)
    with intake.store.read() as tx:
        visit = Records(tx, me.community_id).get("visit", ident)
        if not isinstance(visit, Visit):
            raise Refusal("record.unknown")
        last = decisions.last(tx, me.community_id, visit.household_id, ident)
    data = {"id": ident, "undoes": last["id"] if last else "", "reason": reason}
    forms.send(intake, me, "review.reopen", data, form, base)


def reopen_each(request: Asking, intake: Intake, chosen: Iterable[str]) -> list[str]:
    """The same for several, each as `as_decided` says it; sentences of why some were not."""
    refused = []
    for one in chosen:
        visit_id, _, version = one.partition(":")
        try:
            reopen(request, intake, visit_id, {}, forms.base_of({"base": version}))
        except Refusal as refusal:
            refused.append(refusal.sentence)
    return refused


def as_decided(request: Asking, intake: Intake, visit_ids: Sequence[str]) -> list[str]:
    """Visits with their versions, as they stand after a decision."""
    with intake.store.read() as tx:
        known = Records(tx, request.user.community_id)
        found = [known.get("visit", one) for one in visit_ids]
    return [f"{one.id}:{one.version}" for one in found if isinstance(one, Visit)]
