"""A warning ends: along the same way, to exactly those who were told of it."""

from collections.abc import Iterable
from datetime import time
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from sync import duties, weather_list
from sync.alert_records import Alert, ContactTask, Duty
from sync.cascade import asks_households_at
from sync.known import Known
from sync.operations import AlertStandDown, instant, stamp
from sync.records import Community, Record
from sync.telling import worded_over

OVER = frozenset({"closed", "expired", "dismissed", "merged"})


def stand_down(data: AlertStandDown, known: Known) -> list[Record]:
    """The office ends a warning. One that is over already stays as it is."""
    alert = known.alert(data.incident_id)
    if alert.state in OVER:
        return []
    at = stamp(known.moment.received_at)
    ended = replace(alert, closed_by=known.actor.name, reason=data.reason)
    if alert.state == "waiting":
        return [replace(ended, state="dismissed", closes_at=at)]
    told = known.town.duties(alert.id)
    return end(ended, at, known.community, told, known.town.contact_tasks(alert.id))


def end(
    alert: Alert,
    at: str,
    community: Community,
    told: Iterable[Duty],
    tasks: Iterable[ContactTask],
) -> list[Record]:
    """It is over and everybody who was told learns it at `at`. No households are woken for that."""
    closed = replace(
        alert,
        state="closed",
        closes_at=alert.closes_at or at,
        edition=alert.edition + 1,
        from_at=households_at(at, "", "", community),
    )
    closed = worded_over(closed, community)
    asked = [duties.again(one, closed, at, "stand_down") for one in told]
    return [closed, *asked, *weather_list.over(tasks)]


def expire(alert: Alert, told: Iterable[Duty], tasks: Iterable[ContactTask]) -> list[Record]:
    """It is over by itself: nobody is told anew."""
    over = replace(alert, state="expired", closes_at=alert.ends_at)
    return [over, *(duties.followed(one, over) for one in told), *weather_list.over(tasks)]


def households_at(at: str, colour: str, onset_at: str, community: Community) -> str:
    """When households may be told: at once, or in the morning."""
    now = instant(at)
    assert now is not None
    begins, ends = (time.fromisoformat(one) for one in community.alert_quiet)
    here = now.astimezone(ZoneInfo(community.timezone))
    onset = instant(onset_at) if onset_at else None
    return stamp(asks_households_at(here, colour, onset, (begins, ends)))
