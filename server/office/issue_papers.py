"""代办材料: papers of an errand that came or went, and the sheet on which both sign for them."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, issue_view, page
from server.office.forms import FormData
from server.office.issue_queue import filter_in
from server.office.page import GUARDS, Asking
from server.office.trail import note_print
from sync.errands import ERRANDS, of, papers
from sync.refusals import Refusal

MAX_NAME, MAX_PAPERS = 40, 20
_BETWEEN = re.compile(r"[、,，;；\n]")


@post("/office/issues/{issue_id:str}/papers", guards=GUARDS, status_code=200, sync_to_thread=True)
def hand_over(
    request: Asking,
    issue_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """What came and what went back, each in one go with who brought it or fetched it."""
    ident = forms.ident(issue_id)
    taken = _names(forms.many(data, "taken", MAX_PAPERS))
    given = {
        "id": ident,
        "errands": forms.codes(data, "errands", "代办什么", ERRANDS),
        "needed": _typed(data, "needed", "还要的材料"),
        "taken": [*taken, *_typed(data, "more", "另带的材料")],
        "returned": _names(forms.many(data, "returned", MAX_PAPERS)),
        "whom": forms.text(data, "whom", "谁交来、谁领回", 100),
    }
    forms.send(intake, request.user, "issue.papers", given, data)
    query = filter_in(forms.one(data, "query")).query
    return page.go(request, f"/office/issues/{ident}{query}#papers")


@get("/office/issues/{issue_id:str}/receipt", guards=GUARDS, sync_to_thread=True)
def show_receipt(
    request: Asking, issue_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """What lies here and what went back, on paper, to be signed."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        chosen = issue_view.of(tx, community, intake.clock(), forms.ident(issue_id))
    issue = chosen.issue
    listed = papers(issue.entries)
    if not listed:
        raise Refusal("record.unknown")
    note_print(request, "issue", issue.id)
    names = {
        "issue": issue,
        "errands": of(issue.entries),
        "papers": listed,
        "label": chosen.household.label if chosen.household else "",
        "phone": community.office_phone,
        "here": sum(one.is_here for one in listed),
    }
    return page.page(request, "office/issues/receipt.html", "代办材料交接单", "issues", **names)


HANDLERS: list[Any] = [hand_over, show_receipt]


def _typed(form: FormData, name: str, label: str) -> list[str]:
    """Names that were typed in a row."""
    return _names(_BETWEEN.split(forms.text(form, name, label, 200)))


def _names(given: list[str]) -> list[str]:
    found = [one.strip() for one in given if one.strip()]
    if any(len(one) > MAX_NAME for one in found):
        raise Refusal("field.too_long", field="材料", limit=MAX_NAME, length=max(map(len, found)))
    return list(dict.fromkeys(found))[:MAX_PAPERS]
