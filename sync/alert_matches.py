"""Whether a message of a source says what somebody forwarded before: then it was true.

A text from a chat group names no number, so it is known by its kind, colour, area and minute.
"""

from datetime import UTC, datetime

from sync.alert_areas import prefixes
from sync.alert_signs import Sign
from sync.alerts import Area


def confirms(official: Sign, forwarded: Sign) -> bool:
    """The same signal of the same minute for a place that both may mean."""
    return (
        bool(official.kind)
        and official.kind == forwarded.kind
        and official.colour == forwarded.colour
        and official.closes == forwarded.closes
        and official.is_drill == forwarded.is_drill
        and _minute(official.sent) == _minute(forwarded.sent)
        and may_be_one(official.areas, forwarded.areas)
    )


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def may_be_one(official: tuple[Area, ...], forwarded: tuple[Area, ...]) -> bool:
    """Whether two areas may mean one place: by codes where both have some, else by names.

    Who names no area contradicts nobody.
    """
    ours = [code for area in official for code in prefixes(area)]
    theirs = [code for area in forwarded for code in prefixes(area)]
    if ours and theirs:
        return any(
            one.startswith(other) or other.startswith(one) for one in ours for other in theirs
        )
    said = [area.description for area in official if area.description]
    heard = [area.description for area in forwarded if area.description]
    if not said or not heard:
        return True
    return any(one in other or other in one for one in said for other in heard)
