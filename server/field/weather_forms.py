"""What the form of a contact because of a warning becomes. Twin: web/phone/weather_forms.js."""

from collections.abc import Sequence

from server.field.checkup_forms import checkups
from server.field.forms import MAX_NOTE, Fields, Filled, Record, first
from sync.weather_list import OUTCOMES

# Somebody was spoken to, so that a list may have been gone through.
SPOKE = ("safe", "needs_help", "moved")
SPOKE_TO_NOBODY = "清单里已经答了。没有问到人，请把清单里的答案去掉，或改选问到的结果。"
METHODS = ("door", "phone", "video")


def alert_contact(fields: Fields, task: Record, now: str, asking: Sequence[Record] = ()) -> Filled:
    """Data of `alert.contact`, about a task of the weather list or of a pair."""
    outcome, note = first(fields, "outcome"), first(fields, "note").strip()
    method = first(fields, "method")
    if outcome not in OUTCOMES:
        return Filled({}, "请先选问到怎样。", "outcome")
    if len(note) > MAX_NOTE:
        return Filled({}, f"备注最多 {MAX_NOTE} 字，现在 {len(note)} 字。", "note")
    asked = checkups(fields, asking, "weather")
    if asked.error:
        return Filled({}, asked.error, asked.field)
    if any(one["answers"] for one in asked.checkups) and outcome not in SPOKE:
        return Filled({}, SPOKE_TO_NOBODY, "outcome")
    return Filled(
        {
            "incident_id": task["incident_id"],
            "household_id": task["household_id"],
            "resident_ids": task["resident_ids"],
            "outcome": outcome,
            "method": method if method in METHODS else "phone",
            "note": note,
            "started_at": first(fields, "started_at"),
            "ended_at": now,
            **({"checkups": asked.checkups} if asked.checkups else {}),
        }
    )


def alert_contact_again(fields: Fields, asking: Sequence[Record]) -> Record:
    """What the form of a contact held, for a form that is drawn again without scripts."""
    names = ("outcome", "method", "note", "started_at")
    asked = checkups(fields, asking, "weather")
    return {**{name: first(fields, name) for name in names}, "checkups": asked.checkups}
