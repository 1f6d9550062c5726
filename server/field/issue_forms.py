"""The form of an issue: what it says becomes the data of `issue.raise`, or of `issue.join` where it
is one that was raised already. Twin: web/phone/issue_forms.js, held equal by forms.json."""

from server.field.forms import Fields, Filled, first
from sync.issue_limits import CATEGORIES
from sync.issue_words import proposed

MAX_TEXT, MAX_PLACE = 1000, 100
# What whoever reads it cannot make out without a word.
SAID = ("reopen", "resubmit")
STEPS = ("start", "negotiate", "done", "revisit", "note", "received", "resubmit", "reopen")


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


def stepping(fields: Fields, issue_id: str, photos: int) -> Filled:
    """What was done about an issue. `words` are for whoever raised it, `inner` for the staff."""
    step = first(fields, "step")
    words, inner = first(fields, "words").strip(), first(fields, "inner").strip()
    if step not in STEPS:
        return Filled({}, "请选这一步做了什么。", "step")
    if (step in SAID and not words) or (step == "note" and not (words or inner)):
        return Filled({}, "请写一句。", "words")
    if step == "done" and not (words or photos):
        return Filled({}, "办好了，请写一句怎么办的，或拍一张照片。", "words")
    for name, text in (("words", words), ("inner", inner)):
        if len(text) > MAX_TEXT:
            return Filled({}, f"最多 {MAX_TEXT} 字，现在 {len(text)} 字。", name)
    return Filled({"id": issue_id, "step": step, "words": words, "inner": inner})
