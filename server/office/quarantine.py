"""隔离: work that could not simply apply, kept whole, until the office accepts or refuses it."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, kept, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import quarantine as reads
from server.store.database import Tx
from sync.refusals import Refusal

FRAGMENT = "office/quarantine/_quarantine.html"
MAX_REASON = 500
MAX_KEY = 64


@get("/office/quarantine", guards=GUARDS, sync_to_thread=True)
def show_quarantine(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake, "")
    return page.page(request, "office/quarantine/page.html", "隔离", "quarantine", **view)


@get("/office/quarantine/{key:str}", guards=GUARDS, sync_to_thread=True)
def show_kept(request: Asking, key: FromPath[str], intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake, key)
    return page.page(request, "office/quarantine/page.html", "隔离", "quarantine", **view)


@post(
    "/office/quarantine/{key:str}/acceptances", guards=GUARDS, status_code=200, sync_to_thread=True
)
def accept_kept(
    request: Asking,
    key: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Apply it as its author's work, as it came."""
    decided = {"key": _known(key), "decision": "accept"}
    forms.send(intake, request.user, "quarantine.decide", decided, data)
    return _next(request, intake, data, "已收下，算作者本人的记录。")


@post(
    "/office/quarantine/{key:str}/corrections", guards=GUARDS, status_code=200, sync_to_thread=True
)
def accept_corrected(
    request: Asking,
    key: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Apply it with the fields that the office put right; what came stays in the log."""
    with intake.store.read() as tx:
        item = _item(tx, request.user.community_id, _known(key))
    sent = kept.data_of(kept.read(bytes(item["body"])))
    corrected = kept.changed(item["kind"], sent, data)
    decided = {"key": key, "decision": "accept", "data": corrected}
    forms.send(intake, request.user, "quarantine.decide", decided, data)
    return _next(request, intake, data, "已改好收下，原来的内容留在日志里。")


@post("/office/quarantine/{key:str}/refusals", guards=GUARDS, status_code=200, sync_to_thread=True)
def refuse_kept(
    request: Asking,
    key: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    reason = forms.text(data, "reason", "为什么不收", MAX_REASON, needed=True)
    decided = {"key": _known(key), "decision": "refuse", "reason": reason}
    forms.send(intake, request.user, "quarantine.decide", decided, data)
    return _next(request, intake, data, "已退回，作者的手机会看到原因。")


def _known(key: str) -> str:
    if not 8 <= len(key) <= MAX_KEY or not key.replace("-", "").isalnum():
        raise Refusal("record.unknown")
    return key


def _next(request: Asking, intake: Intake, data: FormData, said: str) -> Response[Any]:
    view = _view(request, intake, forms.one(data, "next"))
    chosen = view["chosen"]["key"] if view["chosen"] else ""
    url = f"/office/quarantine/{chosen}".rstrip("/")
    return page.changed(request, FRAGMENT, url, "quarantine", **{**view, "said": said})


def _view(request: Asking, intake: Intake, key: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        return _read(tx, request.user.community_id, page.held_before(intake.clock()), key)


def _read(tx: Tx, community_id: str, held_before: str, key: str) -> dict[str, Any]:
    rows = reads.waiting(tx, community_id)
    keys = [one["key"] for one in rows]
    at = keys.index(key) if key in keys else 0
    picked = key or "".join(keys[:1])
    held = reads.held_long(tx, community_id, held_before)
    return {
        "rows": rows,
        "labels": _labels(tx, community_id, [*rows, *held]),
        "held": held,
        "chosen": _chosen(tx, community_id, picked) if picked else None,
        "before_id": keys[at - 1] if at > 0 else "",
        "next_id": keys[at + 1] if at + 1 < len(keys) else "",
        "said": "",
    }


def _chosen(tx: Tx, community_id: str, key: str) -> dict[str, Any]:
    item = _item(tx, community_id, _known(key))
    body = bytes(item["body"])
    envelope = kept.read(body)
    data = kept.data_of(envelope)
    known = kept.editors(item["kind"], data) if item["operation_id"] else []
    return {
        **item,
        "at": envelope.get("at", "") if isinstance(envelope.get("at"), str) else "",
        "lines": kept.lines(data),
        "names": reads.names(tx, community_id, kept.ids_in(data)),
        "household_id": data.get("household_id", ""),
        "editors": known,
        "raw": kept.raw(body),
    }


def _item(tx: Tx, community_id: str, key: str) -> dict[str, Any]:
    found = reads.one(tx, community_id, key)
    if found is None:
        raise Refusal("record.unknown")
    return found


def _labels(tx: Tx, community_id: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    """By key or id: what people call the door that a row is about, as far as it says so."""
    about = {
        one.get("key") or one["id"]: kept.data_of(kept.read(bytes(one["body"]))).get("household_id")
        for one in rows
    }
    ids = sorted({one for one in about.values() if isinstance(one, str)})
    names = reads.names(tx, community_id, ids[: kept.MAX_IDS])
    return {key: names.get(str(one), "") for key, one in about.items()}
