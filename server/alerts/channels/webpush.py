"""Web Push to one browser: encrypted for it, signed for its push service, sent over our own wire.

Browsers whose push service cannot be reached from where they are get nothing: a bonus, never the
only way.
"""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

from server.alerts.channels import Delivery, Notice, Outcome
from server.alerts.channels.parts import pieces, size
from server.alerts.channels.wire import Answer, Unreached, Wire

# Services take about 4,000 bytes with everything, and quotes and line ends count twice.
MAX_TEXT_BYTES = 1500
MAX_TITLE_BYTES = 240
MAX_TTL = timedelta(days=28)
WITHOUT_END = timedelta(days=1)
SIGNED_FOR = timedelta(hours=12)
TRY_LATER_S = 60.0
_TOPIC = re.compile("[A-Za-z0-9_-]{1,32}")

REFUSALS = {
    400: "推送服务说请求不对。请这台手机重新打开通知。",
    401: "推送服务不认本服务器的签名。请检查服务器时间和推送密钥。",
    403: "推送服务不认本服务器的签名。推送密钥换过的话，请手机重新打开通知。",
    413: "推送服务说内容太长。请缩短文字。",
}


class Subscription(Struct, frozen=True, kw_only=True):
    """As the browser gave it: `toJSON()` of its PushSubscription."""

    endpoint: str
    p256dh: str
    auth: str


class Keys(Struct, frozen=True, kw_only=True):
    """Who is sending: a private key in base64url, and an address for complaints (mailto:…)."""

    private: str
    subject: str


class WebPush:
    def __init__(
        self,
        subscription: Subscription,
        keys: Keys,
        wire: Wire,
        may_reach: Callable[[str], bool] | None = None,
    ) -> None:
        self.subscription, self.keys, self.wire = subscription, keys, wire
        self.may_reach = may_reach or is_public

    async def send(self, notice: Notice) -> Delivery:
        now = self.wire.clock()
        left = (notice.until - now) if notice.until else WITHOUT_END
        if left <= timedelta():
            return _told(Outcome.REFUSED, "expired", "预警已过期，没有推送。")
        try:
            if not self.may_reach(self.subscription.endpoint):
                raise ValueError("endpoint")
            # In a thread: the first one imports what is slow to import.
            body = await asyncio.to_thread(sealed, self.subscription, notice)
        except ValueError:
            return _told(
                Outcome.REFUSED, "subscription", "手机的推送登记不完整。请它重新打开通知。"
            )
        headers = self._headers(notice, min(left, MAX_TTL), now)
        try:
            answer = await self.wire.post(self.subscription.endpoint, body, headers)
        except Unreached as problem:
            sentence = f"推送服务：{problem.sentence}"
            return _told(Outcome.UNREACHABLE, problem.code, sentence)
        return _read(answer)

    def _headers(self, notice: Notice, left: timedelta, now: datetime) -> dict[str, str]:
        where = urlsplit(self.subscription.endpoint)
        claims = {
            "aud": f"{where.scheme}://{where.netloc}",
            "exp": int((now + SIGNED_FOR).timestamp()),
            "sub": self.keys.subject,
        }
        headers = {
            **_signer(self.keys.private).sign(claims),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(int(left.total_seconds())),
            "Urgency": "high" if notice.is_urgent else "normal",
        }
        return headers | ({"Topic": topic(notice.incident_id)} if notice.incident_id else {})


def new_private_key() -> str:
    """Made once for an installation: with another one, every phone has to subscribe again."""
    signer = Vapid02()
    signer.generate_keys()
    number = signer.private_key.private_numbers().private_value
    return str(b64urlencode(number.to_bytes(32, "big")))


def public_key(private: str) -> str:
    """What browsers want as `applicationServerKey`, in base64url."""
    found = _signer(private).public_key
    assert isinstance(found, ec.EllipticCurvePublicKey)
    return str(b64urlencode(found.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))


def is_public(endpoint: str) -> bool:
    """A browser names the address we post to: only https to a name, nothing of this network."""
    try:
        where = urlsplit(endpoint)
        host, port = where.hostname or "", where.port
    except ValueError:
        return False
    if where.scheme != "https" or port not in (None, 443) or "." not in host:
        return False
    try:
        ip_address(host)
    except ValueError:
        return not host.endswith((".local", ".internal", ".lan", ".localhost"))
    return False


def topic(incident_id: str) -> str:
    """The same for every notice of an incident, in the 32 letters that a Topic may have."""
    short = incident_id.replace("-", "")
    if _TOPIC.fullmatch(short):
        return short
    return hashlib.sha256(incident_id.encode()).hexdigest()[:32]


def sealed(subscription: Subscription, notice: Notice) -> bytes:
    """What only this browser can read. Raises ValueError for keys that are none."""
    # Here and not above: most servers never push.
    from http_ece import ECEException
    from pywebpush import WebPusher, WebPushException

    said = {
        "title": _shortened(notice.title, MAX_TITLE_BYTES),
        "text": _shortened(notice.text, MAX_TEXT_BYTES),
        "incident": notice.incident_id,
    }
    told = {
        "endpoint": subscription.endpoint,
        "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
    }
    data = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        if len(_decoded(subscription.p256dh)) != 65 or len(_decoded(subscription.auth)) != 16:
            raise ValueError("keys")
        return bytes(WebPusher(told).encode(data)["body"])
    except (WebPushException, ECEException) as problem:
        raise ValueError("keys") from problem


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


@cache
def _signer(private: str) -> Vapid02:
    return Vapid02.from_string(private)


def _shortened(text: str, limit: int) -> str:
    return text if size(text) <= limit else pieces(text, limit - size("…"))[0] + "…"


def _read(answer: Answer) -> Delivery:
    status, code = answer.status, f"http_{answer.status}"
    if status in (200, 201, 202, 204):
        return _told(Outcome.ACCEPTED, code, "推送服务已接收。接收不等于有人看到。")
    if status in (404, 410):
        return _told(Outcome.GONE, code, "这台手机已不再接收推送，登记已作废。")
    if status == 429 or (status == 503 and answer.retry_after_s):
        wait = answer.retry_after_s or TRY_LATER_S
        return Delivery(
            outcome=Outcome.BUSY,
            code=code,
            sentence=f"推送服务说发得太密（HTTP {status}），约 {int(wait + 0.999)} 秒后再发。",
            retry_after_s=wait,
        )
    if 400 <= status < 500:
        why = REFUSALS.get(status, "推送服务拒收。请这台手机重新打开通知。")
        return _told(Outcome.REFUSED, code, f"{why}（HTTP {status}）")
    sentence = f"推送服务没有正常回答（HTTP {status}），不能算已接收。"
    return _told(Outcome.UNREACHABLE, code, sentence)


def _told(outcome: Outcome, code: str, sentence: str) -> Delivery:
    accepted = int(outcome == Outcome.ACCEPTED)
    return Delivery(outcome=outcome, code=code, sentence=sentence, parts_accepted=accepted)
