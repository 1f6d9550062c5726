"""What stands in the addresses and forms of the access test: for each name in braces what it is
the id of, and for each form what somebody who fills it in would send."""

import re
from typing import Any

from tests.server.everything import PLACES, Names
from tests.server.town import COMMUNITY, ident

__all__ = ["PLACES"]
NOTHING = ident("id", "of nothing")

# A name in braces is the id of what is called so in everything.py; under these addresses, of this.
MEANS = {
    ("/office/review/", "visit_id"): "waiting",
    ("/office/proposals/visits/", "visit_id"): "departure",
    ("/office/proposals/kept/", "key"): "proposal",
    ("/office/quarantine/", "key"): "quarantined",
    ("/office/missing/", "resident_id"): "missing",
    ("/office/imports/{batch_id}/confirmations", "batch_id"): "preview",
    ("/office/imports/{batch_id}/drops", "batch_id"): "preview",
    ("/office/imports/{batch_id}/changes", "batch_id"): "preview",
    ("/office/merges/", "drop_id"): "merged",
    ("/office/removals/", "operation_id"): "removal",
    ("/office/alerts/{alert_id}/starts", "alert_id"): "waits",
    ("/office/alerts/{alert_id}/dismissals", "alert_id"): "waits",
    ("/contact-tasks/", "task_id"): "contact_task",
    ("/open311/", "service_request_id"): "lamp_id",
}

# A name that is of no area, with a value for it, and why nobody has it alone.
SHARED = {
    ("/static/", "file_path"): ("css/tokens.css", "a file of the product"),
    ("/phone/", "file_path"): ("sync.js", "a file of the product"),
    ("/locale/", "file_path"): ("en.json", "a file of the product"),
    ("/open311/", "service_code"): ("order.json", "a kind of the product"),
    ("/help/", "name"): ("silent", "a page of the product"),
    ("/office/help/", "name"): ("board", "a page of the product"),
    ("/office/backups/", "name"): ("none.tar", "a backup is of the whole server, for its admins"),
    ("/office/lists/", "code"): ("households", "a list of the product, filled from the own area"),
    ("/office/staff-lists/", "code"): ("people", "a list of the product, filled as above"),
    ("/office/lists/", "form"): ("csv", "a file type"),
    ("/office/staff-lists/", "form"): ("csv", "a file type"),
    ("/office/reports/", "report"): ("ledger", "a report of the product, filled as above"),
    ("/office/duplicates/", "kind"): ("residents", "what is compared"),
    ("/office/rejects/", "number"): ("1", "a row of the file that is named before it"),
}

