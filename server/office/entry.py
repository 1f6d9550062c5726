"""Ways in for others: new passwords, lost phones, signing somebody out."""

from typing import Any

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from server import audit, people, team
from server.intake import Intake, lost
from server.intake.writing import Writing
from server.office import forms
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE, author, person_page
from server.store import cards, devices
from server.store import people as rows
from sync.refusals import Refusal


@post(
    "/office/people/{person_id:str}/passwords",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=200,
    sync_to_thread=True,
)
def give_password(
    request: Asking, intake: NamedDependency[Intake], person_id: FromPath[str]
) -> Template:
    """A password for a few days, shown this once."""
    password = team.spoken_password()
    hashed = people.hash_password(password)
    intake.do(
        request.user.community_id,
        lambda writing: team.give_password(writing, author(request), person_id, hashed),
    )
    return person_page(request, intake, person_id, password=password)


@post(
    "/office/people/{person_id:str}/signouts",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=303,
    sync_to_thread=True,
)
def sign_out_person(
    request: Asking,
    intake: NamedDependency[Intake],
    person_id: FromPath[str],
    data: URLEncodedBody[FormData],
) -> Redirect:
    """End all of a person's sessions; phones keep their unsent work. `device` names the lost phone
    because of which it is done."""

    def ending(writing: Writing) -> None:
        team.find(writing, author(request), person_id)
        rows.end_sessions(writing.tx, writing.community_id, person_id, writing.now)
        audit.note(writing, author(request), "session.end_all", person_id)

    intake.do(request.user.community_id, ending)
    device_id = forms.one(data, "device")
    back = f"devices/{forms.ident(device_id)}/loss" if device_id else ""
    return Redirect(f"/office/{back or f'people/{person_id}?done=signedout'}", status_code=303)


@post(
    "/office/devices/{device_id:str}/revocations",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=303,
    sync_to_thread=True,
)
def revoke_device(
    request: Asking, intake: NamedDependency[Intake], device_id: FromPath[str]
) -> Redirect:
    """Shut a lost phone out for good: it erases itself when it next asks. What else is to do
    follows."""

    def shutting(writing: Writing) -> None:
        found = rows.device_of(writing.tx, writing.community_id, device_id)
        if found is None:
            raise Refusal("device.unknown")
        team.find(writing, author(request), found["person_id"])
        if not devices.revoke(writing.tx, writing.community_id, device_id, writing.now):
            return
        lost.end(writing, device_id, found["person_id"])
        audit.note(writing, author(request), "device.revoke", device_id)

    intake.do(request.user.community_id, shutting)
    return Redirect(f"/office/devices/{device_id}/loss", status_code=303)


@post(
    "/office/people/{person_id:str}/card-withdrawals",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=303,
    sync_to_thread=True,
)
def withdraw_card(
    request: Asking, intake: NamedDependency[Intake], person_id: FromPath[str]
) -> Redirect:
    """A card that was lost before it was used."""

    def withdrawing(writing: Writing) -> None:
        team.find(writing, author(request), person_id)
        cards.withdraw(writing.tx, writing.community_id, person_id, writing.now)
        audit.note(writing, author(request), "card.withdraw", person_id)

    intake.do(request.user.community_id, withdrawing)
    return Redirect(f"/office/people/{person_id}?done=withdrawn", status_code=303)


HANDLERS: list[Any] = [give_password, sign_out_person, revoke_device, withdraw_card]
