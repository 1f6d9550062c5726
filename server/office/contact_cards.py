"""联系卡: a sheet of cards with large telephone numbers, one for each door, to print and leave."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from server import cards
from server.access import is_https
from server.intake import Intake
from server.office import page, workload
from server.office.page import GUARDS, Asking
from server.office.trail import note_print
from server.store import buildings as staff
from server.store import pairings, plans
from server.store.database import Tx

PER_SHEET = 10
MAX_CARDS = 400


@get("/office/contact-cards", guards=GUARDS, sync_to_thread=True)
def show_contact_cards(
    request: Asking,
    intake: NamedDependency[Intake],
    building: FromQuery[str] = "",
) -> Template:
    """Cards of a building or of all pairs; without either, the buildings to choose from."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        if request.query_params.get("pairings"):
            found = _of_pairs(tx, community.id)
        else:
            found = _of_building(tx, community.id, building, today) if building else []
        choices = staff.listed(tx, community.id, today)
    if not found:
        return page.page(request, "office/plans/cards.html", "联系卡", "plans", buildings=choices)
    note_print(request, "contact-cards", building or "pairings")
    made = [{**one, "qr": cards.picture(_url(request, one["id"]))} for one in found[:MAX_CARDS]]
    return page.page(
        request,
        "office/plans/sheet.html",
        "联系卡",
        "plans",
        sheets=[made[at : at + PER_SHEET] for at in range(0, len(made), PER_SHEET)],
        n=len(made),
        office_phone=community.office_phone,
    )


HANDLERS: list[Any] = [show_contact_cards]


def _url(request: Asking, household_id: str) -> str:
    """The page of a door: whoever is signed in and looks after it sees it, nobody else."""
    scheme = "https" if is_https(request) else "http"
    base = request.app.state.settings.url or f"{scheme}://{request.headers.get('Host', '')}"
    return f"{base}/households/{household_id}"


def _of_building(tx: Tx, community_id: str, building_id: str, today: str) -> list[dict[str, Any]]:
    carer = workload.carers(plans.holders(tx, community_id, today, today)).get(building_id)
    name, phone = (carer["name"], carer["phone"]) if carer else ("", "")
    return [
        {"id": one["id"], "label": one["label"], "name": name, "role": "worker", "phone": phone}
        for one in plans.doors(tx, community_id, building_id)
    ]


def _of_pairs(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    return [
        {
            "id": one["household_id"],
            "label": one["label"],
            "name": one["name"],
            "role": "leader" if one["leader_id"] else "volunteer",
            "phone": one["phone"],
        }
        for one in pairings.listed(tx, community_id)
    ]