# Forms ignore what they do not ask for: these fields are in all of them.
ANY = {
    "reason": "家属要求的",
    "note": "记一下",
    "why": "问过社区民警",
    "base": "1",
    "name": "何小明",
    "phone": "19900001111",
    "relation": "son",
    "floor": "3",
    "door_no": "303",
    "door": "红棉苑3栋2单元301",
    "on": "2026-09-15",
}
FORMS: dict[str, dict[str, Any]] = {
    "/households/{household_id}/visits": {"result": "not_home", "type": "routine"},
    "/households/{household_id}/events": {"what": "fall"},
    "/followups/{followup_id}/closings": {"result": "陪过了"},
    "/contact-tasks/{task_id}/contacts": {"outcome": "safe", "method": "phone"},
    "/office/people/{person_id}/changes": {"name": "温家梁", "role": "worker"},
    "/office/people/{person_id}/buildings": {"building": "{building_id}", "instead": "1"},
    "/office/people/{person_id}/ends": {"building": "{building_id}", "last_on": "2026-12-01"},
    "/office/areas/buildings/{building_id}/changes": {
        **{"compound": "红棉苑", "name": "3栋", "units": "2", "floors": "9", "doors": "2"},
        **{"order": "1", "style": "walkup", "was_floors": "7"},
    },
    "/office/areas/buildings/{building_id}/moves": {"grid": "2"},
    "/office/alert-feeds/{feed_id}/changes": {
        **{"name": "区气象台", "url": "https://feed.invalid/atom", "scope": "list", "every": "60"},
        "do": "save",
    },
    "/office/alerts/{alert_id}/buildings/{building_id}/forwards": {
        "edition": "1",
        "channel": "sms",
    },
    "/office/alerts/{alert_id}/buildings/{building_id}/confirmations": {
        "edition": "1",
        "how": "call",
    },
    "/office/alerts/{alert_id}/buildings/{building_id}/failures": {"edition": "1"},
    "/office/calls/{issue_id}/departments": {"departments": "{department_id}"},
    "/office/calls/{issue_id}/steps": {"call": "{call}", "step": "urged"},
    "/office/departments": {"amount": "2", "unit": "h"},
    "/office/departments/{department_id}/changes": {"amount": "4", "unit": "wh", "is_on": "1"},
    "/issues": {"text": "乱停车"},
    "/issues/{issue_id}/steps": {"step": "note", "words": "看过了"},
    "/office/issues/{issue_id}/changes": {"category": "environment"},
    "/office/issues/{issue_id}/papers": {"taken": "身份证", "whom": "本人"},
    "/office/issues/{issue_id}/ratings": {"satisfied": "yes"},
    "/office/issues/{issue_id}/steps": {"step": "note", "words": "看过了"},
    "/office/meetings": {"kind": "monthly", "held_on": "2026-09-25"},
    "/office/meetings/{meeting_id}/decisions": {"issue": "{issue_id}", "decision": "先装一盏"},
    "/office/review/{visit_id}/assignments": {"person_id": ""},
    "/office/review/{visit_id}/returns": {"field": "result"},
    "/office/review/approvals": {"visits": "{waiting}"},
    "/office/alerts/{alert_id}/files": {"shown": "open"},
    "/office/alerts/{alert_id}/prints": {"shown": "open"},
    "/office/reports/files": {"report": "ledger", "kind": "day", "shown": "open", "on": ""},
    "/office/reports/prints": {"report": "ledger", "kind": "day", "shown": "open", "on": ""},
    "/office/reports/schedules/{schedule_id}/changes": {"report": "monthly", "when": "month:5"},
    "/office/reveals": {"to": "/office/search"},
    "/search": {"q": "秀珍"},
    "/office/households/{household_id}/changes": {"status": "active", "tenure": "own"},
    "/office/households/{household_id}/events": {"what": "fall", "resident_id": "{resident_id}"},
    "/office/households/{household_id}/visits": {"result": "phone_ok"},
    "/office/households/{household_id}/splits": {
        "resident_ids": "{other_id}",
        "building_id": "{building_id}",
    },
    "/office/buildings/{building_id}/households": {"unit": "1"},
    "/office/proposals/visits/{visit_id}": {"decision": "confirm"},
    "/office/proposals/kept/{key}": {"decision": "accept"},
    "/office/residents/{resident_id}/changes": {"status": "living"},
    "/office/residents/{resident_id}/consents": {"consent": "yes", "method": "oral"},
    "/office/residents/{resident_id}/copies": {"form": "json"},
    "/office/residents/{resident_id}/new-doors": {"building_id": "{building_id}", "door_no": "707"},
    "/office/residents/{resident_id}/wishes": {"kind": "correct", "how": "phone"},
    "/office/wishes/{wish_id}/answers": {"answer": "done", "reply": "改好了"},
    "/office/handovers/{handover_id}/tellings": {"who": "giver"},
    "/office/tasks/{task_id}/closings": {"status": "done"},
    "/office/followups/{followup_id}/closings": {"result": "陪过了"},
    "/office/conflicts/{dispute_id}/decisions": {"choice": "current"},
    "/office/edits/{operation_id}/undos": {
        **{"noun": "households", "of": "{household_id}"},
        "record": "{household_id}",
    },
    "/office/reports/{report}/columns": {"column": "label"},
    "/office/missing/{resident_id}/settlements": {"how": "visit"},
    "/office/duplicates/{kind}/{keep_id}/{drop_id}/merges": {"drop_base": "1"},
    "/office/alert-channels/{channel_id}/switches": {"is_on": "0"},
}
# What ends something is done last.
ENDS = ("endings", "ends", "undos", "removals", "drops", "revocations", "withdrawals", "merges")
ENDS += ("dismissals", "stand-downs", "returns", "moves", "new-doors", "closings", "confirmations")


def named(path: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", path)


def means(path: str, name: str) -> str:
    """What a name in braces is the id of."""
    found = [what for (start, one), what in MEANS.items() if one == name and path.startswith(start)]
    return found[0] if found else name


def shared(path: str, name: str) -> str:
    """The value of a name that is of no area; "" for others."""
    found = [
        told for (start, one), (told, _) in SHARED.items() if one == name and path.startswith(start)
    ]
    return found[0] if found else ""


def is_of_an_area(path: str) -> bool:
    return any(not shared(path, name) for name in named(path))


def address(path: str, names: Names) -> str:
    def value(found: re.Match[str]) -> str:
        return shared(path, found[1]) or names.get(means(path, found[1]), NOTHING)

    told = re.sub(r"\{(\w+)\}", value, path)
    # Two communities are served by this server: the standard wants to be told which.
    return f"{told}?jurisdiction_id={COMMUNITY}" if path.startswith("/open311/") else told


def form(path: str, names: Names) -> dict[str, Any]:
    """What somebody would send who fills the form in for one of these things."""
    wanted = {**ANY, **FORMS.get(path, {})}
    return {
        field: address(value, names) if value.startswith("{") else value
        for field, value in wanted.items()
    }


def in_order(route: str) -> tuple[bool, bool]:
    """Looks first, then writes, then endings."""
    return not route.startswith("GET"), route.endswith(ENDS)
