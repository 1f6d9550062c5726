"""The page of a door, drawn again by whatever form on it was sent."""

from typing import Any

from litestar import Response

from server.intake import Intake, Receipt
from server.office import household_view, page
from server.office.household_view import HouseholdView
from server.office.page import Asking
from server.office.stale import NOTHING, Typed
from server.office.trail import note_view

FRAGMENT = "office/households/_household.html"
PAGE = "office/households/page.html"
DISPUTED = "有一项和别处同时改了，两个值都留着，请在“冲突”里定。"


def view(request: Asking, intake: Intake, household_id: str) -> HouseholdView:
    """What the page shows; that it was looked at is written down."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        found = household_view.of(tx, community, household_id, page.today(intake, community))
    note_view(request, "household", household_id)
    return found


def again(
    request: Asking, intake: Intake, household_id: str, said: str, receipt: Receipt | None = None
) -> Response[Any]:
    """The page after a form, saying what became of it."""
    disputed = receipt is not None and receipt.outcome == "conflict"
    url = f"/office/households/{household_id}"
    found = view(request, intake, household_id)
    said = DISPUTED if disputed else said
    return page.changed(request, FRAGMENT, url, "buildings", view=found, said=said, typed=NOTHING)


def not_saved(request: Asking, intake: Intake, household_id: str, typed: Typed) -> Response[Any]:
    """The page with the form open: what others set meanwhile, and what was typed."""
    found = view(request, intake, household_id)
    more = {"view": found, "said": "", "typed": typed}
    return page.kept(request, FRAGMENT, PAGE, title_of(found), "buildings", **more)


def title_of(found: HouseholdView) -> str:
    name = found.people[0].resident.name if found.people else ""
    return f"{found.household.door_no} {name}".strip()
