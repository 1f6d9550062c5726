"""人员: accounts, their phones, whether everything arrived."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from server import team
from server.intake import Intake
from server.office import forms, page, staff, typed
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE, author, person_page, roles_of
from server.store import devices
from server.store import people as rows
from server.store import team as reads
from server.team import Account

SHOWN = ("", "care", "leader", "all")


@get("/office/people", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_people(
    request: Asking,
    intake: NamedDependency[Intake],
    show: FromQuery[str] = "",
) -> Template:
    """Everybody with their phones, what needs care first."""
    person = request.user
    with intake.store.read() as tx:
        listed = staff.listed(tx, person.community_id, person.role, intake.clock())
    show = show if show in SHOWN else ""
    return page.page(
        request,
        "office/people/page.html",
        "人员",
        "people",
        rows=chosen(listed, show, typed.words(request)),
        counts=_counts(listed),
        show=show,
        q=typed.words(request),
        roles=roles_of(person.role),
    )


@get("/office/people/{person_id:str}", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_person(
    request: Asking,
    intake: NamedDependency[Intake],
    person_id: FromPath[str],
    done: FromQuery[str] = "",
) -> Template:
    """One person: account, buildings with their days, phones, ways in."""
    return person_page(request, intake, person_id, done=done)


@post("/office/people", guards=GUARDS, opt=PEOPLE, status_code=303, sync_to_thread=True)
def add_person(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Redirect:
    """A new account; a password or a card comes next."""
    username = forms.one(data, "username")
    account = _account(data)
    person_id = intake.do(
        request.user.community_id,
        lambda writing: team.add(writing, author(request), username, account),
    )
    return Redirect(f"/office/people/{person_id}?done=added", status_code=303)


@post(
    "/office/people/{person_id:str}/changes",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=303,
    sync_to_thread=True,
)
def change_person(
    request: Asking,
    intake: NamedDependency[Intake],
    person_id: FromPath[str],
    data: URLEncodedBody[FormData],
) -> Redirect:
    """Name, role, phone, and whether the account is in use."""
    account = _account(data)._replace(active=int(forms.one(data, "active") != "0"))
    intake.do(
        request.user.community_id,
        lambda writing: team.change(writing, author(request), person_id, account),
    )
    return Redirect(f"/office/people/{person_id}?done=changed", status_code=303)


@get("/office/people/{person_id:str}/closing", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_closing(
    request: Asking, intake: NamedDependency[Intake], person_id: FromPath[str]
) -> Template:
    """What happens when an account is disabled, before it is."""
    home, now = request.user.community_id, intake.clock()
    with intake.store.read() as tx:
        found = team.managed(tx, home, author(request), person_id)
        today = rows.today_of(tx, home, now)
        phones = [
            staff.shown_phone(tx, home, one, now) for one in devices.phones(tx, home, now, found.id)
        ]
        held = reads.held_with_others(tx, home, found.id, today)
        tasks = reads.tasks_of(tx, home, found.id)
    return page.page(
        request,
        "office/people/closing.html",
        "停用账号",
        "people",
        one=staff.account(found),
        is_self=found.id == request.user.id,
        sessions=sum(one["sessions"] for one in phones),
        unsent=[one for one in phones if one["unsent"] and not one["revoked_at"]],
        alone=[one for one in held if not one["others"]],
        shared=[one for one in held if one["others"]],
        tasks=tasks,
    )


HANDLERS: list[Any] = [show_people, show_person, add_person, change_person, show_closing]


def _account(data: FormData) -> Account:
    phone = forms.phone(data, "phone") if forms.one(data, "phone").strip() else ""
    return Account(forms.one(data, "name"), forms.one(data, "role"), phone)


def chosen(listed: list[dict[str, Any]], show: str, q: str) -> list[dict[str, Any]]:
    if q:
        return [row for row in listed if q in row["name"] or q in row["username"]]
    if show == "care":
        return [row for row in listed if row["phone_"]["care"]]
    if show == "leader":
        return [row for row in listed if row["role"] == "leader"]
    return [row for row in listed if show == "all" or row["role"] != "leader"]


def _counts(listed: list[dict[str, Any]]) -> dict[str, int]:
    phones = [row["phone_"] for row in listed if row["phone_"]["state"] not in ("new", "none")]
    return {
        "phones": len(phones),
        "even": sum(phone["state"] == "even" for phone in phones),
        "care": sum(phone["care"] for phone in phones),
        "staff": len({row["id"] for row in listed if row["role"] != "leader"}),
        "leaders": len({row["id"] for row in listed if row["role"] == "leader"}),
        "all": len({row["id"] for row in listed}),
    }
