"""One person's page, as it is shown and as several forms answer with it."""

from litestar.response import Template

from server.access import address_of
from server.audit import Author
from server.intake import Intake
from server.office import page, staff
from server.office.page import Asking
from server.store import cards, devices
from server.store import people as rows
from server.store import team as reads
from sync.people import HOLDS_BUILDINGS, MANAGES, may_manage
from sync.refusals import Refusal
from sync.scope import OFFICE

# Handlers about people: the office's, and the administrator's.
PEOPLE = {"roles": OFFICE | {"admin"}}

ROLES_IN_ORDER = (
    "worker",
    "chief",
    "social",
    "leader",
    "office",
    "secretary",
    "street",
    "admin",
)


def author(request: Asking) -> Author:
    return Author(request.user.id, request.user.role, address_of(request))


def person_page(
    request: Asking, intake: Intake, person_id: str, done: str = "", password: str = ""
) -> Template:
    """`password` is shown this once and kept nowhere."""
    community_id, now = request.user.community_id, intake.clock()
    with intake.store.read() as tx:
        found = rows.find(tx, community_id, person_id)
        if found is None:
            raise Refusal("person.unknown")
        today = rows.today_of(tx, community_id, now)
        held = reads.assignments(tx, community_id, person_id)
        phones = [
            staff.shown_phone(tx, community_id, phone, now)
            for phone in devices.phones(tx, community_id, now, person_id)
        ]
        buildings = reads.buildings(tx, community_id)
        card_until = cards.waiting(tx, community_id, now).get(person_id, "")
    role = request.user.role
    return page.page(
        request,
        "office/people/person.html",
        found.name,
        "people",
        one=staff.account(found),
        held=held,
        phones=phones,
        buildings=buildings if role in OFFICE and found.role in HOLDS_BUILDINGS else [],
        card_until=card_until,
        may_manage=may_manage(role, found.role),
        may_hand_over=role in OFFICE and found.role in HOLDS_BUILDINGS,
        is_self=found.id == request.user.id,
        roles=roles_of(role),
        today=today,
        done=done,
        password=password,
    )


def roles_of(role: str) -> list[str]:
    """Roles that this role may give, in the order of the work."""
    return [one for one in ROLES_IN_ORDER if one in MANAGES[role]]
