"""Pictures of visits: bringing one, also piece by piece, and looking at it."""

import asyncio
import re
from typing import Any, NamedTuple

from litestar import Request, Response, get, put
from litestar.params import FromPath

from server import media
from server.access import deny
from server.blobs import Part
from server.field.roundtrip import Trouble
from server.intake import Intake
from server.people import Person
from server.seals import OVERHEAD, Unreadable
from server.store import media as rows
from sync.media import HASH, MAX_PICTURE, TYPES
from sync.refusals import Refusal
from sync.scope import FIELD, OFFICE

Asking = Request[Person, str, Any]

# Leaders bring pictures of what they report, and see their own.
VISITORS = {"roles": FIELD | OFFICE | {"leader"}}
# More than a phone's queue ever has under way at once: it brings one after the other.
MOST_BEGUN = 50
SEALED = "application/x-jinlin-sealed"
RANGE = re.compile(r"bytes (\d{1,9})-(\d{1,9})/(\d{1,9})")
# Never run, never guessed at, and in no browser's cache, which nobody erases when a phone is shut
# out. What a worker took themselves the phone keeps in its own store.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Piece(NamedTuple):
    """Where the bytes of a request belong; `total` is 0 when the sender does not know."""

    start: int
    total: int


@put("/media/{sha256:str}", opt=VISITORS, status_code=200, request_max_body_size=None)
async def bring_picture(request: Asking, sha256: FromPath[str]) -> Response[dict[str, Any]]:
    """A picture, or the next piece of it: whatever arrives before a line is cut stays."""
    if request.headers.get("Content-Type", "") == SEALED:
        return await _take_sealed(request, sha256)
    piece = _asked(request, sha256)
    part = media.blobs_of(request.app.state.intake).part(request.user.id, sha256)
    try:
        return await _take_in(request, sha256, piece, part)
    finally:
        part.close()


async def _take_sealed(request: Asking, name: str) -> Response[dict[str, Any]]:
    """A picture that a locked phone cannot read, as a whole."""
    _check_name(name)
    key, _, said = request.headers.get("Jinlin-Seal", "").partition(" ")
    if said not in TYPES:
        raise Trouble(415, "media.type", "照片只收 JPEG 和 WebP。")
    whole = bytearray()
    async for chunk in request.stream():
        whole += chunk
        if len(whole) > MAX_PICTURE + OVERHEAD:
            raise _too_large()
    state = request.app.state
    try:
        data = state.seals.open_bytes(key, bytes(whole), f"picture {name}")
    except Unreadable:
        raise Refusal("seal.unreadable") from None
    await asyncio.to_thread(media.take, state.intake, request.user, name, data, said)
    return _told(name, len(data), True)


@get("/media/{sha256:str}/received", opt=VISITORS, sync_to_thread=True)
def show_received(request: Asking, sha256: FromPath[str]) -> Response[dict[str, Any]]:
    """How much of a picture this person has brought, so that sending can go on there."""
    _check_name(sha256)
    intake: Intake = request.app.state.intake
    if media.is_here(intake, request.user, sha256):
        return _told(sha256, 0, True)
    return _told(sha256, media.blobs_of(intake).received(request.user.id, sha256), False)


@get("/media/{sha256:str}", opt=VISITORS, sync_to_thread=True)
def show_picture(request: Asking, sha256: FromPath[str]) -> Response[bytes]:
    """The picture, for whoever may see a visit or an issue that shows it, or brought it."""
    _check_name(sha256)
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        shown = rows.shown_in(tx, request.user.community_id, sha256)
        is_own = rows.is_own(tx, request.user.community_id, request.user.id, sha256)
    if shown and not is_own and not _may_see(request.user, {building for _, building in shown}):
        deny(request, request.user)
    tag = f'"{sha256}"'
    if shown and request.headers.get("If-None-Match", "") == tag:
        return Response(b"", status_code=304, headers={**HEADERS, "ETag": tag})
    data = media.blobs_of(intake).read(sha256) if shown else None
    if data is None:
        raise Refusal("media.unknown")
    return Response(data, media_type=shown[0][0], headers={**HEADERS, "ETag": tag})


def _may_see(person: Person, building_ids: set[str]) -> bool:
    is_here = bool(building_ids & set(person.building_ids))
    return person.role in OFFICE or (person.role in FIELD and is_here)


def _asked(request: Asking, name: str) -> Piece:
    """What the head of the request says of its body."""
    _check_name(name)
    if request.headers.get("Content-Type", "").split(";")[0].strip().lower() not in TYPES:
        raise Trouble(415, "media.type", "照片只收 JPEG 和 WebP。")
    length = request.headers.get("Content-Length", "")
    said = request.headers.get("Content-Range", "")
    found = RANGE.fullmatch(said.strip())
    if said and not found:
        raise Trouble(400, "media.range", "请求读不出来，可能没有传完。")
    start, last, total = (int(one) for one in found.groups()) if found else (0, 0, 0)
    if found and not start <= last < total:
        raise Trouble(400, "media.range", "请求读不出来，可能没有传完。")
    if max(total, int(length) if length.isdigit() else 0) > MAX_PICTURE:
        raise _too_large()
    return Piece(start, total)


async def _take_in(
    request: Asking, name: str, piece: Piece, part: Part
) -> Response[dict[str, Any]]:
    person, intake = request.user, request.app.state.intake
    if media.blobs_of(intake).begun(person.id) > MOST_BEGUN:
        raise Trouble(429, "media.too_many", "没传完的照片太多，请先传完。")
    if piece.start > part.size:
        raise Trouble(409, "media.gap", "前面的部分还没有收到，请从头接着传。")
    reached = await _write(request, piece, part)
    if reached < piece.total:
        return _told(name, max(reached, part.size), False, 202)
    said = request.headers["Content-Type"].split(";")[0].strip().lower()
    data = part.whole(piece.total or reached)
    try:
        await asyncio.to_thread(media.take, intake, person, name, data, said)
    except Refusal:
        media.blobs_of(intake).drop_part(person.id, name)
        raise
    media.blobs_of(intake).drop_part(person.id, name)
    return _told(name, len(data), True)


async def _write(request: Asking, piece: Piece, part: Part) -> int:
    """Write the body where it belongs; how far the picture reaches now."""
    at = piece.start
    async for chunk in request.stream():
        if at + len(chunk) > (piece.total or MAX_PICTURE):
            raise _too_large()
        part.write(chunk, at)
        at += len(chunk)
    return at


def _check_name(name: str) -> None:
    if not HASH.fullmatch(name):
        raise Refusal("media.name")


def _too_large() -> Trouble:
    return Trouble(413, "media.too_large", "照片太大，最多 2 MB。")


def _told(name: str, received: int, complete: bool, status: int = 200) -> Response[dict[str, Any]]:
    told = {"sha256": name, "received": received, "complete": int(complete)}
    return Response(told, status_code=status, headers={"Cache-Control": "no-store"})


HANDLERS: list[Any] = [bring_picture, show_received, show_picture]
