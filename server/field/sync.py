"""The phone's round trip: push and pull in one answer."""

import asyncio
import zlib
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import msgspec
from litestar import Request, Response, post

from server.access import signed_in
from server.field.packing import CLOSE, COMMA, Pieces, gzip, joined, pack
from server.field.roundtrip import Asked, Trouble, read, unreadable
from server.intake import Intake, Push
from server.intake.receiving import Receipt, Sender
from server.people import Person
from server.seals import Seals
from server.store import ledgers, system
from server.store.database import Tx
from server.store.paging import Body, Reader, Section, page
from sync.operations import MAX_BATCH, MAX_BODY, instant, stamp

MAX_MISSING = 1000
_seals_of = cache(Seals)  # making keys takes as long as a small round trip does
# To have another thread read this little takes longer than to read it.
SMALL = 4096
Pushed = Future[list[Receipt]] | asyncio.Future[list[Receipt]]
JSON = "application/json"


class _Told(NamedTuple):
    """What an answer says beside records: what became of the push, when, and the key to seal to."""

    receipts: list[Receipt]
    now: datetime
    seal: dict[str, str]


@post("/sync", guards=[signed_in], status_code=200, request_max_body_size=None)
async def sync(request: Request[Person, str, Any]) -> Response[bytes]:
    """Push operations, pull changes. Receipts are sent after the commit is on disk."""
    body = await _body(request)
    intake: Intake = request.app.state.intake
    person = request.user
    seals: Seals = request.app.state.seals
    asked = (
        await asyncio.to_thread(_understood, person, body, seals)
        if len(body) > SMALL
        else _understood(person, body, seals)
    )
    now = intake.clock()
    request.app.state.deliveries.passed(person, asked.epoch, asked.cursors)
    pushed = asyncio.wrap_future(intake.pushed(_push(person, asked, now)))
    await asyncio.wait([pushed])  # whoever hangs up meanwhile has sent all the same
    receipts = _settled(asked, pushed)
    request.app.state.figures.received(one.outcome for one in receipts)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    pieces: Pieces | None = None
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        pieces = request.app.state.pieces
    told = _Told(receipts, now, seals.told)
    answer = await asyncio.to_thread(_answer, intake, person, asked, told, pieces)
    return Response(answer, media_type=JSON, headers=headers)


async def _body(request: Request[Person, str, Any]) -> bytes:
    """The body, unpacked; no more than the limit is ever held or, packed, waited for."""
    packed = request.headers.get("Content-Encoding", "") == "gzip"
    unpack = zlib.decompressobj(wbits=31) if packed else None
    parts: list[bytes] = []
    size = arrived = 0
    try:
        async for chunk in request.stream():
            arrived += len(chunk)
            part = unpack.decompress(chunk, MAX_BODY + 1 - size) if unpack else chunk
            size += len(part)
            if max(size, arrived) > MAX_BODY or (unpack and unpack.unconsumed_tail):
                raise Trouble(413, "push.too_large", "一次发得太多，请分几次发。")
            if unpack and unpack.unused_data:
                raise unreadable()
            parts.append(part)
    except zlib.error:
        raise unreadable() from None
    if unpack and not unpack.eof:
        raise unreadable()
    return b"".join(parts)


def round_trip(
    intake: Intake, person: Person, body: bytes, pieces: Pieces | None = None, secret: bytes = b""
) -> bytes:
    """The answer to a body, for a caller that may wait; as gzip with `pieces`."""
    seals = _seals_of(secret)
    asked = _understood(person, body, seals)
    now = intake.clock()
    pushed = intake.pushed(_push(person, asked, now))
    told = _Told(_settled(asked, pushed), now, seals.told)
    return _answer(intake, person, asked, told, pieces)


def _understood(person: Person, body: bytes, seals: Seals) -> Asked:
    asked = read(body)
    if asked.device is not None and asked.device != person.device_id:
        raise Trouble(409, "device.mismatch", "登录的不是这台手机，请重新登录。")
    if len(asked.ops) > MAX_BATCH:
        raise Trouble(413, "push.too_large", f"一次最多发 {MAX_BATCH} 条，请分几次发。")
    opened = [msgspec.Raw(seals.opened(bytes(one))) for one in asked.ops]
    return msgspec.structs.replace(asked, ops=opened)


def _settled(
    asked: Asked, pushed: "Future[list[Receipt]] | asyncio.Future[list[Receipt]]"
) -> list[Receipt]:
    try:
        return pushed.result()
    except Tx.trouble:
        if asked.ops:
            raise
        return []  # a disk that takes nothing in can still be read from


def _answer(
    intake: Intake,
    person: Person,
    asked: Asked,
    told: _Told,
    pieces: Pieces | None,
) -> bytes:
    """The answer as bytes; as gzip, of pieces that were compressed before where there are such."""
    if pieces is None:
        head, plain = _pull(intake, person, asked, told, joined)
        return _open(head) + b",".join(one.body for one in plain if one.many) + b"]}"
    head, packed = _pull(intake, person, asked, told, pieces.read)
    parts = [part for one in packed if one.many for part in (COMMA, one.body)]
    return gzip([pack(_open(head)), *parts[1:], CLOSE])


def _push(person: Person, asked: Asked, now: datetime) -> Push:
    sent_at = instant(asked.sent_at or "")
    sender = Sender(
        person.community_id,
        person.id,
        person.device_id,
        now,
        now - sent_at if sent_at else timedelta(0),
    )
    return Push(sender, [bytes(one) for one in asked.ops], asked.report)


def _pull(
    intake: Intake,
    person: Person,
    asked: Asked,
    told: _Told,
    reader: Reader[Body],
) -> tuple[dict[str, Any], list[Section[Body]]]:
    with intake.store.read() as tx:
        epoch = system.epoch(tx)
        cursors = asked.cursors if asked.epoch in (None, epoch) else {}
        found = page(tx, person.community_id, person.streams, cursors, asked.limit, reader)
        device = _device(intake, tx, person)
    held = set(person.streams)
    head = {
        "epoch": epoch,
        "server_at": stamp(told.now),
        "seal": told.seal,
        "receipts": [_theirs(one, held) for one in told.receipts],
        "cursors": found.reached,
        "left": sorted(set(asked.cursors) - held),
        "more": found.more,
        "device": device,
    }
    return head, found.sections


def _theirs(receipt: Receipt, held: set[str]) -> dict[str, Any]:
    """A receipt naming only streams the person holds."""
    shown: dict[str, Any] = msgspec.to_builtins(receipt)
    shown["seq"] = {stream: seq for stream, seq in receipt.seq.items() if stream in held}
    return shown


def _device(intake: Intake, tx: Any, person: Person) -> dict[str, Any]:
    ledger = ledgers.ledger_of(tx, person.community_id, person.device_id)
    missing = ledgers.missing_numbers(
        tx, person.community_id, person.device_id, ledger.upto, MAX_MISSING
    )
    return {
        "received": ledger.received,
        "upto": ledger.upto,
        "missing": missing,
        "ledger": ledger.head,
    }


def _open(head: dict[str, Any]) -> bytes:
    """The answer up to its changes."""
    return msgspec.json.encode(head)[:-1] + b',"changes":['
