"""The reports that the demo's office has made by itself, and the files of the last weeks."""

from datetime import date, datetime, timedelta

from server import audit
from server.audit import Author
from server.demo.arriving import instant_of
from server.demo.ids import Minter, instant_ms
from server.demo.shapes import Town
from server.intake import Intake
from server.intake.writing import Writing
from server.reports import nightly, scheduling
from server.store import schedules
from sync.operations import stamp

# Report, kind, day, place.
_SET_UP = (("months", "month", 1, ""), ("followups", "week", 1, ""))
_SINCE_DAYS = 36
_AT_NIGHT = 220  # minutes after midnight


def make(intake: Intake, town: Town) -> None:
    """As if the server had been awake each of those nights."""
    intake.do(town.community_id, lambda writing: _set_up(writing, town))
    today = town.today.isoformat()
    with intake.store.read() as tx:
        found = schedules.current(tx, town.community_id)
    for on in sorted({day for one in found for day in scheduling.due_days(one, today)}):
        _night(intake, instant_of(instant_ms(date.fromisoformat(on), _AT_NIGHT)))


def _set_up(writing: Writing, town: Town) -> None:
    by = town.person["office1"]
    since = town.today - timedelta(days=_SINCE_DAYS)
    at = stamp(instant_of(instant_ms(since, 640)))
    mint = Minter("papers").mint
    for values in _SET_UP:
        schedule_id = mint(instant_ms(since, 640))
        schedules.add(
            writing.tx, town.community_id, schedule_id, values, since.isoformat(), by.id, at
        )
        said = scheduling.said(values[1], values[2])
        audit.note(writing, Author(by.id, by.role), "report.schedule", values[0], detail=said)


def _night(intake: Intake, at: datetime) -> None:
    of_then = Intake(intake.store, lambda: at)
    try:
        nightly.make_due(of_then)
    finally:
        of_then.stop()
