"""手机密码锁: whether every phone must have a PIN."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking


@post("/office/phones/lock", guards=GUARDS, status_code=200, sync_to_thread=True)
def require_pin(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Phones hear of it with their next sync; one without a PIN then asks for it first."""
    wanted = int(forms.one(data, "pin_required") == "1")
    changes = {"pin_required": wanted}
    forms.send(intake, request.user, "community.change", {"changes": changes}, data)
    return page.go(request, "/office/phones")


HANDLERS: list[Any] = [require_pin]
