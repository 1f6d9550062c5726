"""资料保存多久: what is kept how long and why, what the next night would take, what it took."""

from typing import Any

import uuid_utils
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import audit, forgetting, retention
from server.intake import Intake
from server.intake.writing import Writing
from server.office import finding, forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.retention import BY_CODE, BY_ITSELF, RULES
from server.store import retention as rows
from sync.operations import stamp
from sync.refusals import Refusal

MAX_REASON = 200
SHOWN = 60
URL = "/office/retention"
PARTS = {
    "answers": "次走访的回答",
    "newest": "个人的最近回答",
    "visits": "次走访的文字",
    "followups": "件跟进的文字",
    "tasks": "件交办的文字",
    "issues": "件事的文字",
    "issue_pictures": "件事的照片",
    "weather": "户预警联系的备注",
    "kept": "条待核的原文",
    "disputes": "处冲突的两种说法",
    "imports": "次导入没收的行",
    "outboxes": "个手机文件",
    "pictures": "次走访的照片",
    "people": "个人",
    "alerts": "条发送记录",
    "reports": "份报表",
    "trail": "条日志",
}


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_retention(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake)
    return page.page(request, f"{FOLDER}/page.html", "资料保存多久", "settings", **view)


@post(f"{URL}/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_retention(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Only what this person touched; what is shorter takes hold with the next night."""
    wanted = _wanted(data)
    if not wanted:
        raise Refusal("nothing.changed")

    def deciding(writing: Writing) -> None:
        for code, days in wanted.items():
            at = stamp(writing.now)
            rows.decide(writing.tx, writing.community_id, code, days, request.user.id, at)
            audit.note(writing, author(request), "retention.change", detail=f"{code} {days}")

    intake.do(request.user.community_id, deciding)
    return _again(request, intake, "已改，今晚起按新的期限。")


@post(f"{URL}/holds", guards=GUARDS, status_code=200, sync_to_thread=True)
def hold_door(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Nothing of this door goes while a matter is open: a case, a complaint, an inquiry."""
    asked = forms.text(data, "door", "哪一户", 60, needed=True)
    reason = forms.text(data, "reason", "为什么先不清理", MAX_REASON, needed=True)
    given = forms.one(data, "form_id")
    hold_id = given if forms.is_id(given) else str(uuid_utils.uuid7())
    with intake.store.read() as tx:
        door = finding.one_door(tx, request.user.community_id, asked)

    def holding(writing: Writing) -> None:
        home, at = writing.community_id, stamp(writing.now)
        if rows.hold(writing.tx, home, hold_id, door["id"], reason, request.user.id, at):
            audit.note(writing, author(request), "retention.hold", f"household:{door['id']}")

    intake.do(request.user.community_id, holding)
    return _again(request, intake, f"{door['label']} 的资料先不清理。")


@post(f"{URL}/holds/{{hold_id:str}}/ends", guards=GUARDS, status_code=200, sync_to_thread=True)
def end_hold(
    request: Asking, hold_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    ident = forms.ident(hold_id)

    def ending(writing: Writing) -> None:
        home, at = writing.community_id, stamp(writing.now)
        if rows.release(writing.tx, home, ident, request.user.id, at):
            audit.note(writing, author(request), "retention.release", ident)
        elif not rows.is_hold(writing.tx, home, ident):
            raise Refusal("record.unknown")

    intake.do(request.user.community_id, ending)
    return _again(request, intake, "不再留着，到期就清理。")


HANDLERS: list[Any] = [show_retention, change_retention, hold_door, end_hold]
FOLDER = "office/retention"


def _wanted(form: FormData) -> dict[str, int]:
    found = {}
    for one in RULES:
        if forms.one(form, one.code) not in ("", forms.one(form, f"was_{one.code}")):
            found[one.code] = forms.number(form, one.code, one.what, one.least, one.most)
    return found


def _view(request: Asking, intake: Intake) -> dict[str, Any]:
    home = request.user.community_id
    with intake.store.read() as tx:
        days = retention.days_of(tx, home)
        found = {
            one.code: forgetting.waiting(
                tx, home, one.code, forgetting.before_of(tx, home, one.code, intake)
            )
            for one in RULES
        }
        holds, runs = rows.holds(tx, home), rows.runs(tx, home, SHOWN)
        doors = len(rows.held_doors(tx, home))
    return {
        "rules": [
            {**one._asdict(), "now": days[one.code], "waiting": said(found[one.code].went)}
            | {"held": found[one.code].held, "usual": one.days}
            for one in RULES
        ],
        "by_itself": BY_ITSELF,
        "holds": holds,
        "held_doors": doors,
        "runs": [
            {**one, "what": BY_CODE[one["code"]].what, "said": said(one["went"])} for one in runs
        ],
        "max_reason": MAX_REASON,
        "said": "",
    }


def said(went: dict[str, int]) -> str:
    return "，".join(f"{count} {PARTS[part]}" for part, count in went.items() if count)


def _again(request: Asking, intake: Intake, words: str) -> Response[Any]:
    view = {**_view(request, intake), "said": words}
    return page.changed(request, f"{FOLDER}/_retention.html", URL, "settings", **view)
