"""预警: what holds now, what waits for a decision, what is over, and each message as it came."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from msgspec import json

from server.alerts import feed_settings
from server.identities import Vault
from server.intake import Intake
from server.office import forms, page
from server.office.page import GUARDS, Asking
from server.store import alert_lists as rows
from sync.alert_matches import confirms
from sync.alert_signs import Sign
from sync.alerts import Message
from sync.refusals import Refusal
from sync.telling import title_of

_SIGN = json.Decoder(Sign)
TAB, TITLE = "alerts", "预警"
AT_ONCE = 30
MOST_OPEN, MOST_CHAIN = 100, 200
MOST_SHOWN = 20_000
ENDED = ("closed", "expired", "dismissed")
DONE = {
    "sent": "已收下，正在通知网格长和楼长。",
    "known": "这一条已经收到过，没有再发。",
}


@get("/office/alerts", guards=GUARDS, sync_to_thread=True)
def show_alerts(
    request: Asking, intake: NamedDependency[Intake], done: FromQuery[str] = ""
) -> Template:
    home = request.user.community_id
    vault = Vault(request.app.state.settings.secret)
    with intake.store.read() as tx:
        total = rows.count(tx, home, ENDED)
        last = max(-(-total // AT_ONCE), 1)
        number = page.number_of(request, last)
        view = {
            "waiting": rows.in_state(tx, home, ("waiting",), MOST_OPEN),
            "open": rows.in_state(tx, home, ("open",), MOST_OPEN),
            "ended": [
                _by_name(one)
                for one in rows.in_state(tx, home, ENDED, AT_ONCE, (number - 1) * AT_ONCE)
            ],
            "total": total,
            "feeds": feed_settings.all_of(tx, vault, home),
        }
    pages = {"page": number, "last": last, "path": "/office/alerts", "query": ""}
    said = DONE.get(done, "")
    return page.page(request, "office/alerts/page.html", TITLE, TAB, **view, pages=pages, said=said)


@get("/office/alerts/messages/{message_id:str}", guards=GUARDS, sync_to_thread=True)
def show_message(
    request: Asking, message_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """One message: what was read of it, what was odd, the very text, and what it belongs to."""
    home, ident = request.user.community_id, forms.ident(message_id)
    with intake.store.read() as tx:
        found, raw = rows.message(tx, home, ident), rows.raw(tx, home, ident)
        if found is None or raw is None:
            raise Refusal("record.unknown")
        chain = rows.chain(tx, home, found["incident_id"], MOST_CHAIN)
    text = _text(raw)
    return page.page(
        request,
        "office/alerts/message.html",
        "收到的消息",
        TAB,
        one={**found, "is_verified": _is_verified(found, chain)},
        message=json.decode(found["message"], type=Message),
        warnings=json.decode(found["warnings"]),
        chain=[{**row, **_head(row)} for row in chain],
        text=text[:MOST_SHOWN],
        is_cut=len(text) > MOST_SHOWN,
        size=len(raw),
    )


@get("/office/alerts/messages/{message_id:str}/raw", guards=GUARDS, sync_to_thread=True)
def download_message(
    request: Asking, message_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[bytes]:
    """The very bytes, never shown by the browser as a page."""
    with intake.store.read() as tx:
        raw = rows.raw(tx, request.user.community_id, forms.ident(message_id))
    if raw is None:
        raise Refusal("record.unknown")
    name = quote("预警原文.txt")
    disposition = f"attachment; filename=alert.txt; filename*=UTF-8''{name}"
    return Response(
        raw, media_type="application/octet-stream", headers={"Content-Disposition": disposition}
    )


def _by_name(row: dict[str, Any]) -> dict[str, Any]:
    """What it was, not that it is over: that has a column of its own."""
    title = title_of(row["kind"], row["colour"], False, bool(row["is_drill"]))
    return {**row, "title": title}


def _is_verified(row: dict[str, Any], chain: list[dict[str, Any]]) -> bool:
    """Whether a source said it, or said the same."""
    if row["is_verified"] or not row["sign"]:
        return bool(row["is_verified"])
    forwarded = _SIGN.decode(row["sign"])
    official = [_SIGN.decode(one["sign"]) for one in chain if one["is_verified"] and one["sign"]]
    return any(confirms(one, forwarded) for one in official)


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _head(row: dict[str, Any]) -> dict[str, Any]:
    message = json.decode(row["message"], type=Message)
    title = next((info.headline or info.event for info in message.infos), "")
    return {"headline": title, "msg_type": message.msg_type.value, "status": message.status.value}


HANDLERS: list[Any] = [show_alerts, show_message, download_message]
