"""What a resident may ask for: all that is kept about them, as one file."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.identities import Vault
from server.intake import Intake
from server.office import forms, handing, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.reports import personal, personal_tables

FORMS = {"html": "网页", "xlsx": "表格", "json": "数据文件"}
WHAT = "本人全部资料"
PAGE = "office/residents/copy.html"
MAX_REASON = 200


@post(
    "/office/residents/{resident_id:str}/copies",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def copy_person(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any] | Template:
    """The reason is in the trail before anybody has the file; it holds the whole ID number."""
    ident = forms.ident(resident_id)
    form = forms.code(data, "form", "什么文件", FORMS)
    reason = forms.text(data, "reason", "谁要、为什么", MAX_REASON, needed=True)
    vault = Vault(request.app.state.settings.secret)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        found = personal.gather(tx, vault, community, ident)
    mark = handing.mark(request, community, f"{found.person.name} {WHAT}", "export", False)
    handing.note(request, "export.person", f"resident:{ident}", f"{found.size} 条", form, reason)
    if form == "html":
        tables = personal_tables.tables(found)
        return page.page(request, PAGE, WHAT, "buildings", tables=tables, mark=mark)
    content = _WRITERS[form](found, mark)
    kind = handing.XLSX if form == "xlsx" else handing.JSON
    return handing.attachment(content, f"{WHAT}.{form}", kind)


HANDLERS: list[Any] = [copy_person]

_WRITERS = {"xlsx": personal_tables.as_workbook, "json": personal_tables.as_data}
