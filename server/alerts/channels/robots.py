"""What the group robots of WeCom, DingTalk and Feishu share: parts, pace and reading of answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from server.alerts.channels import Delivery, Notice, Outcome
from server.alerts.channels.pace import Pace, Rate
from server.alerts.channels.parts import MAX_PARTS, TooLong, numbered
from server.alerts.channels.wire import Answer, Unreached, Wire

MAX_MENTIONS = 50
MAX_TOLD = 80
TRY_LATER_S = 60.0
JSON = {"Content-Type": "application/json; charset=utf-8"}


class Advice(Struct, frozen=True):
    """What an error code means and what the office can do about it."""

    reason: str
    cure: str
    retry_after_s: float = 0.0  # above 0: the service is busy, nothing is wrong with the message


class Verdict(Struct, frozen=True):
    """How a service answered: 0 is taken. `told` are its own words."""

    code: int
    told: str = ""


class Service(Protocol):
    """One robot of one group."""

    @property
    def name(self) -> str: ...
    @property
    def secret_id(self) -> str: ...  # tells robots apart; it is a secret and stays in memory
    @property
    def max_bytes(self) -> int: ...
    @property
    def rates(self) -> Sequence[Rate]: ...

    def url(self, at: datetime) -> str: ...
    def body(self, part: str, notice: Notice, at: datetime) -> Any: ...
    def verdict(self, answer: Mapping[str, Any]) -> Verdict | None: ...
    def advice(self, verdict: Verdict) -> Advice | None: ...
    def wait(self, at: datetime) -> float: ...  # for what is not urgent


class Robot:
    def __init__(self, service: Service, wire: Wire, pace: Pace) -> None:
        self.service, self.wire, self.pace = service, wire, pace
        self._id = f"{service.name} {service.secret_id}"

    async def send(self, notice: Notice) -> Delivery:
        """Every part in turn, up to the first that is not accepted."""
        service = self.service
        try:
            parts = numbered(notice.title, notice.text, service.max_bytes)
        except TooLong as problem:
            return _refused("too_long", f"文字太长，要分 {problem.parts} 条，最多 {MAX_PARTS} 条。")
        if not "".join(parts).strip():
            return _refused("empty", "没有文字可发。")
        done = min(notice.parts_accepted, len(parts))
        held = self._held_back(notice, len(parts) - done)
        while not held and done < len(parts):
            held = await self._say(parts[done], notice, is_first=done == 0)
            done += not held
        found = held or Delivery(outcome=Outcome.ACCEPTED, code="0", sentence=self._taken(parts))
        return msgspec.structs.replace(found, parts=len(parts), parts_accepted=done)

    def _held_back(self, notice: Notice, wanted: int) -> Delivery | None:
        """Why it does not go out this minute, decided before any part does."""
        now, name = self.wire.clock(), self.service.name
        if not notice.is_urgent and (wait := self.service.wait(now)) > 0:
            return _busy("peak", wait, f"{name}在整点和半点容易限流，不急的消息")
        wait = self.pace.take(self._id, self.service.rates, wanted, now.timestamp())
        return _busy("pace", wait, f"{name}机器人发得太密，为守住限额，") if wait > 0 else None

    async def _say(self, part: str, notice: Notice, *, is_first: bool) -> Delivery | None:
        """None when it was accepted. People are called once, by the first part."""
        at = self.wire.clock()
        said = (
            notice
            if is_first
            else msgspec.structs.replace(notice, mobiles=(), user_ids=(), to_all=False)
        )
        body = msgspec.json.encode(self.service.body(part, said, at))
        try:
            answer = await self.wire.post(self.service.url(at), body, JSON)
        except Unreached as problem:
            return _unreached(problem.code, f"{self.service.name}：{problem.sentence}")
        found = self._read(answer)
        if found and found.outcome == Outcome.BUSY:
            self.pace.silence(self._id, found.retry_after_s, self.wire.clock().timestamp())
        return found

    def _read(self, answer: Answer) -> Delivery | None:
        """Its code counts before the status: a refusal comes with 200 as a rule."""
        verdict = _verdict(self.service, answer.body)
        if verdict and verdict.code != 0:
            return self._not_taken(verdict, answer.retry_after_s)
        name, status = self.service.name, answer.status
        if status == 429:
            wait = answer.retry_after_s or TRY_LATER_S
            return _busy("http_429", wait, f"{name}说发得太密（HTTP 429），")
        if status >= 500:
            return _unreached(
                f"http_{status}", f"{name}的服务器出了故障（HTTP {status}），这条不能算已接收。"
            )
        if status >= 400:
            return _refused(f"http_{status}", f"{name}拒收（HTTP {status}）。请检查机器人的地址。")
        if status != 200 or not verdict:
            return _unreached(
                f"http_{status}" if status != 200 else "not_an_answer",
                f"回答的不像是{name}的接口（HTTP {status}）。请检查机器人的地址、代理和网络登录。",
            )
        return None

    def _not_taken(self, verdict: Verdict, wait_s: float) -> Delivery:
        code = str(verdict.code)
        advice = self.service.advice(verdict)
        if advice is None:
            told = verdict.told.replace(self.service.secret_id, "…")
            told = " ".join(told.split())[:MAX_TOLD] or "没有说明原因"
            cure = f"请在{self.service.name}的说明里查这个代码。"
            return _refused(code, f"机器人拒收：{told}（{code}）。{cure}")
        if advice.retry_after_s:
            wait = max(wait_s, advice.retry_after_s)
            return _busy(code, wait, f"机器人暂不接收：{advice.reason}（{code}），")
        return _refused(code, f"机器人拒收：{advice.reason}（{code}）。{advice.cure}")

    def _taken(self, parts: list[str]) -> str:
        count = f"，分 {len(parts)} 条" if len(parts) > 1 else ""
        return f"{self.service.name}已接收{count}。接收不等于有人看到。"


def whole_code(value: object) -> int | None:
    """A result code, which some answers write as text; nothing else passes for one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.lstrip("-").isascii() and value.lstrip("-").isdigit():
        return int(value[:12])
    return value if isinstance(value, int) else None


def _verdict(service: Service, body: bytes) -> Verdict | None:
    try:
        told = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return service.verdict(told)


def _refused(code: str, sentence: str) -> Delivery:
    return Delivery(outcome=Outcome.REFUSED, code=code, sentence=sentence)


def _unreached(code: str, sentence: str) -> Delivery:
    return Delivery(outcome=Outcome.UNREACHABLE, code=code, sentence=sentence)


def _busy(code: str, wait_s: float, reason: str) -> Delivery:
    whole = max(int(wait_s + 0.999), 1)
    sentence = f"{reason}约 {whole} 秒后再发。"
    return Delivery(outcome=Outcome.BUSY, code=code, sentence=sentence, retry_after_s=wait_s)
