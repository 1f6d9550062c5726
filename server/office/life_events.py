"""变故: what the office hears of a door and its people, so that somebody sees them soon."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from server.intake import Intake
from server.office import doors, forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from sync.plans import EVENTS

MAX_NOTE = 200
TAKEN_BACK = "none"


@post(
    "/office/households/{household_id:str}/events",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def record_event(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Something happened to somebody here or to the whole door; or it did not after all."""
    home, person = forms.ident(household_id), forms.one(data, "resident_id")
    today = page.today_of(request)
    what = forms.code(data, "what", "是什么事", (*EVENTS, TAKEN_BACK))
    on = forms.day(data, "on", "哪天", last=today) or today
    event = {
        "household_id": home,
        "resident_id": forms.ident(person) if person else "",
        "what": "" if what == TAKEN_BACK else what,
        "on": today if what == TAKEN_BACK else on,
        "note": forms.text(data, "note", "备注", MAX_NOTE),
    }
    receipt = forms.send(intake, request.user, "life_event.record", event, data)
    return doors.again(request, intake, home, "变故已记，下次应访已经提前。", receipt)


HANDLERS: list[Any] = [record_event]
