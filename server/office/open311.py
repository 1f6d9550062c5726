"""城市热线接口: keys by which a city's hotline files and follows issues."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import api_keys
from server.api_keys import Made
from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.settings import Settings
from server.store import api_keys as rows

URL = "/office/open311"
ADMINS = {"roles": frozenset({"admin"})}
MAX_NAME = 30


@get(URL, guards=GUARDS, opt=ADMINS, sync_to_thread=True)
def show_keys(
    request: Asking, intake: NamedDependency[Intake], settings: NamedDependency[Settings]
) -> Template:
    view = _view(request, intake, settings)
    return page.page(request, "office/open311/page.html", "城市热线接口", "server", **view)


@post(f"{URL}/keys", guards=GUARDS, opt=ADMINS, status_code=200, sync_to_thread=True)
def make_key(
    request: Asking,
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """A new key, shown this once: only its hash is kept."""
    by, name = author(request), forms.text(data, "name", "给谁用", MAX_NAME, needed=True)

    def work(writing: Writing) -> Made:
        return api_keys.make(writing, by, name)

    made: Made = intake.do(request.user.community_id, work)
    view = _view(request, intake, settings, made=made)
    fragment, whole = "office/open311/_keys.html", "office/open311/page.html"
    return page.kept(request, fragment, whole, "城市热线接口", "server", **view)


@post(
    f"{URL}/keys/{{key_id:str}}/withdrawals",
    guards=GUARDS,
    opt=ADMINS,
    status_code=200,
    sync_to_thread=True,
)
def withdraw_key(
    request: Asking,
    key_id: FromPath[str],
    intake: NamedDependency[Intake],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    by = author(request)

    def work(writing: Writing) -> None:
        api_keys.withdraw(writing, by, forms.ident(key_id))

    intake.do(request.user.community_id, work)
    view = _view(request, intake, settings, said="已作废，用它的系统从现在起报不进来。")
    return page.changed(request, "office/open311/_keys.html", URL, "server", **view)


HANDLERS: list[Any] = [show_keys, make_key, withdraw_key]


def _view(
    request: Asking,
    intake: Intake,
    settings: Settings,
    said: str = "",
    made: Made | None = None,
) -> dict[str, Any]:
    with intake.store.read() as tx:
        keys = rows.listed(tx, request.user.community_id)
    here = (settings.url or str(request.base_url)).rstrip("/")
    return {
        "keys": keys,
        "address": f"{here}/open311/v2",
        "jurisdiction": request.user.community_id,
        "made": made,
        "said": said,
    }
