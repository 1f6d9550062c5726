"""登记手机: a code on the screen that one phone may scan, and whether it has."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from server import cards, team
from server.intake import Intake
from server.office import page
from server.office.links import LOCAL, link
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE, author
from server.store import cards as reads
from sync.operations import stamp

PATH = "/office/people/{person_id:str}"


@post(f"{PATH}/enrolments", guards=GUARDS, opt=PEOPLE, status_code=200, sync_to_thread=True)
def make_enrolment(
    request: Asking, intake: NamedDependency[Intake], person_id: FromPath[str]
) -> Template:
    """A new code, large. It cannot be shown again: only its hash is kept."""
    minutes = request.app.state.settings.enrol_minutes
    (card,) = intake.do(
        request.user.community_id,
        lambda writing: cards.make(
            writing, author(request), [person_id], timedelta(minutes=minutes)
        ),
    )
    return _page(request, intake, person_id, link(request, card.code))


@get(f"{PATH}/enrolment", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_enrolment(
    request: Asking, intake: NamedDependency[Intake], person_id: FromPath[str]
) -> Template:
    """What became of the code that was made last."""
    return _page(request, intake, person_id)


HANDLERS: list[Any] = [make_enrolment, show_enrolment]


def _page(request: Asking, intake: Intake, person_id: str, url: str = "") -> Template:
    community_id, now = request.user.community_id, intake.clock()
    with intake.store.read() as tx:
        person = team.managed(tx, community_id, author(request), person_id)
        found = reads.latest(tx, community_id, person_id)
        office_phone = page.community_of(tx, community_id).office_phone
    return page.page(
        request,
        "office/people/enrolment.html",
        "登记手机",
        "people",
        one={"id": person.id, "name": person.name, "role": person.role},
        qr=cards.picture(url) if url else {"size": 0, "path": ""},
        url=url,
        found={**found, "state": _state(found, stamp(now))} if found else {"state": "none"},
        office_phone=office_phone,
        local=url.startswith(LOCAL),
    )


def _state(found: dict[str, Any], now: str) -> str:
    if found["used_at"]:
        return "used"
    if found["withdrawn_at"]:
        return "withdrawn"
    return "waiting" if found["expires_at"] > now else "expired"
