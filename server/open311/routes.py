"""`/open311/v2/`: services, requests, and what is filed with a key. Nothing asks for a sign-in."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from server.access import from_here
from server.intake import Intake
from server.open311 import asking, filing, requests, services
from server.open311.answers import FORMATS, Problem, told
from server.settings import Settings
from server.store import open311 as rows
from server.store import system
from server.store.database import Tx

ROOT = "/open311/v2"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# When what is answered here last changed its form.
CHANGED_AT = "2026-11-24T00:00:00Z"
MAX_BODY = 64 * 1024
MAX_FIELDS = 100

Asking = Request[Any, Any, Any]


def show_discovery(request: Asking, settings: NamedDependency[Settings]) -> Response[bytes]:
    """Where the standard's routes are, and who gives out keys."""
    here = (settings.url or str(request.base_url)).rstrip("/")
    contact = "请找社区办公室的管理员：密钥在“服务器 → 城市热线接口”里做。"
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{here}{ROOT}",
        "changeset": CHANGED_AT,
        "type": "production",
        "formats": [kind.partition(";")[0] for kind in reversed(FORMATS.values())],
    }
    said = {
        "changeset": CHANGED_AT,
        "contact": contact,
        "key_service": contact,
        "endpoints": [endpoint],
    }
    return told(_form(request), "discovery", said)


def show_services(request: Asking, intake: NamedDependency[Intake]) -> Response[bytes]:
    _place(request, intake)
    return told(_form(request), "services", services.listed())


@get(f"{ROOT}/services/{{service_code:str}}", sync_to_thread=True)
def show_service(
    request: Asking, service_code: FromPath[str], intake: NamedDependency[Intake]
) -> Response[bytes]:
    _place(request, intake)
    code, form = asking.parted(service_code)
    if code not in services.NAMES:
        raise Problem(404, "service_code was not found.")
    return told(form, "service_definition", services.definition(code))


def show_requests(request: Asking, intake: NamedDependency[Intake]) -> Response[bytes]:
    said = _said(request)
    with intake.store.read() as tx:
        where = asking.place(tx, said)
        found = _shown(tx, where, asking.wanted(said, where, intake.clock()))
    return told(_form(request), "service_requests", found, "request")


@get(f"{ROOT}/requests/{{service_request_id:str}}", sync_to_thread=True)
def show_request(
    request: Asking, service_request_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[bytes]:
    one, form = asking.parted(service_request_id)
    with intake.store.read() as tx:
        where = asking.place(tx, _said(request))
        found = _shown(tx, where, asking.named(one, where))
    if not found:
        raise Problem(404, "service_request_id was not found.")
    return told(form, "service_requests", found, "request")


async def file_request(request: Asking) -> Response[bytes]:
    """The issue that this request filed, now or when it was sent before."""
    said = {**_said(request), **_form_said(await request.body())}
    intake: Intake = request.app.state.intake
    issue = await asyncio.to_thread(_filed, intake, said)
    due = f"请求已转社区办理，办结期限 {issue.close_due}。" if issue.close_due else None
    one = {"service_request_id": issue.id, "service_notice": due, "account_id": None}
    return told(_form(request), "service_requests", [one], "request")


def _both(method: Any, path: str, answer: Any, **options: Any) -> list[Any]:
    """A handler for each form: one with two addresses would be prepared twice and break."""
    return [method(f"{ROOT}/{path}.{form}", **options)(answer) for form in FORMATS]


FILING = {"guards": [from_here], "status_code": 200, "request_max_body_size": MAX_BODY}
HANDLERS: list[Any] = [
    *_both(get, "discovery", show_discovery, sync_to_thread=False),
    *_both(get, "services", show_services, sync_to_thread=True),
    show_service,
    *_both(get, "requests", show_requests, sync_to_thread=True),
    show_request,
    *_both(post, "requests", file_request, **FILING),
]


def _form(request: Asking) -> str:
    return asking.parted(request.url.path)[1]


def _said(request: Asking) -> asking.Said:
    return asking.said_of(request.query_params.multi_items())


def _form_said(body: bytes) -> asking.Said:
    try:
        return asking.said_of(parse_qsl(body.decode(), max_num_fields=MAX_FIELDS))
    except ValueError:
        raise Problem(400, "The body is not a form in UTF-8 that can be read.") from None


def _place(request: Asking, intake: Intake) -> asking.Place:
    with intake.store.read() as tx:
        return asking.place(tx, _said(request))


def _shown(tx: Tx, where: asking.Place, wanted: rows.Wanted) -> list[dict[str, Any]]:
    name = system.name_of(tx, where.community_id)
    return [requests.shown(one, name) for one in rows.requests(tx, where.community_id, wanted)]


def _filed(intake: Intake, said: asking.Said) -> Any:
    with intake.store.read() as tx:
        where = asking.place(tx, said)
    if not where.key_id:
        raise Problem(403, "api_key is missing.")
    return filing.file(intake, where, said)
