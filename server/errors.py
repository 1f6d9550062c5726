"""Turns refusals and failures into a page for people or JSON for machines."""

import logging
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template

from server import storage
from server.open311 import answers
from server.store import trouble
from sync.refusals import Refusal

log = logging.getLogger("jinlin")

API = ("/api/", "/sync", "/live", "/media/")
# Routes of a standard that has its own shape of an error.
OPEN311 = "/open311/"
RETRY_AFTER_S = 5

STATUS_OF = {
    "role.not_allowed": 403,
    "scope.outside": 403,
    "visit.not_yours": 403,
    "person.not_yours": 403,
    "person.unknown": 404,
    "device.unknown": 404,
    "card.unknown": 404,
    "api_key.unknown": 404,
    "card.used": 410,
    "card.expired": 410,
    "card.withdrawn": 410,
    "card.inactive": 410,
    "record.unknown": 404,
    "media.unknown": 404,
    "backup.unknown": 404,
    "meeting.closed": 409,
    "review.not_decided": 409,
    "review.not_waiting": 409,
    "review.changed": 409,
    "review.decided": 409,
    "review.rules_changed": 409,
    "review.rule_met": 409,
    "dispute.changed": 409,
    "dispute.decided": 409,
    "quarantine.decided": 409,
    "outbox.decided": 409,
    "alert.decided": 409,
    "task.closed": 409,
    "followup.closed": 409,
    "visit.withdrawn": 409,
    "undo.changed_since": 409,
    "handover.undone": 409,
    "handover.begun": 409,
    "handover.changed_since": 409,
    "undo.nothing": 409,
}

SENTENCES = {
    400: "请求不完整，请返回重试。",
    401: "请先登录。",
    403: "您没有看这一页的权限。",
    404: "没有这一页，或者它已经移走。",
    405: "这里不能这样提交。",
    409: "别处已经改过，请刷新后再看。",
    413: "内容太大，请分几次发。",
    429: "试得太多了，请过几分钟再来。",
    500: "服务器出了问题，您填的内容没有丢，请稍后再发。",
    503: "服务器暂时不能保存，请稍后再发。",
}


class SignInNeeded(HTTPException):
    """Nobody is signed in: a page goes to sign-in, the API answers 401 and says why."""

    status_code = 401

    def __init__(self, code: str = "signin.needed") -> None:
        super().__init__(status_code=401)
        self.code = code


def wants_json(request: Request[Any, Any, Any]) -> bool:
    return request.url.path.startswith(API)


def refused(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """An expected no."""
    if request.url.path.startswith(OPEN311):
        return answers.failed(request.url.path, refusal)
    status = STATUS_OF.get(refusal.code, 422)
    return _answer(request, status, refusal.code, refusal.sentence)


def failed(request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """Everything else: known HTTP errors by their number, a full disk as 503, bugs as 500."""
    if isinstance(problem, SignInNeeded) and not wants_json(request):
        if request.headers.get("HX-Request"):
            return Response(b"", status_code=401, headers={"HX-Redirect": "/signin"})
        return Redirect(f"/signin?next={_asked_for(request)}")
    if isinstance(problem, HTTPException) and not request.url.path.startswith(OPEN311):
        code = getattr(problem, "code", "") or f"http.{problem.status_code}"
        sentence = getattr(problem, "sentence", "") or SENTENCES.get(
            problem.status_code, SENTENCES[400]
        )
        return _answer(request, problem.status_code, code, sentence)
    cause = trouble.cause(problem)
    if request.url.path.startswith(OPEN311):
        return _of_standard(request, problem, cause)
    if cause:
        log.error("storage: %s", problem)
        said = storage.sentence(cause, is_reading=request.method in ("GET", "HEAD"))
        answer = _answer(request, 503, "storage.unavailable", said)
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
        return answer
    log.exception("unexpected", exc_info=problem)
    return _answer(request, 500, "server.failed", SENTENCES[500])


def _of_standard(request: Request[Any, Any, Any], problem: Exception, cause: str) -> Response[Any]:
    """The same failures in the shape of Open311."""
    answer = answers.failed(request.url.path, problem)
    if answer.status_code == 500:
        log.exception("unexpected", exc_info=problem)
    elif cause:
        log.error("storage: %s", problem)
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _asked_for(request: Request[Any, Any, Any]) -> str:
    """The page to come back to after signing in; what a form was sent to is no page."""
    if request.method != "GET":
        return "/"
    query = request.url.query
    return quote(request.url.path + (f"?{query}" if query else ""), safe="/")


def _answer(request: Request[Any, Any, Any], status: int, code: str, said: str) -> Response[Any]:
    if wants_json(request):
        return Response({"code": code, "message": said}, status_code=status)
    fragment = bool(request.headers.get("HX-Request"))
    name = "_refusal.html" if fragment else "refusal.html"
    return Template(
        name, context={"code": code, "sentence": said, "status": status}, status_code=status
    )
