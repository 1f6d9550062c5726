"""预警来源: feeds that are asked for warnings by themselves, set up, tried out and watched."""

from typing import Any

import uuid_utils
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template

from server.access import write_audit
from server.alerts import feed_settings
from server.alerts.feed_settings import Kept, Setup
from server.alerts.feed_trial import Trial, trial
from server.identities import Vault
from server.intake import Intake
from server.office import feed_forms, forms, page
from server.office.feed_forms import Typed
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from server.store import alert_feeds as rows
from sync.alert_areas import place_of
from sync.operations import stamp
from sync.refusals import Refusal

TAB, TITLE = "alerts", "预警来源"
PATH = "/office/alert-feeds"
DONE = {"added": "已加。马上会去问一次。", "changed": "已改。马上会去问一次。", "removed": "已删。"}


@get(PATH, guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_feeds(
    request: Asking, intake: NamedDependency[Intake], done: FromQuery[str] = ""
) -> Template:
    return page.page(
        request,
        "office/alert_feeds/page.html",
        TITLE,
        TAB,
        feeds=_all(request, intake),
        said=DONE.get(done, ""),
        **_view(feed_forms.words_of(None), {}, None),
    )


@post(PATH, guards=GUARDS, opt=PEOPLE, status_code=200, sync_to_thread=True)
def add_feed(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Keep a new feed, or try out what was typed."""
    return _answer(request, intake, data, None)


@get(PATH + "/{feed_id:str}", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_feed(request: Asking, feed_id: FromPath[str], intake: NamedDependency[Intake]) -> Template:
    feed = _find(request, intake, feed_id)
    view = _view(feed_forms.words_of(feed), {}, feed)
    return page.page(request, "office/alert_feeds/feed.html", feed.setup.name, TAB, **view)


@post(
    PATH + "/{feed_id:str}/changes",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=200,
    sync_to_thread=True,
)
def change_feed(
    request: Asking,
    feed_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    return _answer(request, intake, data, _find(request, intake, feed_id))


@post(
    PATH + "/{feed_id:str}/removals",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=200,
    sync_to_thread=True,
)
def remove_feed(
    request: Asking, feed_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    feed, home = _find(request, intake, feed_id), request.user.community_id
    intake.do(home, lambda writing: rows.remove(writing.tx, home, feed.id))
    write_audit(request, request.user, "alert_feed.remove", feed.id)
    return page.go(request, f"{PATH}?done=removed")


def _answer(request: Asking, intake: Intake, data: FormData, before: Kept | None) -> Response[Any]:
    came = feed_forms.typed(data, before)
    if came.setup is None:
        return _again(request, came, before)
    if forms.one(data, "do") == "try":
        with intake.store.read() as tx:
            one = page.community_of(tx, request.user.community_id)
        place = place_of(one.division_code, one.latitude, one.longitude)
        return _again(request, came, before, trial(came.setup, place, intake.clock()))
    _keep(request, intake, came.setup, before)
    return page.go(request, f"{PATH}?done={'changed' if before else 'added'}")


def _keep(request: Asking, intake: Intake, setup: Setup, before: Kept | None) -> None:
    person, settings = request.user, request.app.state.settings
    home, feed_id = person.community_id, before.id if before else str(uuid_utils.uuid7())
    columns = feed_settings.columns(Vault(settings.secret), home, feed_id, setup)
    put = rows.change if before else rows.add
    at = stamp(intake.clock())
    intake.do(home, lambda writing: put(writing.tx, home, **columns, by=person.id, at=at))
    write_audit(request, person, f"alert_feed.{'change' if before else 'add'}", feed_id)


def _again(
    request: Asking, came: Typed, before: Kept | None, tried: Trial | None = None
) -> Response[Any]:
    """The form with all that was typed, and what a trial brought."""
    view = _view(came.words, came.wrong, before, tried)
    if request.headers.get("HX-Request"):
        context = {"desk": page.desk(request, "", TAB), **view}
        return Template("office/alert_feeds/_feed.html", context=context)
    told = page.page(request, "office/alert_feeds/feed.html", TITLE, TAB, **view)
    told.status_code = 422 if came.wrong else 200
    return told


def _view(
    words: dict[str, str], wrong: dict[str, str], feed: Kept | None, tried: Trial | None = None
) -> dict[str, Any]:
    return {**feed_forms.view(words, wrong, feed), "tried": tried}


def _all(request: Asking, intake: Intake) -> list[Kept]:
    vault = Vault(request.app.state.settings.secret)
    with intake.store.read() as tx:
        return feed_settings.all_of(tx, vault, request.user.community_id)


def _find(request: Asking, intake: Intake, feed_id: str) -> Kept:
    vault = Vault(request.app.state.settings.secret)
    with intake.store.read() as tx:
        found = feed_settings.find(tx, vault, request.user.community_id, forms.ident(feed_id))
    if found is None:
        raise Refusal("record.unknown")
    return found


HANDLERS: list[Any] = [show_feeds, add_feed, show_feed, change_feed, remove_feed]
