"""The files a browser gets as they are, read and packed once for all who ask."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from typing import Any

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from server.shell import SHELL_FILES, WEB, content

FOLDERS = ("static", "locale")
# Kept by the browser, asked for again each time: the answer is mostly that nothing changed.
ASK_AGAIN = {"Cache-Control": "no-cache"}
SMALL = 1000
# Routes that are the same for everybody: no token is read for them, nothing packs them again.
OPEN = {"is_public": True}


@dataclass(frozen=True)
class File:
    """What is served: its bytes, packed too where that makes them smaller, and its ETag."""

    body: bytes
    packed: bytes
    tag: str
    media_type: str


def made(body: bytes, media_type: str) -> File:
    """A file of these bytes."""
    packed = gzip.compress(body, 9, mtime=0) if len(body) >= SMALL else b""
    is_smaller = len(packed) < len(body) * 0.9
    tag = hashlib.sha256(body).hexdigest()[:16]
    return File(body, packed if is_smaller else b"", tag, media_type)


def answer(
    request: Request[Any, Any, Any], file: File, more: Mapping[str, str] = ASK_AGAIN
) -> Response[bytes]:
    """The file, or 304 where the browser has it as it is (RFC 9110, 13.1.2)."""
    headers = {**more, "ETag": f'W/"{file.tag}"', "Vary": "Accept-Encoding"}
    if file.tag in request.headers.get("If-None-Match", ""):
        return Response(b"", status_code=304, headers=headers)
    is_packed = file.packed and "gzip" in request.headers.get("Accept-Encoding", "")
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    body = file.packed if is_packed else file.body
    return Response(body, media_type=file.media_type, headers=headers)


@cache
def _paths() -> frozenset[str]:
    """What is in the folders or kept by phones; nothing else is ever read."""
    files = [file for name in FOLDERS for file in (WEB / name).rglob("*") if file.is_file()]
    return frozenset({file.relative_to(WEB).as_posix() for file in files} | {*SHELL_FILES})


@cache
def read(path: str) -> tuple[File, dict[str, str]]:
    """A file with the time it is of: a browser may take that for how long it stays as it is."""
    changed = formatdate((WEB / path).stat().st_mtime, usegmt=True)
    kind = mimetypes.guess_type(path)[0] or "text/plain"
    return made(content(path), kind), {"Last-Modified": changed}


def of_folder(request: Request[Any, Any, Any], path: str) -> Response[bytes]:
    """A file of web/ by its path there. Raises NotFoundException."""
    if path not in _paths():
        raise NotFoundException
    return answer(request, *read(path))
