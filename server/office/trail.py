"""Who looked at whom. A page redraws itself while somebody reads it; that is one look."""

from datetime import timedelta

from server.access import write_audit
from server.intake import Intake
from server.office.page import Asking
from server.store import audit
from sync.operations import stamp

ONE_LOOK = timedelta(minutes=10)


def note_view(request: Asking, kind: str, record_id: str) -> None:
    """Write down that this person sees a page about a person or a door."""
    _once(request, "view", f"{kind}:{record_id}")


def note_print(request: Asking, kind: str, of: str) -> None:
    """Write down that this person opened a page that is made to be printed."""
    _once(request, "print", f"{kind}:{of}")


def _once(request: Asking, action: str, target: str) -> None:
    intake: Intake = request.app.state.intake
    since = stamp(intake.clock() - ONE_LOOK)
    person = request.user
    with intake.store.read() as tx:
        seen = audit.has(tx, person.community_id, person.id, action, target, since)
    if not seen:
        write_audit(request, person, action, target)
