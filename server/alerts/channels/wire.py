"""One question over HTTP to a stranger: short waits, small answers, no following of redirects."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from msgspec import Struct

from server.alerts.authorities import authorities
from server.intake import Clock

CONNECT_S = 3.0
WHOLE_S = 8.0
MAX_ANSWER_BYTES = 64 * 1024
# The longest silence that is documented anywhere; a slip of theirs must not cost us a day.
MAX_RETRY_AFTER_S = 600.0


class Answer(Struct, frozen=True, kw_only=True):
    status: int
    body: bytes
    retry_after_s: float = 0.0


class Unreached(Exception):
    """No answer that can be read: a code, and a sentence for the office."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


def new_client() -> httpx.AsyncClient:
    """One for the whole process, to be closed with it."""
    return httpx.AsyncClient(
        verify=authorities(trust_env=True),
        timeout=httpx.Timeout(WHOLE_S, connect=CONNECT_S),
        follow_redirects=False,
    )


class Wire:
    def __init__(self, client: httpx.AsyncClient, clock: Clock, whole_s: float = WHOLE_S) -> None:
        self.client, self.clock, self.whole_s = client, clock, whole_s

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Raises Unreached when nothing came back, or too slowly, or too much."""
        try:
            async with asyncio.timeout(self.whole_s):
                return await self._exchange(url, body, headers)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise Unreached("connect", "连不上对方的服务器。请检查网络和地址。") from None
        except (TimeoutError, httpx.TimeoutException):
            raise Unreached(
                "timeout", f"{self.whole_s:g} 秒内没有等到回答，不知道发出没有。"
            ) from None
        except (
            httpx.InvalidURL,
            httpx.UnsupportedProtocol,
            httpx.LocalProtocolError,
            UnicodeError,  # a name too long for the resolver
        ):
            raise Unreached("address", "地址写得不对，没有发出。") from None
        except httpx.HTTPError:
            raise Unreached("broken", "对方没有答完就断开了，不知道发出没有。") from None

    async def _exchange(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        # Raw bytes: a small compressed answer could unpack into a large one.
        asked = {**headers, "Accept-Encoding": "identity"}
        async with self.client.stream("POST", url, content=body, headers=asked) as response:
            held = b""
            async for chunk in response.aiter_raw():
                held += chunk
                if len(held) > MAX_ANSWER_BYTES:
                    raise Unreached("too_big", "对方的回答太长，不像是接口，没有采信。")
            wait = retry_after(response.headers.get("Retry-After", ""), self.clock())
            return Answer(status=response.status_code, body=held, retry_after_s=wait)


def retry_after(text: str, now: datetime) -> float:
    """Seconds, given as a number or as a date; 0 when it says nothing one can use."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)
