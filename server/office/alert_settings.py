"""预警时限: after how much silence somebody is asked, and when households are left in peace."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from sync.cascade import Timers
from sync.records import Community
from sync.refusals import Refusal

URL = "/office/alert-settings"
MIN_MINUTES, MAX_MINUTES = 1, 240
STEPS = {
    "repeat": ("楼长没有回音，再提醒一次", "楼长"),
    "deputy": ("还没有，请副楼长", "副楼长；没有副楼长的楼，直接请网格长"),
    "chief": ("还没有，请网格长打电话", "网格长"),
    "secretary": ("还没有，报给书记和办公室", "书记、办公室"),
}
_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_settings(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(_community(request, intake), "")
    return page.page(request, "office/alert_settings/page.html", "预警时限", "alerts", **view)


@post(f"{URL}/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_settings(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Warnings that are out keep the minutes they began with."""
    changes = _changes(data, _community(request, intake))
    forms.send(intake, request.user, "community.change", {"changes": changes}, data)
    view = _view(_community(request, intake), "已改。下一次预警按新的来，已发出的不变。")
    return page.changed(request, "office/alert_settings/_settings.html", URL, "alerts", **view)


HANDLERS: list[Any] = [show_settings, change_settings]


def minutes_of(community: Community) -> dict[str, int]:
    usual = Timers()
    return {code: community.alert_minutes.get(code, int(getattr(usual, code))) for code in STEPS}


def _changes(form: FormData, community: Community) -> dict[str, Any]:
    """Only what this person touched, so that two who change different numbers both keep theirs."""
    changes: dict[str, Any] = {}
    minutes = _minutes(form, community)
    if minutes != community.alert_minutes:
        changes["alert_minutes"] = minutes
    quiet = [_clock(form, "quiet_from", "从几点"), _clock(form, "quiet_until", "到几点")]
    if quiet != [forms.one(form, "was_quiet_from"), forms.one(form, "was_quiet_until")]:
        if quiet[0] == quiet[1]:
            raise Refusal("alert.quiet_misfit")
        changes["alert_quiet"] = quiet
    if not changes:
        raise Refusal("nothing.changed")
    return changes


def _minutes(form: FormData, community: Community) -> dict[str, int]:
    """The community's own numbers, one after the other; what is as usual is not its own."""
    usual, found = minutes_of(Community(id="", version=0, name="")), minutes_of(community)
    for code, (label, _) in STEPS.items():
        value = forms.number(form, code, label, MIN_MINUTES, MAX_MINUTES)
        if str(value) != forms.one(form, f"was_{code}"):
            found[code] = value
    if list(found.values()) != sorted(found.values()):
        raise Refusal("alert.minutes_misfit")
    return {code: value for code, value in found.items() if value != usual[code]}


def _clock(form: FormData, name: str, label: str) -> str:
    value = forms.one(form, name)[:5]
    if not _CLOCK.fullmatch(value):
        raise Refusal("field.not_a_clock", field=label)
    return value


def _community(request: Asking, intake: Intake) -> Community:
    with intake.store.read() as tx:
        return page.community_of(tx, request.user.community_id)


def _view(community: Community, said: str) -> dict[str, Any]:
    usual = minutes_of(Community(id="", version=0, name=""))
    lines = [
        {"code": code, "word": word, "who": who, "minutes": now, "usual": usual[code]}
        for (code, (word, who)), now in zip(
            STEPS.items(), minutes_of(community).values(), strict=True
        )
    ]
    return {"lines": lines, "quiet": community.alert_quiet, "said": said}
