"""个人信息处理说明: what is kept of people, why, who sees it and how long, to hand out."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server import retention
from server.intake import Intake
from server.office import page
from server.office.labels import named
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from sync import purposes

TITLE = "个人信息处理说明"


@get("/office/personal-notice", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_personal_notice(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        days = retention.days_of(tx, community.id)
    return page.page(
        request,
        "office/consents/notice.html",
        TITLE,
        "buildings",
        office=community,
        tables=[(named(kind, "record"), _rows(kind, days)) for kind in purposes.PURPOSES],
        beside=[_row(one, days) for one in purposes.BESIDE.values()],
        by_itself=retention.BY_ITSELF,
    )


HANDLERS: list[Any] = [show_personal_notice]


def _rows(kind: str, days: dict[str, int]) -> list[dict[str, str]]:
    """Each line of the table once, however many fields it is for."""
    return [_row(one, days) for one in dict.fromkeys(purposes.PURPOSES[kind].values())]


def _row(one: purposes.Purpose, days: dict[str, int]) -> dict[str, str]:
    kept = retention.kept_for(one.kept, days)
    return {"what": one.what, "why": one.why, "who": one.who, "kept": kept}
