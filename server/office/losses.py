"""手机丢了: one page that leads through it, and a note for the file that names nobody."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from server import team
from server.intake import Intake
from server.office import handing, page, staff
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE, author
from server.store import devices
from server.store import people as rows
from server.store.database import Tx
from sync.operations import instant
from sync.refusals import Refusal

PATH = "/office/devices/{device_id:str}/loss"


@get(PATH, guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_loss(
    request: Asking, intake: NamedDependency[Intake], device_id: FromPath[str]
) -> Template:
    """What is done about a lost phone, step by step, and how far it is."""
    view = _view(request, intake, device_id)
    return page.page(request, "office/phones/loss.html", "手机丢了", "phones", **view)


@get(f"{PATH}/note", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_note(
    request: Asking, intake: NamedDependency[Intake], device_id: FromPath[str]
) -> Template:
    """For whoever is above: what was on the phone in numbers, and what was done when."""
    view = _view(request, intake, device_id)
    handing.note(request, "print", device_id, "loss")
    return page.page(request, "office/phones/note.html", "手机丢失说明", "phones", **view)


HANDLERS: list[Any] = [show_loss, show_note]


def _view(request: Asking, intake: Intake, device_id: str) -> dict[str, Any]:
    community_id, now = request.user.community_id, intake.clock()
    with intake.store.read() as tx:
        found = rows.device_of(tx, community_id, device_id)
        if found is None:
            raise Refusal("device.unknown")
        owner = team.managed(tx, community_id, author(request), found["person_id"])
        phones = {one["id"]: one for one in devices.phones(tx, community_id, now, owner.id)}
        phone = staff.shown_phone(tx, community_id, phones[device_id], now)
        return {
            "one": staff.account(owner),
            "phone": phone,
            "others": sum(one["sessions"] for one in phones.values() if _is_before(one, phone)),
            "behind": _behind(tx, community_id, owner.id, phone),
            "next_phone": _next_phone(list(phones.values()), phone),
        }


def _behind(tx: Tx, community_id: str, person_id: str, phone: dict[str, Any]) -> dict[str, int]:
    """What lay on it when it was heard last."""
    seen_at = instant(phone["seen_at"] or phone["created_at"])
    assert seen_at is not None
    on = rows.today_of(tx, community_id, seen_at)
    return devices.behind_doors(tx, community_id, person_id, on)


def _is_before(other: dict[str, Any], lost: dict[str, Any]) -> bool:
    """A phone that its owner had when this one was lost."""
    since = lost["revoked_at"]
    return other["id"] != lost["id"] and not (since and other["created_at"] >= since)


def _next_phone(phones: list[dict[str, Any]], lost: dict[str, Any]) -> dict[str, Any]:
    """The phone that was set up after the lost one was shut out."""
    since = lost["revoked_at"]
    after = [one for one in phones if since and one["created_at"] >= since]
    return min(after, key=lambda one: str(one["created_at"]), default={})
