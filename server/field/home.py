"""The first page of each role."""

from typing import Any

from litestar import Request, get
from litestar.response import Redirect

from server.access import signed_in
from server.people import Person

HOMES = {
    "worker": "/today",
    "chief": "/today",
    "social": "/today",
    "leader": "/buildings",
    "office": "/office",
    "secretary": "/office",
    "street": "/office/counts",
    "admin": "/office/people",
}


@get("/", guards=[signed_in])
async def home(request: Request[Person, str, Any]) -> Redirect:
    """Go where this role's work is."""
    return Redirect(home_of(request.user))


def home_of(person: Person) -> str:
    """A leader with one building goes straight to its doors."""
    if person.role == "leader" and len(person.building_ids) == 1:
        return f"/buildings/{person.building_ids[0]}"
    return HOMES[person.role]


HANDLERS: list[Any] = [home]
