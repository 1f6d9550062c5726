"""待审规则: why the office is asked to look at a visit, and where it draws the lines."""

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
from server.office.page import GUARDS, Asking
from server.office.review_words import GROUPS, SAID, Said, shown
from server.store import reviews
from sync import review_rules as rules
from sync.records import Community
from sync.refusals import Refusal

URL = "/office/review/rules"
FRAGMENT = "office/review_rules/_rules.html"
LISTED = 10
_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_rules(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake, "")
    return page.page(request, "office/review_rules/page.html", "待审规则", "review", **view)


@post(f"{URL}/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_rules(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """What arrives from now on is looked at by these; no earlier visit is judged anew."""
    before = _community(request, intake).review_rules
    after = _wanted(data, before)
    return _set(request, intake, data, before, after, "已改。从现在起收到的走访按新的来。")


@post(f"{URL}/resets", guards=GUARDS, status_code=200, sync_to_thread=True)
def reset_rules(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """One rule, or all of them, as they usually are."""
    before = _community(request, intake).review_rules
    code = forms.one(data, "code")
    after = {name: value for name, value in before.items() if code and name != code}
    return _set(request, intake, data, before, after, "已恢复通常的。从现在起收到的走访这样来。")


HANDLERS: list[Any] = [show_rules, change_rules, reset_rules]


def _set(
    request: Asking,
    intake: Intake,
    form: FormData,
    before: dict[str, int],
    after: dict[str, int],
    said: str,
) -> Response[Any]:
    was, now = rules.of(before), rules.of(after)
    changed = [code for code in rules.CODES if was[code] != now[code]]
    if not changed:
        raise Refusal("nothing.changed")
    forms.send(intake, request.user, "community.change", {"changes": {"review_rules": after}}, form)
    words = (f"{SAID[one].word} {shown(one, was[one])}→{shown(one, now[one])}" for one in changed)
    write_audit(request, request.user, "review.rules", "review_rules", detail="；".join(words))
    return page.changed(request, FRAGMENT, URL, "review", **_view(request, intake, said))


def _wanted(form: FormData, before: dict[str, int]) -> dict[str, int]:
    """Only what this person touched, so that two who change different rules both keep theirs."""
    found = dict(before)
    for code in rules.CODES:
        value = _given(form, code)
        if str(value) != forms.one(form, f"was_{code}"):
            found[code] = value
    return rules.checked(found)


def _given(form: FormData, code: str) -> int:
    rule, said = rules.BY_CODE[code], SAID[code]
    if not rule.least and not forms.one(form, f"on_{code}"):
        return 0
    if not said.unit:
        return 1
    if said.unit != "clock":
        return forms.number(form, code, said.word, rule.first, rule.last)
    clock = forms.one(form, code)[:5]
    if not _CLOCK.fullmatch(clock):
        raise Refusal("field.not_a_clock", field=said.word)
    return int(clock[:2]) * 60 + int(clock[3:])


def _community(request: Asking, intake: Intake) -> Community:
    with intake.store.read() as tx:
        return page.community_of(tx, request.user.community_id)


def _view(request: Asking, intake: Intake, said: str) -> dict[str, Any]:
    own = _community(request, intake).review_rules
    now = rules.of(own)
    with intake.store.read() as tx:
        changes = reviews.rule_changes(tx, request.user.community_id, LISTED)
    return {
        "groups": [
            {"word": word, "lines": [_line(code, one, now[code]) for code, one in lines.items()]}
            for word, lines in GROUPS.items()
        ],
        "own": len(own),
        "changes": changes,
        "said": said,
    }


def _line(code: str, said: Said, value: int) -> dict[str, Any]:
    rule = rules.BY_CODE[code]
    number = value or rule.usual
    clock = said.unit == "clock"
    return {
        **said._asdict(),
        "code": code,
        "value": value,
        "number": shown(code, number) if clock else number,
        "first": rule.first,
        "last": rule.last,
        "fixed": rule.least > 0,
        "usual": shown(code, rule.usual),
        "is_own": value != rule.usual,
    }
