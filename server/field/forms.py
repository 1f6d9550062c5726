"""What a field form says becomes the data of an operation, or a sentence about what is missing.

Fields arrive as lists of strings, named as in the templates. Twin: web/phone/forms.js, held equal
by tests/vectors/forms.json.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from server.field.checkup_forms import checkups, put_right
from sync.care import OFFICE_ONLY

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
MAX_NOTE, MAX_FOLLOWUP, MAX_FEEDBACK, MAX_EVENT_NOTE = 1000, 200, 2000, 200


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
            "started_at": first(fields, "started_at"),
            "ended_at": now,
            "task_ids": fields.get("task_ids", []) if data["result"] in SETTLES_TASKS else [],
            **({"pairing_id": first(fields, "pairing_id")} if first(fields, "pairing_id") else {}),
            **({"checkups": asked.checkups} if asked.checkups else {}),
        }
    )


def visit_again(fields: Fields, asking: Sequence[Record]) -> Record:
    """What the form of a visit held, for a form that is drawn again without scripts."""
    asked = checkups(fields, asking, first(fields, "type"))
    given = {**_visit_data(fields), "started_at": first(fields, "started_at")}
    return {**given, "checkups": asked.checkups}


def look_again(fields: Fields, asking: Sequence[Record]) -> Record:
    """Why a form that came without scripts is shown once more before it is saved; {} if it is not.

    `left` questions have no answer, or something cannot wait.
    """
    asked = checkups(fields, asking, first(fields, "type"))
    is_first = not first(fields, "again")
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
    reason = first(fields, "reason")
    return Filled({"id": before["id"], "changes": changes, "reason": reason})


def closing(fields: Fields, found: Record) -> Filled:
    """Data of `followup.close`."""
    result, note = first(fields, "result"), first(fields, "note").strip()
    if not result:
        return Filled({}, "请选办得怎样。", "result")
    if result == "其他" and not note:
        return Filled({}, "选了“其他”，请写一句做了什么。", "note")
    if len(note) > MAX_FOLLOWUP:
        return Filled({}, f"最多 {MAX_FOLLOWUP} 字，现在 {len(note)} 字。", "note")
    return Filled({"id": found["id"], "result": result[:MAX_FOLLOWUP], "note": note})


def life_event(fields: Fields, household: Record, today: str) -> Filled:
    """Data of `life_event.record`; `what` "none" takes back what was recorded."""
    what, on = first(fields, "what"), first(fields, "on") or today
    note = first(fields, "note").strip()
    if not what:
        return Filled({}, "请先选是什么事。", "what")
    if not _is_day(on):
        return Filled({}, "日期不对，请重新选。", "on")
    if on > today:
        return Filled({}, "日期还没到，请选今天或以前的。", "on")
    if len(note) > MAX_EVENT_NOTE:
        return Filled({}, f"备注最多 {MAX_EVENT_NOTE} 字，现在 {len(note)} 字。", "note")
    home, person = household["id"], first(fields, "resident_id")
    if what == "none":
        what, on, note = "", today, ""
    return Filled(
        {"household_id": home, "resident_id": person, "what": what, "on": on, "note": note}
    )


def proposal(fields: Fields, person: Record) -> Filled:
    """Data of `resident.change`: categories that only the office gives, for it to decide."""
    chosen = [code for code in fields.get("category", []) if code in OFFICE_ONLY]
    after = sorted({*person["categories"], *chosen})
    if len(after) == len(person["categories"]):
        return Filled({}, "请先选要提议的类别。", "category")
    return Filled({"id": person["id"], "changes": {"categories": after}})


def pairing_contact(fields: Fields, pair: Record) -> Filled:
    """Data of `pairing.contact`."""
    method = first(fields, "method")
    if method not in ("door", "phone"):
        return Filled({}, "请选是打了电话还是上门看了。", "method")
    return Filled({"id": pair["id"], "method": method})


def feedback(fields: Fields) -> Filled:
    """Data of `feedback.send`."""
    text = first(fields, "text").strip()
    if not text:
        return Filled({}, "请写一句再交。", "text")
    if len(text) > MAX_FEEDBACK:
        return Filled({}, f"最多 {MAX_FEEDBACK} 字，现在 {len(text)} 字。", "text")
    return Filled({"text": text, "page": first(fields, "page")[:100]})


def _visit_data(fields: Fields) -> Record:
    result, method = first(fields, "result"), first(fields, "method") or "door"
    if result == "phone_ok" and method == "door":
        method = "phone"
    concerned = result in MET_SOMEBODY or result in ABOUT_SOMEBODY
    said = [*fields.get("phrase", []), first(fields, "note").strip()]
    return {
        "type": first(fields, "type") or "routine",
        "method": method,
        "result": result,
        "resident_ids": fields.get("resident_ids", []) if concerned else [],
        "note": "；".join(part for part in said if part),
        "away_until": first(fields, "away_until") if result in WITH_A_DAY else "",
        "followup": first(fields, "followup").strip(),
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


def first(fields: Fields, name: str) -> str:
    """The only value of a field; "" when it was left out."""
    values = fields.get(name, [])
    return values[0] if values else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
