"""Handlers about people, phones, cards, the trail and the counts, for the composition."""

from typing import Any

from server.office import (
    areas,
    audit,
    bulk,
    cards,
    counts,
    enrolments,
    entry,
    handovers,
    losses,
    people,
    phone_lock,
    phones,
)

HANDLERS: list[Any] = [
    *people.HANDLERS,
    *areas.HANDLERS,
    *bulk.HANDLERS,
    *phones.HANDLERS,
    *phone_lock.HANDLERS,
    *losses.HANDLERS,
    *entry.HANDLERS,
    *handovers.HANDLERS,
    *cards.HANDLERS,
    *enrolments.HANDLERS,
    *audit.HANDLERS,
    *counts.HANDLERS,
]
