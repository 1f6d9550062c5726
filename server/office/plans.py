"""计划与分工: what is due soon, by building and by who goes there, against days of work; leave."""

from typing import Any, NamedTuple

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from server import holidays, leaves
from server.intake import Intake
from server.office import forms, page, workload
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.office.workload import LATER, SOON, SPANS
from server.store import buildings as staff
from server.store import leaves as away
from server.store import plans as reads
from server.store.database import Tx
from sync.days import after
from sync.records import Community
from sync.refusals import Refusal

LISTED = 500
SAID = {
    "leave": "请假已记，代班的手机马上收到楼栋。",
    "back": "已销假，楼栋收回。",
    "holiday": "已改，人手重新算过。",
}


class Wanted(NamedTuple):
    """Which doors of the plan; "" means any."""

    building: str
    who: str
    span: int


@get("/office/plans", guards=GUARDS, sync_to_thread=True)
def show_plans(
    request: Asking, intake: NamedDependency[Intake], done: FromQuery[str] = ""
) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        view = _view(tx, community, page.today(intake, community))
    said = SAID.get(done, "")
    return page.page(
        request, "office/plans/page.html", "计划与分工", "plans", **view, said=said, spans=SPANS
    )


@get("/office/plans/doors", guards=GUARDS, sync_to_thread=True)
def show_planned_doors(
    request: Asking,
    intake: NamedDependency[Intake],
    building: FromQuery[str] = "",
    who: FromQuery[str] = "",
    days: FromQuery[str] = "",
) -> Template:
    """The doors behind a number of the page before."""
    span = span_of(days)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        goers = _goers(tx, community.id, today)
        due = _due(tx, community.id, today, goers, Wanted(building, who, span))
    return page.page(
        request,
        "office/plans/doors.html",
        "计划里的门",
        "plans",
        doors=due[:LISTED],
        n=len(due),
        load=goers.load(due, today, span, who),
        span=span,
    )


@post("/office/leaves", guards=GUARDS, status_code=303, sync_to_thread=True)
def set_leave(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    """Somebody is away; the deputy has the buildings for those days."""
    people = [forms.ident(forms.one(data, name)) for name in ("person", "deputy")]
    span = [forms.day(data, "from_on", "从哪天"), forms.day(data, "until_on", "到哪天")]
    if not all(span):
        raise Refusal("field.empty", field="从哪天、到哪天")
    intake.do(
        request.user.community_id,
        lambda writing: leaves.set_leave(writing, author(request), *people, *span),
    )
    return Redirect("/office/plans?done=leave", status_code=303)


@post("/office/leaves/{leave_id:str}/endings", guards=GUARDS, status_code=303, sync_to_thread=True)
def end_leave(
    request: Asking, leave_id: FromPath[str], intake: NamedDependency[Intake]
) -> Redirect:
    """Somebody is back earlier."""
    intake.do(
        request.user.community_id,
        lambda writing: leaves.end_leave(writing, author(request), leave_id),
    )
    return Redirect("/office/plans?done=back", status_code=303)


HANDLERS: list[Any] = [show_plans, show_planned_doors, set_leave, end_leave]


def span_of(days: str) -> int:
    """How many days are looked ahead."""
    return next((one for one in SPANS if str(one) == days), SOON)


def planned(tx: Tx, community_id: str, today: str, wanted: Wanted) -> list[dict[str, Any]]:
    """The doors of a plan, the earliest due first."""
    return _due(tx, community_id, today, _goers(tx, community_id, today), wanted)


def _due(
    tx: Tx, community_id: str, today: str, goers: workload.Goers, wanted: Wanted
) -> list[dict[str, Any]]:
    doors = reads.doors(tx, community_id, wanted.building)
    due = [
        {**one, "due_reasons": msgspec.json.decode(one["due_reasons"])}
        for one in doors
        if _is_asked(goers.days_of(one, today, wanted.span), wanted.who)
    ]
    return sorted(due, key=lambda one: one["due_on"])


def _is_asked(days_of: dict[str, list[str]], who: str) -> bool:
    """Whether a door is due, for somebody where one is asked for."""
    return who in days_of if who else bool(days_of)


def _goers(tx: Tx, community_id: str, today: str) -> workload.Goers:
    held = reads.holders(tx, community_id, today, after(today, LATER - 1))
    absent: dict[str, list[tuple[str, str]]] = {}
    for one in away.listed(tx, community_id, today):
        absent.setdefault(one["person_id"], []).append((one["from_on"], one["until_on"]))
    return workload.Goers(held, absent)


def _view(tx: Tx, community: Community, today: str) -> dict[str, Any]:
    doors = reads.doors(tx, community.id)
    goers = _goers(tx, community.id, today)
    absent = away.listed(tx, community.id, today)
    free = {
        one["id"]: [
            (leave["from_on"], leave["until_on"])
            for leave in absent
            if leave["person_id"] == one["id"]
        ]
        for one in staff.field_staff(tx, community.id)
    }
    per_day = community.contacts_per_day
    special = holidays.coming(tx, community.id, today)
    capacity = {
        who: [workload.workdays(today, span, off, special) * per_day for span in SPANS]
        for who, off in free.items()
    }
    by_who = goers.loads(doors, today)
    by_building = workload.grouped(doors, "building_id")
    return {
        "all": [workload.load(doors, today, span) for span in SPANS],
        "capacity": [sum(one[n] for one in capacity.values()) for n in range(len(SPANS))],
        "person_days": [sum(one[n] for one in capacity.values()) // per_day for n in range(2)],
        "per_day": per_day,
        "people": [
            {**one, "loads": by_who.get(one["id"]), "can": capacity[one["id"]]}
            for one in staff.field_staff(tx, community.id)
        ],
        "nobody": by_who.get(""),
        "buildings": [
            {
                "id": building_id,
                "label": found[0]["building"],
                "carer": (goers.on(building_id, today) or {}).get("name", ""),
                "loads": [workload.load(found, today, span) for span in SPANS],
            }
            for building_id, found in by_building.items()
        ],
        "leaves": absent,
        "holidays": holidays.stretches(special),
        "unannounced": holidays.unannounced(special),
    }
