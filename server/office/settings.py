"""设置: how often each category is seen, and what else a community decides for itself."""

from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.jobs import renew_doors
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from sync.alert_areas import is_degrees, significant
from sync.care import DEFAULT_INTERVALS
from sync.numerals import half_width
from sync.records import Community
from sync.refusals import Refusal

MIN_DAYS, MAX_DAYS = 1, 1000


@get("/office/settings", guards=GUARDS, sync_to_thread=True)
def show_settings(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake)
    return page.page(request, "office/settings/page.html", "设置", "settings", **view)


@post("/office/settings/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_settings(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Phones get the numbers at once; due days are worked out anew right after."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
    changes = _changes(data, community)
    forms.send(intake, request.user, "community.change", {"changes": changes}, data)
    view = {**_view(request, intake), "said": "已改。应访日期正在重新计算，几秒后就好。"}
    url = "/office/settings"
    answer = page.changed(request, "office/settings/_settings.html", url, "settings", **view)
    answer.background = BackgroundTask(renew_doors, intake, community.id)
    return answer


def _changes(form: FormData, community: Community) -> dict[str, Any]:
    """Only what this person touched, so that two who change different numbers both keep theirs."""
    changes: dict[str, Any] = {}
    for name in ("office_phone", "gas_phone"):
        phone = forms.phone(form, name) if forms.one(form, name) else ""
        if phone != forms.one(form, f"was_{name}"):
            changes[name] = phone
    for name, label, least, most in (
        ("knocks_per_week", "每周最多敲门", 1, 20),
        ("refused_rest_days", "拒访后歇", 0, 365),
        ("contacts_per_day", "一人一天", 1, 100),
    ):
        if name == "contacts_per_day" and not forms.one(form, name):
            continue
        value = forms.number(form, name, label, least, most)
        if str(value) != forms.one(form, f"was_{name}"):
            changes[name] = value
    changes |= _place(form)
    intervals = _intervals(form, community)
    if intervals != community.intervals:
        changes["intervals"] = intervals
    feasts = _festivals(form, community)
    if feasts != community.festivals:
        changes["festivals"] = feasts
    if not changes:
        raise Refusal("nothing.changed")
    return changes


def _place(form: FormData) -> dict[str, str]:
    """Where the community is, as far as this person touched it: warnings are compared with it."""
    names = ("division_code", "latitude", "longitude")
    given = {name: half_width(forms.one(form, name)).strip() for name in names}
    if all(given[name] == forms.one(form, f"was_{name}") for name in names):
        return {}
    if given["division_code"] and not significant(given["division_code"]):
        raise Refusal("place.code_misfit")
    if bool(given["latitude"]) != bool(given["longitude"]):
        raise Refusal("place.half")
    for name, label, most in (("latitude", "纬度", 90), ("longitude", "经度", 180)):
        if given[name] and not is_degrees(given[name], most):
            raise Refusal("place.degrees_misfit", field=label, most=most)
    return given


def _festivals(form: FormData, community: Community) -> list[list[str]]:
    """The festivals with the days that this person set, by day; none moves into another year."""
    found = []
    for place, (code, known) in enumerate(community.festivals):
        on, year = known, known[:4]
        if forms.one(form, f"feast_{place}") not in ("", forms.one(form, f"was_feast_{place}")):
            on = forms.day(form, f"feast_{place}", "节日", f"{year}-01-01", f"{year}-12-31")
        found.append([code, on])
    return sorted(found, key=lambda feast: feast[1])


def _intervals(form: FormData, community: Community) -> dict[str, int]:
    """The community's own numbers; one that is set back to the default is no longer its own."""
    own = dict(community.intervals)
    for code, default in DEFAULT_INTERVALS.items():
        given = forms.one(form, f"every_{code}")
        if given in ("", forms.one(form, f"was_every_{code}")):
            continue
        days = forms.number(form, f"every_{code}", "隔几天", MIN_DAYS, MAX_DAYS)
        if days == default:
            own.pop(code, None)
        else:
            own[code] = days
    return own


def _view(request: Asking, intake: Intake) -> dict[str, Any]:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
    lines = [
        {"code": code, "days": community.intervals.get(code, days), "default": days}
        for code, days in DEFAULT_INTERVALS.items()
    ]
    return {"community": community, "lines": lines, "said": ""}
