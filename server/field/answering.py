"""What every field page and form shares: whose shelf, which words, and how an answer looks."""

import re
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.response import Redirect

from server.access import deny
from server.field.drawing import draw
from server.field.forms import Filled
from server.field.held import HeldShelf
from server.field.shelf import Fields
from server.field.views import VIEWS
from server.field.views.asking import asked_at, asking
from server.field.views.scene import scene_of
from server.intake import Form, Intake, Receipt
from server.people import Person
from server.store import people as rows
from server.store.records import building_of_id
from sync.care import GONE
from sync.operations import stamp
from sync.refusals import Refusal

Asking = Request[Person, str, Any]

MODES, SIZES, LANGS = ("normal", "elder"), ("normal", "large", "largest"), ("zh-CN", "en")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
THEMES = ("auto", "light", "dark")
# Short hints of the first days, each where it belongs; those for leaders and for walkers.
HINTS = ("today", "door", "outbox", "building", "alert")


def settings_of(request: Asking) -> Fields:
    """How this browser wants pages to look, and that they are drawn here."""
    cookies = request.cookies
    return {
        "person_id": request.user.id if request.user else "",
        "lang": _one_of(LANGS, cookies.get("jinlin_lang", "")) or "zh-CN",
        "mode": _one_of(MODES, cookies.get("jinlin_mode", "")),
        "size": _one_of(SIZES, cookies.get("jinlin_size", "")),
        "theme": _one_of(THEMES, cookies.get("jinlin_theme", "")),
        "data_at": now_of(request),
        "hints": hints_left(request) if request.user else [],
    }


def hints_left(request: Asking) -> list[str]:
    """What this person has not put away in this browser."""
    whose, _, read = request.cookies.get("jinlin_hints", "").partition(":")
    mine = read.split(".") if whose == request.user.id else []
    return [name for name in HINTS if name not in mine]


def now_of(request: Asking) -> str:
    intake: Intake = request.app.state.intake
    return stamp(intake.clock())


def show(request: Asking, name: str, params: Fields) -> Response[str]:
    """A whole page; 404 with what to do when it is not among this person's records."""
    context = prepare(request, name, params)
    if context is None:
        return missing(request, params)
    return page(f"field/{name}.html", context)


def prepare(request: Asking, name: str, params: Fields) -> Fields | None:
    """What a view says of this person's records as they are now."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        shelf = HeldShelf(tx, request.user)
        return VIEWS[name](shelf, params, now_of(request), settings_of(request))


def page(name: str, context: Fields, status: int = 200) -> Response[str]:
    return Response(draw(name, context), media_type="text/html", status_code=status)


def changed(
    request: Asking, name: str, view: str, record_id: str, back: str
) -> Response[str] | Redirect:
    """The fragment that a form changed; without scripts, the page it belongs to."""
    if not is_swap(request):
        return see_other(back)
    context = prepare(request, view, {"id": record_id})
    return missing(request, {}) if context is None else page(f"field/{name}.html", context)


def one(request: Asking, kind: str, record_id: str) -> Fields:
    """A record of this person's; Refusal when it is not there, 403 when it is somebody else's."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        found = HeldShelf(tx, request.user).get(kind, record_id)
        elsewhere = building_of_id(tx, request.user.community_id, record_id)
    if found is None and elsewhere and elsewhere not in request.user.building_ids:
        deny(request, request.user)
    if found is None:
        raise Refusal("record.unknown")
    return found


def at_home(request: Asking, household_id: str) -> list[Fields]:
    """Who lives behind a door of this person's."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        residents = HeldShelf(tx, request.user).of("resident", "household_id", household_id)
    return [resident for resident in residents if resident["status"] not in GONE]


def asking_of(request: Asking, household: Fields, lists: list[str]) -> list[Fields]:
    """Who behind a door of this person's can be asked what."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        shelf = HeldShelf(tx, request.user)
        scene = scene_of(shelf, now_of(request), settings_of(request))
        return asking(scene, household, lists)


def asked_of(request: Asking, visit: Fields) -> list[Fields]:
    """What a visit of this person's asked."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        shelf = HeldShelf(tx, request.user)
        return asked_at(scene_of(shelf, now_of(request), settings_of(request)), visit)


def draw_again(request: Asking, view: str, params: Fields) -> Response[str]:
    """A form that came without scripts, drawn with what it held: 422."""
    context = prepare(request, view, params)
    return missing(request, params) if context is None else page(f"field/{view}.html", context, 422)


def today_of(request: Asking) -> str:
    """The calendar day at this person's community."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        return rows.today_of(tx, request.user.community_id, intake.clock())


def refuse(request: Asking, filled: Filled, again: str) -> Response[str] | Redirect:
    """A form that cannot be taken: the sentence into #notice, or the form again without scripts."""
    if not is_swap(request):
        return see_other(f"{again}?{urlencode({'error': filled.error, 'field': filled.field})}")
    context = {"sentence": filled.error, "page": {"lang": settings_of(request)["lang"]}}
    return page("field/_refusal.html", context, 422)


def submit(
    request: Asking,
    kind: str,
    data: Fields,
    base: int | None = None,
    replaces: str = "",
    form_id: str = "",
    proposes: bool = False,
) -> Receipt:
    """One form of a field page as an operation of this session's pages; sent twice it is one."""
    person = request.user
    intake: Intake = request.app.state.intake
    made = form_id if UUID.fullmatch(form_id) else ""
    by = (person.community_id, person.id, person.page_device)
    return intake.submit(Form(*by, kind, data, base, replaces, made, proposes))


def form_id_of(fields: dict[str, list[str]]) -> str:
    """The id that the page gave to what a form becomes; "" where it gave none."""
    return "".join(fields.get("form_id", [])[:1])


def is_swap(request: Asking) -> bool:
    return bool(request.headers.get("HX-Request"))


def see_other(path: str) -> Redirect:
    return Redirect(path, status_code=303)


def fields_of(data: dict[str, Any]) -> dict[str, list[str]]:
    """The fields of a form as lists of strings."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in data.items()}
    return {name: [one for one in some if isinstance(one, str)] for name, some in lists.items()}


def missing(request: Asking, params: Fields) -> Response[str]:
    """404 with what to do; what lies in somebody else's building is refused and written down."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        elsewhere = building_of_id(tx, request.user.community_id, params.get("id", ""))
    if elsewhere and (elsewhere not in request.user.building_ids or request.user.role == "leader"):
        deny(request, request.user)
    context = prepare(request, "missing", {"path": request.url.path, "why": "absent"})
    assert context is not None
    return page("field/missing.html", context, 404)


def _one_of(known: tuple[str, ...], wanted: str) -> str:
    return wanted if wanted in known else ""
