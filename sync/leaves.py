"""Days that somebody holds a building, and which of them a deputy lacks."""

from collections.abc import Iterable

from sync import days

# After every last day; "" says that there is none.
_NEVER = "9999-12-31"

Span = tuple[str, str]


def overlap(one: Span, other: Span) -> Span | None:
    """The days that two spans share; a last day of "" is none."""
    first, last = max(one[0], other[0]), min(one[1] or _NEVER, other[1] or _NEVER)
    return (first, last) if first <= last else None


def lacking(wanted: Span, held: Iterable[Span]) -> list[Span]:
    """The parts of some days that other spans do not cover, in their order."""
    found: list[Span] = []
    first, last = wanted
    for from_on, until_on in sorted(held):
        if from_on > last or (until_on or _NEVER) < max(first, from_on):
            continue
        if from_on > first:
            found.append((first, days.after(from_on, -1)))
        if not until_on or until_on >= last:
            return found
        first = days.after(until_on, 1)
    return [*found, (first, last)]
