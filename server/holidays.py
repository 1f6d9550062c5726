"""Which days are off: the office follows the notice of the year, and what its street decides."""

from collections.abc import Iterable, Mapping
from typing import Any

from server import audit
from server.audit import Author
from server.intake.writing import Writing
from server.store import holidays as rows
from server.store.database import Tx
from sync import days
from sync import holidays as rules
from sync.holidays import Day
from sync.operations import stamp
from sync.refusals import Refusal

MAX_DAYS = 31
KINDS = ("off", "work", "rule")


def decide(writing: Writing, by: Author, first: str, last: str, kind: str) -> None:
    """These days are off, are worked, or are again what the rules say."""
    if kind not in KINDS:
        raise Refusal("field.unknown", field="放假还是上班", value=kind)
    if not first <= last < days.after(first, MAX_DAYS):
        raise Refusal("holiday.days_misfit", limit=MAX_DAYS)

    tx, home = writing.tx, writing.community_id
    if kind == "rule":
        rows.drop(tx, home, first, last)
    else:
        for n in range(days.between(first, last) + 1):
            on, at = days.after(first, n), stamp(writing.now)
            rows.put(tx, home, on, kind == "work", by.id, at)
    audit.note(writing, by, "holiday.set", detail=f"{first} {last} {kind}")


def coming(tx: Tx, community_id: str, today: str) -> dict[str, Day]:
    """The special days from today to the end of the next year."""
    own = rows.own(tx, community_id, today)
    return rules.between(today, f"{int(today[:4]) + 1}-12-31", own)


def stretches(special: Mapping[str, Day]) -> list[dict[str, Any]]:
    """Days in a row that are special for the same reason, in the order of the calendar."""
    found: list[dict[str, Any]] = []
    for on, day in special.items():
        if found and found[-1]["day"] == day and days.after(found[-1]["last"], 1) == on:
            found[-1]["last"] = on
        else:
            found.append({"first": on, "last": on, "day": day})
    return found


def unannounced(special: Iterable[str]) -> list[int]:
    """Years among these days whose notice the rules do not know."""
    years = sorted({int(on[:4]) for on in special})
    return [year for year in years if not rules.is_announced(year)]
