"""预警文字: what a warning says to people, by kind and colour, in the office's own words."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.alerts import texts
from server.alerts.texts import Spot
from server.intake import Intake
from server.intake.writing import Writing
from server.office import alert_wording, forms, page
from server.office.alert_wording import COLOURS, MAX_KIND
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from sync.alert_texts import Own
from sync.refusals import Refusal

MAX_FIELD, MAX_GUIDE, MAX_SOURCE = 400, 800, 60


@get("/office/alert-texts", guards=GUARDS, sync_to_thread=True)
def show_texts(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        lines = alert_wording.table(tx, request.user.community_id)
    return page.page(
        request, "office/alert_texts/page.html", "预警文字", "alerts", lines=lines, colours=COLOURS
    )


@get("/office/alert-texts/wording", guards=GUARDS, sync_to_thread=True)
def show_wording(request: Asking, intake: NamedDependency[Intake]) -> Template:
    spot = _spot(request.query_params)
    title = f"{alert_wording.title_of(spot)}的文字"
    view = _view(request, intake, spot)
    return page.page(request, "office/alert_texts/wording.html", title, "alerts", **view)


@post("/office/alert-texts/previews", guards=GUARDS, status_code=200, sync_to_thread=True)
def preview_wording(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Template:
    """What the words come out as, while somebody is still writing them."""
    said = _said(data)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        view = alert_wording.preview(tx, community, said)
    return Template("office/alert_texts/_preview.html", context={"preview": view})


@post("/office/alert-texts/wordings", guards=GUARDS, status_code=200, sync_to_thread=True)
def keep_wording(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    said, by = _said(data), author(request)

    def work(writing: Writing) -> None:
        texts.keep(writing, by, said)

    intake.do(request.user.community_id, work)
    return _again(request, intake, Spot(said.kind, said.colour), "已改。以后的预警用这些文字。")


@post("/office/alert-texts/resets", guards=GUARDS, status_code=200, sync_to_thread=True)
def reset_wording(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    spot, by = _spot(data), author(request)

    def work(writing: Writing) -> None:
        texts.reset(writing, by, spot)

    intake.do(request.user.community_id, work)
    return _again(request, intake, spot, "已改回原来的文字。")


HANDLERS: list[Any] = [show_texts, show_wording, preview_wording, keep_wording, reset_wording]


def _spot(given: Mapping[str, Any]) -> Spot:
    form = dict(given)
    kind = forms.text(form, "kind", "种类", MAX_KIND)
    if not alert_wording.is_kind(kind):
        raise Refusal("alert.kind_misfit")
    return Spot(kind, forms.code(form, "colour", "颜色", COLOURS))


def _said(form: FormData) -> Own:
    kind, colour = _spot(form)
    guide = forms.text(form, "guide", "防御指南", MAX_GUIDE)
    return Own(
        kind=kind,
        colour=colour,
        message="".join(forms.text(form, "message", "群里的文字", MAX_FIELD).split("\n")),
        short="".join(forms.text(form, "short", "短信", MAX_FIELD).split("\n")),
        points=tuple(line.strip(" 。；;") for line in guide.split("\n") if line.strip(" 。；;")),
        source=forms.text(form, "source", "指南的来源", MAX_SOURCE),
        dated_on=forms.day(form, "dated_on", "指南的日期"),
    )


def _again(request: Asking, intake: Intake, spot: Spot, said: str) -> Response[Any]:
    view = _view(request, intake, spot, said)
    url = alert_wording.url_of(spot)
    return page.changed(request, "office/alert_texts/_wording.html", url, "alerts", **view)


def _view(request: Asking, intake: Intake, spot: Spot, said: str = "") -> dict[str, Any]:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        return {**alert_wording.wording(tx, community, spot), "said": said}
