"""What a warning says on phones and in messages: its title and its texts, from what it is."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from sync.alert_records import Alert
from sync.alert_texts import DRILL, Facts, Own, name_of, say, texts_for
from sync.operations import instant
from sync.records import Community


def worded(
    alert: Alert,
    community: Community,
    own: Iterable[Own] = (),
    points: Sequence[str] = (),
) -> Alert:
    """A warning with its title and texts. `own` are the words of the office, `points` what the
    sender says is to be done: before ours, after the office's.
    """
    texts = texts_for(alert.kind, alert.colour, own)
    guide = texts.guide if texts.is_own_guide or not points else tuple(points)
    said = say(_facts(alert, community, guide), texts.message, texts.short)
    return replace(
        alert,
        title=title_of(alert.kind, alert.colour, False, bool(alert.is_drill)),
        message=said.message,
        short=said.short,
        guide=list(guide),
    )


def worded_over(alert: Alert, community: Community) -> Alert:
    """A warning that says it is over since `closes_at`; nothing is to be done any more."""
    said = say(_facts(alert, community, (), closes=True))
    return replace(
        alert,
        title=title_of(alert.kind, alert.colour, True, bool(alert.is_drill)),
        message=said.message,
        short=said.short,
        guide=[],
    )


def title_of(kind: str, colour: str, closes: bool, is_drill: bool) -> str:
    return f"{DRILL if is_drill else ''}{'解除' if closes else ''}{name_of(kind, colour)}"


def _facts(
    alert: Alert, community: Community, guide: tuple[str, ...], *, closes: bool = False
) -> Facts:
    at = alert.closes_at if closes else alert.since_at or alert.updated_at or alert.sent_at
    return Facts(
        kind=alert.kind,
        colour=alert.colour,
        at=spoken(at, community.timezone),
        area="" if alert.area in alert.effect else alert.area,
        effect=alert.effect,
        guide=guide,
        phone=community.office_phone,
        community=community.name,
        is_drill=bool(alert.is_drill),
        closes=closes,
    )


def spoken(at: str, timezone: str) -> str:
    """An instant as a clock of the community tells it: 8月7日9时10分."""
    read = instant(at)
    if read is None:
        return ""
    clock = read.astimezone(ZoneInfo(timezone))
    return f"{clock.month}月{clock.day}日{clock.hour}时{clock.minute}分"
