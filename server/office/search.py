"""查找: people, doors and numbers by whatever somebody types."""

from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server.intake import Intake
from server.office import finding, page, typed
from server.office.page import GUARDS, Asking
from server.store import search as reads
from server.store.database import Tx

MAX_TEXT = 60
PEOPLE_SHOWN, DOORS_SHOWN, NUMBERS_SHOWN = 30, 60, 30
MAX_PAGES = 300


@get("/office/search", guards=GUARDS, sync_to_thread=True)
def show_search(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """What was typed stands in the address locked (`server/office/typed.py`)."""
    text = " ".join(typed.words(request).split())[:MAX_TEXT]
    number = page.number_of(request, MAX_PAGES)
    with intake.store.read() as tx:
        found = _find(tx, request.user.community_id, text, number) if text else dict(_NOTHING)
    of = request.query_params.get("of", "")
    found["paging"] = {**found["paging"], "query": urlencode({"of": of}) + "&"}
    return page.page(
        request,
        "office/search/page.html",
        "查找",
        "buildings",
        q=text,
        **found,
    )


def _find(tx: Tx, community_id: str, text: str, number: int) -> dict[str, Any]:
    skip = (number - 1) * PEOPLE_SHOWN
    people = reads.people(tx, community_id, text, PEOPLE_SHOWN + 1, skip)
    digits = finding.digits_of(text)
    doors = finding.doors(tx, community_id, text)
    return {
        "doors": doors[:DOORS_SHOWN],
        "door_count": len(doors),
        "people": people[:PEOPLE_SHOWN],
        "numbers": reads.phones(tx, community_id, digits, NUMBERS_SHOWN) if digits else [],
        "paging": {
            "page": number,
            "last": number + int(len(people) > PEOPLE_SHOWN),
            "path": "/office/search",
            "query": "",
        },
    }


_NOTHING: dict[str, Any] = {
    "doors": [],
    "door_count": 0,
    "people": [],
    "numbers": [],
    "paging": {"page": 1, "last": 1, "path": "", "query": ""},
}
