"""预警通道: groups that a warning is handed to, a test for each, and what they last answered."""

import asyncio
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.alerts import groups, telling
from server.alerts.channels import Delivery, Notice
from server.alerts.dispatching import Dispatcher
from server.identities import Vault
from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.store import channels as rows
from server.store import dispatches, subscriptions
from sync.operations import stamp

URL = "/office/alert-channels"
LAST = 3
PUSHED = timedelta(days=30)
MAX_ADDRESS, MAX_SECRET, MAX_NAME = 500, 200, 30
AUDIENCES = {"staff": "工作群", "leaders": "楼长群", "residents": "居民群"}


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_channels(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake, "")
    return page.page(request, "office/alert_channels/page.html", "预警通道", "alerts", **view)


@post(URL, guards=GUARDS, status_code=200, sync_to_thread=True)
def add_channel(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    by, vault = author(request), Vault(request.app.state.settings.secret)
    name = forms.text(data, "name", "名称", MAX_NAME, needed=True)
    address = forms.text(data, "address", "地址", MAX_ADDRESS, needed=True)
    secret = forms.text(data, "secret", "加签密钥", MAX_SECRET)
    audience = forms.code(data, "audience", "给谁看", AUDIENCES)
    grid_id = forms.text(data, "grid_id", "哪个网格", MAX_NAME)

    def work(writing: Writing) -> str:
        return groups.add(writing, by, vault, name, address, secret, audience, grid_id)

    intake.do(request.user.community_id, work)
    return _again(request, intake, f"已添加“{name}”。请点“试发”，到群里看看收到没有。")


@post(f"{URL}/{{channel_id:str}}/trials", guards=GUARDS, status_code=200)
async def try_channel(
    request: Asking, channel_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Send a word that is no warning, and say what the service answered."""
    home, by = request.user.community_id, author(request)
    dispatcher: Dispatcher = request.app.state.dispatcher

    def found() -> rows.Channel:
        with intake.store.read() as tx:
            return groups.find(tx, home, forms.ident(channel_id))

    one = await asyncio.to_thread(found)
    said = Notice(title=telling.TRIAL_TITLE, text=telling.TRIAL)
    answer = await dispatcher.deliver(home, one.id, one.secret, said)

    def kept() -> Response[Any]:
        intake.do(home, lambda writing: telling.tried_out(writing, by, one, answer))
        return _again(request, intake, "", tried=_told(one.name, answer))

    return await asyncio.to_thread(kept)


@post(f"{URL}/{{channel_id:str}}/switches", guards=GUARDS, status_code=200, sync_to_thread=True)
def switch_channel(
    request: Asking,
    channel_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    by, is_on = author(request), forms.one(data, "is_on") == "1"

    def work(writing: Writing) -> None:
        groups.switch(writing, by, forms.ident(channel_id), is_on)

    intake.do(request.user.community_id, work)
    return _again(request, intake, "已开启。" if is_on else "已停用，不再往这里发。")


@post(f"{URL}/{{channel_id:str}}/removals", guards=GUARDS, status_code=200, sync_to_thread=True)
def remove_channel(
    request: Asking, channel_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    by = author(request)

    def work(writing: Writing) -> None:
        groups.remove(writing, by, forms.ident(channel_id))

    intake.do(request.user.community_id, work)
    return _again(request, intake, "已删除，存着的地址和密钥一起删了。")


HANDLERS: list[Any] = [show_channels, add_channel, try_channel, switch_channel, remove_channel]


def _told(name: str, answer: Delivery) -> dict[str, str]:
    return {"name": name, "outcome": answer.outcome.value, "words": answer.sentence}


def _again(
    request: Asking, intake: Intake, said: str, tried: dict[str, str] | None = None
) -> Response[Any]:
    view = _view(request, intake, said, tried)
    return page.changed(request, "office/alert_channels/_channels.html", URL, "alerts", **view)


def _view(
    request: Asking, intake: Intake, said: str, tried: dict[str, str] | None = None
) -> dict[str, Any]:
    home = request.user.community_id
    with intake.store.read() as tx:
        grids = rows.grids(tx, home)
        found = [
            groups.shown(one, grids, dispatches.last_of(tx, home, one.id, LAST))
            for one in rows.every(tx, home)
        ]
        phones, people = subscriptions.count(tx, home)
        pushes = dispatches.pushes_since(tx, home, stamp(intake.clock() - PUSHED))
    return {
        "channels": found,
        "grids": grids,
        "audiences": AUDIENCES,
        "kinds": groups.KINDS,
        "push": {"phones": phones, "people": people, "outcomes": pushes},
        "has_extra": int(find_spec("apprise") is not None),
        "said": said,
        "tried": tried,
    }
