"""Addresses of groups and services: read from what somebody pastes, kept locked, made to speak."""

import base64
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import msgspec
from msgspec import Struct

from server.alerts import channels
from server.alerts.channels.dingtalk import DingTalk
from server.alerts.channels.extra import KNOWN, ROBOTS, Extra
from server.alerts.channels.feishu import Feishu
from server.alerts.channels.pace import Pace
from server.alerts.channels.robots import Robot, Service
from server.alerts.channels.webpush import Subscription, WebPush
from server.alerts.channels.wecom import WeCom
from server.alerts.channels.wire import WHOLE_S, Wire, new_client
from server.alerts.push_keys import keys_of
from server.identities import Vault
from server.intake import Clock
from sync.refusals import Refusal

WECOM, DINGTALK = "qyapi.weixin.qq.com", "oapi.dingtalk.com"
FEISHU = ("open.feishu.cn", "open.larksuite.com")
HOOK = "/open-apis/bot/v2/hook/"


class Address(Struct, frozen=True, kw_only=True):
    """All of it is a secret: who has it can write to the group."""

    kind: str
    host: str = ""
    token: str = ""
    secret: str = ""
    url: str = ""  # of an extra, as apprise writes it


def address_of(pasted: str, secret: str) -> Address:
    """Which service an address belongs to. Raises Refusal in words for whoever pasted it."""
    try:
        where = urlsplit(pasted)
        host, asked = where.hostname or "", parse_qs(where.query)
    except ValueError:
        raise Refusal("channel.address_misfit") from None
    scheme = where.scheme.lower()
    if scheme in KNOWN - {"https", "http"}:
        return Address(kind="extra", url=pasted)
    if scheme in ROBOTS or scheme != "https":
        raise Refusal("channel.address_misfit")
    robots = {
        WECOM: ("wecom", "".join(asked.get("key", [])[:1])),
        DINGTALK: ("dingtalk", "".join(asked.get("access_token", [])[:1])),
        **dict.fromkeys(FEISHU, ("feishu", _hook(where.path))),
    }
    kind, token = robots.get(host, ("", ""))
    if not token:
        raise Refusal("channel.address_misfit")
    if secret and kind == "wecom":
        raise Refusal("channel.no_secret_needed")
    return Address(kind=kind, host=host, token=token, secret=secret)


def _hook(path: str) -> str:
    return unquote(path.removeprefix(HOOK).strip("/")) if path.startswith(HOOK) else ""


def locked(vault: Vault, community_id: str, channel_id: str, address: Address) -> str:
    plain = msgspec.json.encode(address)
    return base64.b64encode(vault.lock(plain, _about(community_id, channel_id))).decode()


def unlocked(vault: Vault, community_id: str, channel_id: str, secret: str) -> Address:
    """Raises WrongSecret where it was locked by another installation."""
    plain = vault.unlock(base64.b64decode(secret), _about(community_id, channel_id))
    return msgspec.json.decode(plain, type=Address)


def _about(community_id: str, channel_id: str) -> str:
    return f"channel {community_id} {channel_id}"


class Outlets:
    """Everything that speaks to the outside: one client and one pace for the whole process.

    `hosts` sends what is meant for a host somewhere else.
    """

    def __init__(self, clock: Clock, secret: bytes, url: str = "") -> None:
        self.clock, self.secret, self.url = clock, secret, url
        self.hosts: Mapping[str, str] = {}
        self.pace = Pace()
        self.whole_s = WHOLE_S
        self._client: httpx.AsyncClient | None = None

    @property
    def wire(self) -> Wire:
        if self._client is None:
            self._client = new_client()
        return Wire(self._client, self.clock, self.whole_s)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def channel(self, address: Address) -> channels.Channel:
        if address.kind == "extra":
            return Extra(address.url)
        return Robot(self._service(address), self.wire, self.pace)

    def push(self, subscription: Subscription) -> channels.Channel:
        keys = keys_of(self.secret, self.url)
        where = urlsplit(subscription.endpoint)
        there = self.hosts.get(where.hostname or "")
        if there is None:
            return WebPush(subscription, keys, self.wire)
        moved = msgspec.structs.replace(subscription, endpoint=f"{there}{where.path}")
        return WebPush(moved, keys, self.wire, lambda _: True)

    def _service(self, address: Address) -> Service:
        base = self.hosts.get(address.host, f"https://{address.host}")
        if address.kind == "wecom":
            return WeCom(key=address.token, base_url=base)
        made = DingTalk if address.kind == "dingtalk" else Feishu
        return made(token=address.token, secret=address.secret, base_url=base)
