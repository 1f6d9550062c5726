"""待审规则: why the office is asked to look at a visit, and where it draws the lines."""

import re
from collections.abc import Callable
from functools import partial
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
Rules = dict[str, int]
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
    _set(request, intake, data, partial(_wanted, request, intake, data))
    return _again(request, intake, "已改。从现在起收到的走访按新的来。")


@post(f"{URL}/resets", guards=GUARDS, status_code=200, sync_to_thread=True)
def reset_rules(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """One rule, or all of them, as they usually are."""
    _set(request, intake, data, partial(_without, request, intake, data))
    return _again(request, intake, "已恢复通常的。从现在起收到的走访这样来。")


HANDLERS: list[Any] = [show_rules, change_rules, reset_rules]


def _set(request: Asking, intake: Intake, form: FormData, wanted: Callable[[Rules], Rules]) -> None:
    """What is wanted of the rules as they stand; once more when a colleague was quicker."""
    while True:
        community = _community(request, intake)
        before, after = community.review_rules, wanted(community.review_rules)
        was, now = rules.of(before), rules.of(after)
        changed = [code for code in rules.CODES if was[code] != now[code]]
        if not changed:
            raise Refusal("nothing.changed")
        data = {"changes": {"review_rules": after}}
        try:
            forms.send(intake, request.user, "community.change", data, form, community.version)
        except Refusal as no:
            if no.code != "review.rules_changed":
                raise
        else:
            break
    words = (f"{SAID[one].word} {shown(one, was[one])}→{shown(one, now[one])}" for one in changed)
    write_audit(request, request.user, "review.rules", "review_rules", detail="；".join(words))


def _wanted(request: Asking, intake: Intake, form: FormData, before: Rules) -> Rules:
    """Only what this person touched, so that two who change different rules both keep theirs.

    Refused where somebody else set the same rule otherwise since the form was drawn.
    """
    found, now = dict(before), rules.of(before)
    for code in rules.CODES:
        value, was = _given(form, code), forms.one(form, f"was_{code}")
        if str(value) == was:
            continue
        if was and str(now[code]) != was and now[code] != value:
            _refuse_met(request, intake, code, now[code], value)
        found[code] = value
    return rules.checked(found)


def _without(request: Asking, intake: Intake, form: FormData, before: Rules) -> Rules:
    """Refused where somebody else set one of them since the page was drawn: it was not seen."""
    code = forms.one(form, "code")
    gone = [name for name in before if code in ("", name)]
    for name in gone:
        if forms.one(form, f"was_{name}") not in ("", str(before[name])):
            _refuse_met(request, intake, name, before[name], rules.BY_CODE[name].usual)
    return {name: value for name, value in before.items() if name not in gone}


def _refuse_met(request: Asking, intake: Intake, code: str, theirs: int, mine: int) -> None:
    with intake.store.read() as tx:
        changes = reviews.rule_changes(tx, request.user.community_id, 1)
    raise Refusal(
        "review.rule_met",
        field=SAID[code].word,
        who=(changes[0]["name"] if changes else "") or "别处",
        theirs=shown(code, theirs),
        mine=shown(code, mine),
    )


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


def _again(request: Asking, intake: Intake, said: str) -> Response[Any]:
    return page.changed(request, FRAGMENT, URL, "review", **_view(request, intake, said))


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
