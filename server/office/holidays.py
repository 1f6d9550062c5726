"""放假和调休: the office says which days are off, and which are worked instead."""

from typing import Any

from litestar import post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from server import holidays
from server.intake import Intake
from server.office import forms
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from sync.refusals import Refusal


@post("/office/holidays", guards=GUARDS, status_code=303, sync_to_thread=True)
def set_holiday(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    """Days are off or worked, as the notice of the year or the street says."""
    first, last = forms.day(data, "from_on", "从哪天"), forms.day(data, "until_on", "到哪天")
    if not first or not last:
        raise Refusal("field.empty", field="从哪天、到哪天")
    kind = forms.code(data, "kind", "放假还是上班", holidays.KINDS)
    intake.do(
        request.user.community_id,
        lambda writing: holidays.decide(writing, author(request), first, last, kind),
    )
    return Redirect("/office/plans?done=holiday#holidays", status_code=303)


HANDLERS: list[Any] = [set_holiday]
