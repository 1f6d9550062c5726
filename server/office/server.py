"""服务器: how the installation stands, in words, for whoever looks after it."""

from importlib.metadata import version
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server import shell
from server.alerts import feed_settings
from server.identities import Vault
from server.intake import Intake
from server.office import page, phones_view
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from server.running import standing
from server.settings import Settings
from server.store import health, system
from sync.operations import stamp


@get("/office/server", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_server(
    request: Asking, intake: NamedDependency[Intake], settings: NamedDependency[Settings]
) -> Template:
    state, home = request.app.state, request.user.community_id
    now = intake.clock()
    signs = standing.signs(request.app)
    with intake.store.read() as tx:
        feeds = feed_settings.all_of(tx, Vault(settings.secret), home)
        phones = phones_view.listed(tx, home, request.user.role, now, shell.shell()[0])
        waiting = health.waiting(tx, stamp(now))
        restored_at, _ = system.restored(tx)
    return page.page(
        request,
        "office/server/page.html",
        "服务器",
        "server",
        signs={one.name: _told(one) for one in signs},
        worst=standing.worst(signs),
        feeds={
            "on": sum(one.setup.is_on for one in feeds),
            "failing": [
                one.setup.name for one in feeds if one.setup.is_on and one.state.failing_since
            ],
        },
        phones={**phones_view.counts(phones), "unsent": waiting["unsent"]},
        restored_at=restored_at,
        about=_about(settings),
        started_at=stamp(state.started_at),
    )


def _told(sign: standing.Sign) -> dict[str, Any]:
    facts = dict(sign.facts)
    if sign.name == "night":
        facts["at"] = stamp(facts["at"]) if facts["at"] else ""
    return {"state": sign.state, **facts}


def _about(settings: Settings) -> dict[str, Any]:
    return {
        "version": version("jinlin"),
        "shell": shell.shell()[0],
        "data": str(settings.data.absolute()),
        "url": settings.url,
        "timezone": settings.timezone,
        "watched": bool(settings.metrics_token),
        "log": settings.log,
    }


HANDLERS: list[Any] = [show_server]
