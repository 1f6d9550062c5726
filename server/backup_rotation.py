"""Which backups stay: the newest of each of the last days, weeks and months that have one."""

from collections.abc import Callable, Iterable
from datetime import datetime

from server.settings import Keep

# One made by hand before something bold is not swept away by the next.
ALWAYS = 3

Span = Callable[[datetime], str]


def staying(made: Iterable[datetime], keep: Keep) -> set[datetime]:
    """Of the moments at which verified backups were made, those to keep; the newest always are.

    Spans that have no backup do not count: a server that was off for a year forgets nothing.
    """
    newest_first = sorted(made, reverse=True)
    stay = set(newest_first[:ALWAYS])
    for span, count in ((_day, keep.daily), (_week, keep.weekly), (_month, keep.monthly)):
        stay |= set(_newest_of_each(newest_first, span)[:count])
    return stay


def _newest_of_each(
    newest_first: list[datetime], span: Callable[[datetime], str]
) -> list[datetime]:
    found: dict[str, datetime] = {}
    for at in newest_first:
        found.setdefault(span(at), at)
    return list(found.values())


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d")


def _week(at: datetime) -> str:
    return at.strftime("%G-%V")


def _month(at: datetime) -> str:
    return at.strftime("%Y-%m")
