"""登录卡: choose people, print a sheet of cards."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Template

from server import cards
from server.cards import Card
from server.intake import Intake
from server.office import forms, page, staff
from server.office.forms import FormData
from server.office.links import LOCAL, address, link
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE, author
from server.store import cards as reads
from server.store import people as rows
from server.store import team
from server.store.database import Tx
from sync.operations import stamp
from sync.people import may_manage


@get("/office/people/cards", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def choose_people(
    request: Asking,
    intake: NamedDependency[Intake],
    show: FromQuery[str] = "new",
    who: FromQuery[str] = "",
) -> Template:
    """Whom to make cards for; leaders who never signed in are chosen already."""
    with intake.store.read() as tx:
        candidates = _candidates(tx, request, intake)
    shown = [one for one in candidates if _fits(one, show, who)]
    return page.page(
        request,
        "office/people/cards.html",
        "登录卡",
        "people",
        candidates=shown,
        counts={
            code: sum(_fits(one, code, "") for one in candidates)
            for code in ("new", "leader", "all")
        },
        show="" if who else show,
        chosen=who,
        address=address(request),
        local=address(request).startswith(LOCAL),
    )


@post("/office/people/cards", guards=GUARDS, opt=PEOPLE, status_code=200, sync_to_thread=True)
def make_cards(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Template:
    """The sheet to print. It cannot be shown again: only hashes are kept."""
    chosen = forms.many(data, "person", cards.MAX_CARDS)
    community_id = request.user.community_id
    made: list[Card] = intake.do(
        community_id, lambda writing: cards.make(writing, author(request), chosen)
    )
    with intake.store.read() as tx:
        today = rows.today_of(tx, community_id, intake.clock())
        held = staff.held_words(team.held_today(tx, community_id, today))
        office_phone = page.community_of(tx, community_id).office_phone
    return page.page(
        request,
        "office/people/sheet.html",
        "登录卡",
        "people",
        cards=[_shown(card, held, link(request, card.code)) for card in made],
        until=stamp(intake.clock() + cards.VALID_FOR),
        office_phone=office_phone,
    )


HANDLERS: list[Any] = [choose_people, make_cards]


def _candidates(tx: Tx, request: Asking, intake: Intake) -> list[dict[str, Any]]:
    community_id, now = request.user.community_id, intake.clock()
    held = staff.held_words(team.held_today(tx, community_id, rows.today_of(tx, community_id, now)))
    waiting = reads.waiting(tx, community_id, now)
    known = reads.ever_signed_in(tx, community_id)
    return [
        {
            **staff.account(person),
            "held": held.get(person.id, ""),
            "card_until": waiting.get(person.id, ""),
            "is_new": person.id not in known,
        }
        for person in team.everybody(tx, community_id)
        if person.active and may_manage(request.user.role, person.role)
    ]


def _fits(one: dict[str, Any], show: str, person_id: str) -> bool:
    if person_id:
        return str(one["id"]) == person_id
    is_leader = str(one["role"]) == "leader"
    if show == "leader":
        return is_leader
    return show == "all" or (is_leader and bool(one["is_new"]) and not one["card_until"])


def _shown(card: Card, held: dict[str, str], url: str) -> dict[str, Any]:
    return {
        "name": card.person.name,
        "role": card.person.role,
        "held": held.get(card.person.id, ""),
        "url": url,
        "qr": cards.picture(url),
    }
