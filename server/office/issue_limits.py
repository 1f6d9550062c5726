"""时限: until when each kind of issue is looked at and closed, and when the office works."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.access import write_audit
from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.issue_words import UNITS, worded
from server.office.labels import named
from server.office.page import GUARDS, Asking
from sync import issue_limits as rules
from sync import worktime
from sync.records import Community
from sync.refusals import Refusal

URL = "/office/issues/limits"
FRAGMENT = "office/issue_limits/_limits.html"
SPANS = 2
_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_limits(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(_community(request, intake), "")
    return page.page(request, "office/issue_limits/page.html", "事件时限", "issues", **view)


@post(f"{URL}/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_limits(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """What is reported from now on has these limits; no earlier one is moved."""
    community = _community(request, intake)
    changes = _changes(data, community)
    if not changes:
        raise Refusal("nothing.changed")
    forms.send(intake, request.user, "community.change", {"changes": changes}, data)
    write_audit(request, request.user, "issue.limits", "issue_limits", detail=_told(changes))
    view = _view(_community(request, intake), "已改。从现在起报的事件按新的来，以前的不变。")
    return page.changed(request, FRAGMENT, URL, "issues", **view)


HANDLERS: list[Any] = [show_limits, change_limits]


def _changes(form: FormData, community: Community) -> dict[str, Any]:
    """Only what this person touched, so that two who change different ones both keep theirs."""
    changes: dict[str, Any] = {}
    limits = {code: list(rules.of(code, community.issue_limits)) for code in rules.CATEGORIES}
    for code, both in limits.items():
        for place, name in enumerate(("first", "close")):
            if given := _limit(form, f"{code}_{name}"):
                both[place] = given
    own = rules.checked(limits)
    if own != community.issue_limits:
        changes["issue_limits"] = own
    hours = [[_clock(form, f"from_{n}"), _clock(form, f"until_{n}")] for n in range(SPANS)]
    hours = [span for span in hours if span != ["", ""]]
    if not worktime.are_hours(hours):
        raise Refusal("issue.hours_misfit")
    if hours != community.working_hours:
        changes["working_hours"] = hours
    return changes


def _limit(form: FormData, name: str) -> str:
    """What was set, "" when it was not touched."""
    unit = forms.code(form, f"unit_{name}", "时限", UNITS)
    text = "now"
    if unit != "now":
        text = f"{forms.number(form, f'n_{name}', '时限', 1, 720)}{unit}"
    return "" if text == forms.one(form, f"was_{name}") else text


def _clock(form: FormData, name: str) -> str:
    value = forms.one(form, name)[:5]
    if value and not _CLOCK.fullmatch(value):
        raise Refusal("field.not_a_clock", field="上班时间")
    return value


def _told(changes: dict[str, Any]) -> str:
    own = changes.get("issue_limits", {})
    said = [
        f"{named(code, 'issue_category')} {worded(first)}、{worded(close)}"
        for code, (first, close) in own.items()
    ]
    said += ["–".join(span) for span in changes.get("working_hours", [])]
    return "；".join(said) or "恢复通常的"


def _community(request: Asking, intake: Intake) -> Community:
    with intake.store.read() as tx:
        return page.community_of(tx, request.user.community_id)


def _view(community: Community, said: str) -> dict[str, Any]:
    lines = []
    for code in rules.CATEGORIES:
        now, usual = rules.of(code, community.issue_limits), rules.USUAL[code]
        parts = [
            {"name": f"{code}_{name}", "text": text, "limit": rules.read(text)}
            for name, text in zip(("first", "close"), now, strict=True)
        ]
        lines.append(
            {
                "code": code,
                "parts": parts,
                "usual": "，".join(worded(one) for one in usual),
                "is_own": now != usual,
            }
        )
    hours = [*community.working_hours, *[["", ""]] * SPANS][:SPANS]
    return {"lines": lines, "hours": hours, "units": UNITS, "said": said}
