"""A file that comes with a form of the office."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from server.errors import failed, refused
from sync.refusals import Refusal

TOO_LARGE = 413


def of(data: Mapping[str, Any], missing: str, most: int) -> tuple[str, bytes]:
    """Its name, and one byte more than `most` at the most, so that its reader can tell.

    Raises Refusal with the code `missing` when no file was chosen.
    """
    file: Any = data.get("file")
    if not getattr(file, "filename", ""):
        raise Refusal(missing)
    return str(file.filename), file.file.read(most + 1)


def beyond_measure(code: str, most: int) -> dict[Any, Any]:
    """`exception_handlers` that answer a body beyond all measure in the words of a large file."""

    def answer(request: Request[Any, Any, Any], problem: HTTPException) -> Response[Any]:
        if problem.status_code != TOO_LARGE:
            return failed(request, problem)
        return refused(request, Refusal(code, limit=most // 1024 // 1024))

    return {HTTPException: answer}
