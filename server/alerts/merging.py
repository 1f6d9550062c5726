"""Two warnings turn out to be one: a message named both."""

from msgspec.structs import replace

from server.alerts import cascading
from server.intake.writing import Writing
from server.store import alert_reach, alerts
from sync import duties, weather_list
from sync.alert_records import Alert


def merge(writing: Writing, other: Alert, into: Alert) -> None:
    """Two were one: who had the other has no more of it, what they said of it still counts."""
    tx, home = writing.tx, writing.community_id
    gone = [replace(one, state="merged", is_past=1) for one in writing.records.duties(other.id)]
    over = replace(other, state="merged", merged_into=into.id, is_past=1)
    asked = writing.records.contact_tasks(into.id)
    tasks = weather_list.joined(writing.records.contact_tasks(other.id), asked)
    told = alert_reach.move(tx, home, other.id, into.id, into.edition)
    known = [duties.heard(one, told) for one in writing.records.duties(into.id)]
    cascading.save(writing, [over, *gone, *tasks, *known])
    alerts.look_at(tx, home, other.id, "")
