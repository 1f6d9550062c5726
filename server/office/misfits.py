"""Refusals that were stored before the rules spoke plainly."""

from server.office.labels import named
from sync.misfits import translated


def plainly(sentence: str) -> str:
    """A refusal without the words that only a programmer reads."""
    return translated(sentence, lambda field: named(field, "field"))
