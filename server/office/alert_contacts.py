"""挨户问平安: whom a warning asks after, who goes, by when, and what came of each."""

from collections import Counter
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from server.intake import Intake
from server.office import forms, page
from server.office.page import GUARDS, Asking
from server.store import weather_list as reads
from server.store.database import Tx
from server.store.records import Records
from sync import days
from sync.operations import stamp
from sync.records import Alert
from sync.refusals import Refusal
from sync.weather_list import OUTCOMES

LISTED = 300
# What a task has come to, the most urgent first; "late" and "new" go across them.
STATES = ("needs_help", "todo", "no_answer", "declined", "moved", "safe", "cancelled")
ACROSS = ("late", "new")


@get("/office/alerts/{incident_id:str}/contacts", guards=GUARDS, sync_to_thread=True)
def show_contacts(
    request: Asking,
    intake: NamedDependency[Intake],
    incident_id: FromPath[str],
    grid: FromQuery[str] = "",
    building: FromQuery[str] = "",
    show: FromQuery[str] = "",
) -> Template:
    with intake.store.read() as tx:
        alert = Records(tx, request.user.community_id).get("alert", forms.ident(incident_id))
        if not isinstance(alert, Alert):
            raise Refusal("record.unknown")
        found = _rows(tx, request.user.community_id, alert.id, stamp(intake.clock()))
    view = _view(found, {"grid": grid, "building": building, "show": show})
    template = "office/alerts/contacts.html"
    return page.page(request, template, "挨户问平安", "alerts", alert=alert, **view)


def _rows(tx: Tx, community_id: str, incident_id: str, now: str) -> list[dict[str, Any]]:
    timezone = page.community_of(tx, community_id).timezone
    goes = reads.holders(tx, community_id, days.day(now, timezone))
    found = []
    for row in reads.listed(tx, community_id, incident_id):
        due_at = min(one for one in (row["due_at"], row["half_at"]) if one)
        is_open = row["state"] == "open"
        begin = is_open and not row["tries"] and row["begin_at"] <= now
        found.append(
            {
                **row,
                "standing": _standing(row),
                "due": due_at,
                "late": is_open and due_at < now,
                "begin": begin,
                "who": row["pair"] or "、".join(goes.get(row["building_id"], [])),
            }
        )
    return sorted(found, key=lambda one: (STATES.index(one["standing"]), not one["is_red"]))


def _standing(row: dict[str, Any]) -> str:
    if row["state"] == "cancelled":
        return "cancelled"
    return row["outcome"] if row["outcome"] in OUTCOMES else "todo"


def _view(found: list[dict[str, Any]], asked: dict[str, str]) -> dict[str, Any]:
    here = [one for one in found if asked["grid"] in ("", one["grid_id"])]
    if asked["building"]:
        here = [one for one in here if one["building_id"] == asked["building"]]
    wanted = [one for one in here if _is_at(one, asked["show"])]
    counted = Counter(one["standing"] for one in here)
    counted |= {name: sum(1 for one in here if _is_at(one, name)) for name in ACROSS}
    return {
        "rows": wanted[:LISTED],
        "total": len(wanted),
        "all": sum(1 for one in here if one["standing"] != "cancelled"),
        "counts": counted,
        "states": [one for one in (*ACROSS, *STATES) if counted[one] or one == asked["show"]],
        "grids": sorted({(one["grid_id"], one["grid_name"]) for one in found}),
        "place": next((one["building"] for one in here), "") if asked["building"] else "",
        "done": sum(counted[one] for one in ("safe", "needs_help", "moved", "declined")),
        **asked,
    }


def _is_at(one: dict[str, Any], show: str) -> bool:
    if show == "late":
        return bool(one["late"])
    if show == "new":
        return bool(one["is_new"])
    return show in ("", one["standing"])
