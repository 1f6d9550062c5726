"""What a field form says becomes the data of an operation, or a sentence about what is missing.

Fields arrive as lists of strings, named as in the templates. Twin: web/phone/forms.js, held equal
by tests/vectors/forms.json.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from server.field.checkup_forms import checkups, put_right

Fields = dict[str, list[str]]
Record = dict[str, Any]

MET_SOMEBODY = ("met", "met_family", "phone_ok")
ABOUT_SOMEBODY = ("hospital", "institution", "away", "moved_out", "deceased")
# Nobody at home settles no request, though the form has it ticked beforehand.
SETTLES_TASKS = (*MET_SOMEBODY, "vacant")
WITH_A_DAY = ("rescheduled", "hospital", "institution", "away")
VISIT_FIELDS = ("type", "method", "result", "resident_ids", "note", "away_until", "followup")
ASKED_NOBODY = (
    "清单里已经答了。结果请选见到本人、见到家属或电话平安；没有问到人，请把清单里的答案去掉。"
)
OUTCOMES = ("safe", "needs_help", "no_answer", "moved", "declined")
# Somebody was spoken to, so that a list may have been gone through.
SPOKE = ("safe", "needs_help", "moved")
SPOKE_TO_NOBODY = "清单里已经答了。没有问到人，请把清单里的答案去掉，或改选问到的结果。"
METHODS = ("door", "phone", "video")
MAX_NOTE, MAX_FOLLOWUP, MAX_FEEDBACK, MAX_EVENT_NOTE = 1000, 200, 2000, 200
PHONE = re.compile(r"\+?\d{3,15}")


class Filled(NamedTuple):
    """The data of an operation; or `error`, a sentence, and the `field` it is about."""

    data: Record
    error: str = ""
    field: str = ""


def visit(
    fields: Fields,
    household: Record,
    residents: list[Record],
    now: str,
    today: str,
    asking: Sequence[Record] = (),
) -> Filled:
    """Data of `visit.record`. `now` is an instant, `today` the day at the community.

    `asking` says who can be asked what (views/asking). Who answered was met.
    """
    data = _visit_data(fields)
    problem = _visit_problem(data, len(residents), today)
    if problem:
        return problem
    asked = checkups(fields, asking, data["type"])
    if asked.error:
        return Filled({}, asked.error, asked.field)
    answered = [one["resident_id"] for one in asked.checkups if one["answers"]]
    if answered and data["result"] not in MET_SOMEBODY:
        return Filled({}, ASKED_NOBODY, "result")
    named = dict.fromkeys([*data["resident_ids"], *answered])
    return Filled(
        {
            "household_id": household["id"],
            **data,
            "resident_ids": list(named),
            "started_at": _one(fields, "started_at"),
            "ended_at": now,
            "task_ids": fields.get("task_ids", []) if data["result"] in SETTLES_TASKS else [],
            **({"pairing_id": _one(fields, "pairing_id")} if _one(fields, "pairing_id") else {}),
            **({"checkups": asked.checkups} if asked.checkups else {}),
        }
    )


def alert_contact_again(fields: Fields, asking: Sequence[Record]) -> Record:
    """What the form of a contact held, for a form that is drawn again without scripts."""
    names = ("outcome", "method", "note", "started_at")
    asked = checkups(fields, asking, "weather")
    return {**{name: _one(fields, name) for name in names}, "checkups": asked.checkups}


def visit_again(fields: Fields, asking: Sequence[Record]) -> Record:
    """What the form of a visit held, for a form that is drawn again without scripts."""
    asked = checkups(fields, asking, _one(fields, "type"))
    given = {**_visit_data(fields), "started_at": _one(fields, "started_at")}
    return {**given, "checkups": asked.checkups}


def look_again(fields: Fields, asking: Sequence[Record]) -> Record:
    """Why a form that came without scripts is shown once more before it is saved; {} if it is not.

    `left` questions have no answer, or something cannot wait.
    """
    asked = checkups(fields, asking, _one(fields, "type"))
    is_first = not _one(fields, "again")
    return {"left": asked.left, "again": 1} if is_first and (asked.left or asked.urgent) else {}


def correction(
    fields: Fields,
    before: Record,
    residents: list[Record],
    today: str,
    asking: Sequence[Record] = (),
) -> Filled:
    """Data of `visit.correct`: only what differs from the visit as it is.

    `asking` says what that visit asked (views/asking).
    """
    data = _visit_data(fields)
    problem = _visit_problem(data, len(residents), min(today, before["away_until"] or today))
    if problem:
        return problem
    asked = checkups(fields, asking, data["type"])
    if asked.error:
        return Filled({}, asked.error, asked.field)
    changes = {name: data[name] for name in VISIT_FIELDS if data[name] != before[name]}
    known, after = put_right(before["checkups"], asked.checkups, fields, asking)
    if after != known:
        changes["checkups"] = after
    if not changes:
        return Filled({}, "没有改动。", "result")
    reason = _one(fields, "reason")
    return Filled({"id": before["id"], "changes": changes, "reason": reason})


def contact_change(fields: Fields, before: Record, today: str) -> Filled:
    """Data of `contact.change`: only what differs."""
    after = _contact_data(fields, today)
    if not PHONE.fullmatch(after["phone"]):
        return _bad_phone()
    after["verified_on"] = after["verified_on"] or before["verified_on"]
    changes = {name: value for name, value in after.items() if value != before[name]}
    if not changes:
        return Filled({}, "没有改动。", "phone")
    return Filled({"id": before["id"], "changes": changes})


def contact_add(fields: Fields, household: Record, today: str) -> Filled:
    """Data of `contact.add`."""
    data = _contact_data(fields, today)
    if not PHONE.fullmatch(data["phone"]):
        return _bad_phone()
    return Filled(
        {"household_id": household["id"], "resident_id": _one(fields, "resident_id"), **data}
    )


def closing(fields: Fields, found: Record) -> Filled:
    """Data of `followup.close`."""
    result, note = _one(fields, "result"), _one(fields, "note").strip()
    if not result:
        return Filled({}, "请选办得怎样。", "result")
    if result == "其他" and not note:
        return Filled({}, "选了“其他”，请写一句做了什么。", "note")
    if len(note) > MAX_FOLLOWUP:
        return Filled({}, f"最多 {MAX_FOLLOWUP} 字，现在 {len(note)} 字。", "note")
    return Filled({"id": found["id"], "result": result[:MAX_FOLLOWUP], "note": note})


def life_event(fields: Fields, household: Record, today: str) -> Filled:
    """Data of `life_event.record`; `what` "none" takes back what was recorded."""
    what, on = _one(fields, "what"), _one(fields, "on") or today
    note = _one(fields, "note").strip()
    if not what:
        return Filled({}, "请先选是什么事。", "what")
    if not _is_day(on):
        return Filled({}, "日期不对，请重新选。", "on")
    if on > today:
        return Filled({}, "日期还没到，请选今天或以前的。", "on")
    if len(note) > MAX_EVENT_NOTE:
        return Filled({}, f"备注最多 {MAX_EVENT_NOTE} 字，现在 {len(note)} 字。", "note")
    home, person = household["id"], _one(fields, "resident_id")
    if what == "none":
        what, on, note = "", today, ""
    return Filled(
        {"household_id": home, "resident_id": person, "what": what, "on": on, "note": note}
    )


def pairing_contact(fields: Fields, pair: Record) -> Filled:
    """Data of `pairing.contact`."""
    method = _one(fields, "method")
    if method not in ("door", "phone"):
        return Filled({}, "请选是打了电话还是上门看了。", "method")
    return Filled({"id": pair["id"], "method": method})


def alert_contact(fields: Fields, task: Record, now: str, asking: Sequence[Record] = ()) -> Filled:
    """Data of `alert.contact`, about a task of the weather list or of a pair."""
    outcome, note = _one(fields, "outcome"), _one(fields, "note").strip()
    method = _one(fields, "method")
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
            "started_at": _one(fields, "started_at"),
            "ended_at": now,
            **({"checkups": asked.checkups} if asked.checkups else {}),
        }
    )


def feedback(fields: Fields) -> Filled:
    """Data of `feedback.send`."""
    text = _one(fields, "text").strip()
    if not text:
        return Filled({}, "请写一句再交。", "text")
    if len(text) > MAX_FEEDBACK:
        return Filled({}, f"最多 {MAX_FEEDBACK} 字，现在 {len(text)} 字。", "text")
    return Filled({"text": text, "page": _one(fields, "page")[:100]})


def _visit_data(fields: Fields) -> Record:
    result, method = _one(fields, "result"), _one(fields, "method") or "door"
    if result == "phone_ok" and method == "door":
        method = "phone"
    concerned = result in MET_SOMEBODY or result in ABOUT_SOMEBODY
    said = [*fields.get("phrase", []), _one(fields, "note").strip()]
    return {
        "type": _one(fields, "type") or "routine",
        "method": method,
        "result": result,
        "resident_ids": fields.get("resident_ids", []) if concerned else [],
        "note": "；".join(part for part in said if part),
        "away_until": _one(fields, "away_until") if result in WITH_A_DAY else "",
        "followup": _one(fields, "followup").strip(),
    }


def _visit_problem(data: Record, at_home: int, today: str) -> Filled | None:  # noqa: PLR0911
    named = len(data["resident_ids"])
    if not data["result"]:
        return Filled({}, "请先选走访结果。", "result")
    if data["result"] in ABOUT_SOMEBODY and named == 0 and at_home > 1:
        return Filled({}, "请选是哪一位。", "resident_ids")
    if data["result"] == "deceased" and named > 1:
        return Filled({}, "去世一次只记一位，请只选一位。", "resident_ids")
    if data["away_until"] and not _is_day(data["away_until"]):
        return Filled({}, "日期不对，请重新选。", "away_until")
    if data["away_until"] and data["away_until"] < today:
        return Filled({}, "日期已经过去了，请选今天以后的。", "away_until")
    if len(data["note"]) > MAX_NOTE:
        return Filled({}, f"备注最多 {MAX_NOTE} 字，现在 {len(data['note'])} 字。", "note")
    if len(data["followup"]) > MAX_FOLLOWUP:
        said = f"跟进最多 {MAX_FOLLOWUP} 字，现在 {len(data['followup'])} 字。"
        return Filled({}, said, "followup")
    return None


def _contact_data(fields: Fields, today: str) -> Record:
    return {
        "name": _one(fields, "name").strip()[:40],
        "relation": _one(fields, "relation"),
        "phone": re.sub(r"[^\d+]", "", _one(fields, "phone")),
        "verified_on": today if _one(fields, "verified") else "",
    }


def _bad_phone() -> Filled:
    return Filled({}, "电话号码不对，应是 3 到 15 位数字。", "phone")


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name, [])
    return values[0] if values else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
