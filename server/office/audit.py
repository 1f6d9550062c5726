"""日志: who did or tried what. Nobody can change it."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, handing, page, trail_words
from server.office.forms import FormData
from server.office.labels import named
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from server.office.trail_words import GROUPS
from server.reports import csvs, workbooks
from server.store import audit, chain, team
from server.store.database import Tx
from sync import days
from sync.operations import stamp
from sync.refusals import Refusal

PAGE = 100
MAX_TAKEN = 50_000
MAX_TEXT = 100
HEADS = "编号 8,时间 18,谁 12,角色 12,做了什么 60,说明 40,结果 10,从哪里 16,校验码 20"
SHOWN_OF_CODE = 12


class Asked(NamedTuple):
    """The filters as they stand in the address, which holds ids and days and no name."""

    who: str
    about: str
    action: str
    first: str
    last: str
    before: str

    @property
    def actions(self) -> tuple[str, ...]:
        if self.action in GROUPS:
            return GROUPS[self.action][1]
        return (self.action,) if self.action else ()

    @property
    def query(self) -> dict[str, str]:
        return {name: value for name, value in self._asdict().items() if value and name != "before"}

    def wanted(self, timezone: str) -> dict[str, str]:
        return {
            "person": self.who,
            "about": self.about,
            "since": _instant(self.first, timezone, 0),
            "until": _instant(self.last, timezone, 1),
            "before": self.before,
        }


@get("/office/audit", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_audit(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """The trail, latest first."""
    asked = _asked(request)
    with intake.store.read() as tx:
        found = _entries(tx, request, asked, PAGE + 1)
        head = chain.head(tx, request.user.community_id)
        people = team.everybody(tx, request.user.community_id)
        about = _about(tx, request, asked)
    return page.page(
        request,
        "office/audit/page.html",
        "日志",
        "audit",
        rows=found[:PAGE],
        people=[(one.id, one.name) for one in people],
        groups=[(code, word, actions) for code, (word, actions) in GROUPS.items()],
        asked=asked,
        about=about,
        head={"n": head[0], "code": head[1][:SHOWN_OF_CODE]},
        older={**asked.query, "before": found[PAGE - 1]["n"]} if len(found) > PAGE else {},
    )


@post("/office/audit/files", guards=GUARDS, opt=PEOPLE, status_code=200, sync_to_thread=True)
def make_audit_file(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[bytes]:
    """What the same filters show, as a file; taking it is the next entry."""
    asked = _asked(request)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        found = _entries(tx, request, asked, MAX_TAKEN + 1)
    if len(found) > MAX_TAKEN:
        raise Refusal("export.too_large", limit=MAX_TAKEN)
    mark = handing.mark(request, community, "日志", "export")
    lines = [_line(row, community.timezone) for row in found]
    table = workbooks.tabled("日志", HEADS, lines)
    handing.note(request, "export", "audit", asked.first, asked.last, f"{len(lines)} 行")
    if forms.one(data, "form") == "csv":
        content = csvs.as_csv([one.head for one in table.heads], lines)
        return handing.attachment(content, "日志.csv", csvs.KIND)
    return handing.attachment(workbooks.of_tables([table], mark), "日志.xlsx")


@post("/office/audit/checks", guards=GUARDS, opt=PEOPLE, status_code=200, sync_to_thread=True)
def check_audit(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """Read the whole chain again and say whether every row stands as it was written."""
    secret: bytes = request.app.state.settings.secret
    with intake.store.read() as tx:
        found = list(chain.faults(tx, request.user.community_id, secret))
        n, _ = chain.head(tx, request.user.community_id)
        gone, _ = chain.beginning(tx, request.user.community_id)
    return page.page(
        request, "office/audit/check.html", "核对日志", "audit", faults=found, n=n, gone=gone
    )


HANDLERS: list[Any] = [show_audit, make_audit_file, check_audit]


def _asked(request: Asking) -> Asked:
    given = {name: request.query_params.get(name, "")[:MAX_TEXT] for name in Asked._fields}
    first, last = (given[name] if _is_day(given[name]) else "" for name in ("first", "last"))
    before = given["before"]
    fits = before.isascii() and before.isdigit() and len(before) < 16
    return Asked(**{**given, "first": first, "last": last, "before": before if fits else ""})


def _entries(tx: Tx, request: Asking, asked: Asked, limit: int) -> list[dict[str, Any]]:
    person = request.user
    timezone = page.community_of(tx, person.community_id).timezone
    found = audit.trail(tx, person.community_id, asked.wanted(timezone), asked.actions, limit)
    names = audit.names(tx, person.community_id, (str(row["target"]) for row in found))
    return [{**row, **trail_words.told(row, names, person.role)} for row in found]


def _about(tx: Tx, request: Asking, asked: Asked) -> str:
    """Whom the list is about, where that is no colleague, who can be chosen."""
    if ":" not in asked.about:
        return ""
    names = audit.names(tx, request.user.community_id, [asked.about])
    row = {"target": asked.about, "about_name": "", "action": "", "outcome": "", "detail": ""}
    return trail_words.told(row, names, request.user.role)["sentence"]


def _line(row: dict[str, Any], timezone: str) -> list[Any]:
    return [
        row["n"],
        days.local(row["at"], timezone).replace("T", " "),
        row["name"] or row["person_id"] or "系统",
        named(row["role"], "role"),
        row["sentence"],
        row["detail"],
        named(row["outcome"], "audit_outcome"),
        row["address"],
        row["hash"][:SHOWN_OF_CODE],
    ]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _instant(on: str, timezone: str, later: int) -> str:
    """Midnight at the beginning of a day, or so many days later; "" for none."""
    if not on:
        return ""
    try:
        first = datetime.combine(date.fromisoformat(on), time(), ZoneInfo(timezone))
        return stamp(first + timedelta(days=later))
    except OverflowError:
        return ""
