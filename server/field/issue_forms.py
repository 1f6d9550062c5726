"""The form of an issue: what it says becomes the data of `issue.raise`, or of `issue.join` where it
is one that was raised already. Twin: web/phone/issue_forms.js, held equal by forms.json."""

from server.field.forms import Fields, Filled, first
from sync.issue_limits import CATEGORIES
from sync.issue_words import proposed

MAX_TEXT, MAX_PLACE = 1000, 100


def raising(fields: Fields, building_id: str, household_id: str) -> Filled:
    """What was tapped comes before what was written. A kind that nobody chose follows the words."""
    said = [first(fields, "quick"), first(fields, "text").strip()]
    text = "；".join(one for one in said if one)
    place = first(fields, "place").strip()
    if not text:
        return Filled({}, "请点一样，或写一句是什么事。", "text")
    if len(text) > MAX_TEXT:
        return Filled({}, f"最多 {MAX_TEXT} 字，现在 {len(text)} 字。", "text")
    if len(place) > MAX_PLACE:
        return Filled({}, f"地点最多 {MAX_PLACE} 字，现在 {len(place)} 字。", "place")
    if first(fields, "joins"):
        return Filled({"id": first(fields, "joins"), "text": text})
    chosen = first(fields, "category")
    return Filled(
        {
            "category": chosen if chosen in CATEGORIES else proposed(text),
            "text": text,
            "building_id": building_id,
            "household_id": household_id,
            "place": place,
            "solved_on_spot": bool(first(fields, "solved")),
        }
    )
