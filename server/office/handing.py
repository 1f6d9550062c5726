"""What leaves the office: who took it stands on every page of it, and in the trail."""

from urllib.parse import quote

from litestar import Response

from server.access import write_audit
from server.intake import Intake
from server.office.page import Asking
from sync import days
from sync.operations import stamp
from sync.records import Community

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
WORDS = {"export": "导出", "print": "打印"}


def mark(
    request: Asking, community: Community, what: str, action: str, masked: bool | None = None
) -> str:
    """The line of whose this is, who took it when, and whether names are hidden in it."""
    intake: Intake = request.app.state.intake
    person = request.user
    now = days.local(stamp(intake.clock()), community.timezone).replace("T", " ")
    who = f"{person.name}（{person.username}）{now} {WORDS[action]}"
    hidden = {True: " · 姓名、电话已打码", False: " · 未打码，请妥善保管", None: ""}[masked]
    return f"{community.name} {what} · {who}{hidden}"


def note(request: Asking, action: str, target: str, *words: str) -> None:
    """What was taken and how much of it; before anybody has it."""
    said = " · ".join(word for word in words if word)
    write_audit(request, request.user, action, target, detail=said)


def attachment(content: bytes, name: str, kind: str = XLSX) -> Response[bytes]:
    """A file for the browser to keep, under its Chinese name where it can."""
    ending = name.rpartition(".")[2]
    disposition = f"attachment; filename=report.{ending}; filename*=UTF-8''{quote(name)}"
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )
