"""What a neighbouring system files becomes an issue, through the one door for writes.

Who called, from which number and with which address for mail, stays with the system that files:
none of it is kept, nor are numbers of telephones and papers inside a text.
"""

import hashlib
import math
import uuid
from typing import Any, NamedTuple

from server import api_keys
from server.intake import Form, Intake
from server.open311.answers import Problem
from server.open311.asking import Place, Said, first, moment
from server.open311.services import DUE, NAMES, ORDER
from server.store import overview
from server.store.records import Records
from sync import days
from sync.issue_pasted import building_in, without_numbers
from sync.issue_records import Issue
from sync.operations import stamp
from sync.records import Community

MAX_DESCRIPTION = 4000
MAX_WORD = 100
MAX_ADDRESS = 400
# How often the same may be said again, word for word, once it was put right each time.
MAX_AGAIN = 100


class Spot(NamedTuple):
    """Where it is: the first of what was said, and what else was said of it."""

    place: str
    more: list[str]


def file(intake: Intake, where: Place, said: Said) -> Issue:
    """The issue that was filed, or the one that this very request filed before. Raises Problem."""
    data = _raised(intake, where, said)
    for issue_id in _ids(where, said, data):
        known = _find(intake, where, issue_id)
        if known is None:
            home, device = where.community_id, api_keys.device_of(where.key_id)
            form = Form(home, where.key_id, device, "issue.raise", data, id=issue_id)
            receipt = intake.submit(form)
            known = _find(intake, where, str(receipt.id))
            assert known is not None, "an issue was just filed"
            return known
        if data["source_number"] or not known.ended_at:
            return known
    raise Problem(400, "The same was filed too often.")


def _raised(intake: Intake, where: Place, said: Said) -> dict[str, Any]:
    """The data of `issue.raise`."""
    code = first(said, "service_code")
    if not code:
        raise Problem(400, "service_code was not provided.")
    if code not in NAMES:
        raise Problem(404, "service_code was not found.")
    spot = _spot(said)
    text = first(said, "description") or NAMES[code]
    if len(text) > MAX_DESCRIPTION:
        raise Problem(400, f"description has more than {MAX_DESCRIPTION} characters.")
    number = first(said, f"attribute[{ORDER}]")
    if len(number) > MAX_WORD:
        raise Problem(400, f"{ORDER} has more than {MAX_WORD} characters.")
    due = moment(said, f"attribute[{DUE}]")
    with intake.store.read() as tx:
        community = Records(tx, where.community_id).get("community", where.community_id)
        buildings = overview.buildings(tx, where.community_id)
    assert isinstance(community, Community)
    names = {one["id"]: (one["compound"], one["name"]) for one in buildings}
    return {
        "category": code,
        "text": "\n".join([without_numbers(text), *spot.more]),
        "place": spot.place,
        "building_id": building_in(first(said, "address_string"), names),
        "source": "open311",
        "source_number": number,
        "due_on": days.day(stamp(due), community.timezone) if due else "",
    }


def _spot(said: Said) -> Spot:
    """Raises Problem when nothing says where it is."""
    address, number = first(said, "address_string"), first(said, "address_id")
    point = _point(first(said, "lat"), first(said, "long"))
    if max(len(address), len(number)) > MAX_ADDRESS:
        raise Problem(400, f"address has more than {MAX_ADDRESS} characters.")
    found = [
        *([without_numbers(address)] if address else []),
        *([f"地址编号 {number}"] if number else []),
        *([f"坐标 {point}"] if point else []),
    ]
    if not found:
        raise Problem(400, "lat and long, address_string or address_id was not provided.")
    link = first(said, "media_url")
    more = found if len(found[0]) > MAX_WORD else found[1:]
    if link.startswith(("http://", "https://")) and len(link) <= MAX_ADDRESS:
        more = [*more, f"附件 {link}"]
    return Spot(found[0][:MAX_WORD], more)


def _point(lat: str, long: str) -> str:
    if not lat and not long:
        return ""
    try:
        at = float(lat), float(long)
    except ValueError:
        raise Problem(400, "lat and long are numbers, and both are needed.") from None
    if not all(map(math.isfinite, at)) or abs(at[0]) > 90 or abs(at[1]) > 180:
        raise Problem(400, "lat or long is not on this earth.")
    return f"{at[0]:.6f}, {at[1]:.6f}"


def _ids(where: Place, said: Said, data: dict[str, Any]) -> list[str]:
    """Under which ids this very request is filed: by the number of its order, else by all it says,
    which counts anew once what it filed was put right."""
    number = data["source_number"]
    whole = f"number {number}" if number else repr(sorted(said.items()))
    again = [0] if number else range(MAX_AGAIN)
    return [_id(f"{where.key_id} {whole} {one}") for one in again]


def _id(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


def _find(intake: Intake, where: Place, issue_id: str) -> Issue | None:
    with intake.store.read() as tx:
        found = Records(tx, where.community_id).get("issue", issue_id)
    return found if isinstance(found, Issue) else None
