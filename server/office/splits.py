"""分户: some of the people of a door become a household of their own."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from sync.refusals import Refusal


@post(
    "/office/households/{household_id:str}/splits",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def split_household(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """The new household; whoever was ticked lives there now."""
    split = {
        "id": forms.ident(household_id),
        "resident_ids": [forms.ident(one) for one in forms.many(data, "resident_ids", 50)],
        "building_id": forms.ident(forms.one(data, "building_id")),
        "unit": forms.text(data, "unit", "单元", 20),
        "floor": forms.number(data, "floor", "楼层", 0, 200),
        "door_no": forms.text(data, "door_no", "门牌", 40, needed=True),
    }
    if not split["resident_ids"]:
        raise Refusal("split.nobody")
    receipt = forms.send(intake, request.user, "household.split", split, data)
    return page.go(request, f"/office/households/{receipt.id}")
