"""Of some warnings nobody can tell whether they are for us: the office says so."""

from msgspec.structs import replace

from server.alerts import cascading, stepping
from server.intake.writing import Writing
from sync.alert_records import Alert
from sync.operations import stamp
from sync.refusals import Refusal


def accept(writing: Writing, incident_id: str) -> Alert:
    """It is ours, whatever could be read of its area: everybody is asked."""
    alert = _undecided(writing, incident_id, "waiting", "dismissed")
    begun = cascading.begin(writing, replace(alert, closed_by="", reason=""), alert.guide)
    stepping.step(writing, begun.id)
    return begun


def dismiss(writing: Writing, incident_id: str, name: str, reason: str) -> Alert:
    """It is not, and stays so whatever its sender goes on to say. `name` is who says so."""
    alert = _undecided(writing, incident_id, "waiting")
    at = stamp(writing.now)
    ended = replace(alert, state="dismissed", closes_at=at, closed_by=name, reason=reason)
    cascading.save(writing, [ended])
    return ended


def _undecided(writing: Writing, incident_id: str, *states: str) -> Alert:
    alert = writing.records.get("alert", incident_id)
    if not isinstance(alert, Alert):
        raise Refusal("record.unknown")
    if alert.started_at or alert.state not in states:
        raise Refusal("alert.decided")
    return alert
