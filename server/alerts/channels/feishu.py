"""The robot of a Feishu group, with or without a signing secret."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from msgspec import Struct

from server.alerts.channels import Notice
from server.alerts.channels.pace import Rate
from server.alerts.channels.robots import MAX_MENTIONS, TRY_LATER_S, Advice, Verdict, whole_code

BAD_REQUEST = 9499
CROWDED = Advice("飞书限流，每分钟最多 100 条、每秒 5 条", "", TRY_LATER_S)
ADVICE = {
    BAD_REQUEST: Advice("请求的格式不对", "请检查机器人的地址；地址没错就联系系统管理员。"),
    11232: CROWDED,
    19001: Advice("机器人地址无效", "机器人可能已被移出群，请在群里重新添加，把新地址贴到设置里。"),
    19007: Advice("机器人没有启用", "请在群设置里启用机器人。"),
    19021: Advice("签名不对", "检查密钥和服务器时间，时间不能差一小时以上。"),
    19022: Advice("服务器的 IP 不在白名单", "请在机器人的安全设置里加上本服务器的公网 IP。"),
    19024: Advice("没有机器人要求的关键词", "请在机器人的安全设置里加上“预警”，或改用签名。"),
}
# Some limits share the code of a bad request or have one of their own.
CROWDED_WORDS = ("frequency limited", "too many request")
_TAG = re.compile("<(?=/?at[ >])", re.IGNORECASE)
_MEMBER = re.compile("[A-Za-z0-9_-]{1,64}")


class Feishu(Struct, frozen=True, kw_only=True):
    token: str
    secret: str = ""  # empty when the group relies on keywords or addresses
    base_url: str = "https://open.feishu.cn"

    name: ClassVar[str] = "飞书"
    # A body may weigh 20 KB: room for a text of nothing but characters written as \u00xx.
    max_bytes: ClassVar[int] = 2048
    rates: ClassVar[tuple[Rate, ...]] = (Rate(5, 1.2), Rate(100, 62.0))

    @property
    def secret_id(self) -> str:
        return self.token

    def url(self, at: datetime) -> str:
        return f"{self.base_url}/open-apis/bot/v2/hook/{quote(self.token, safe='')}"

    def body(self, part: str, notice: Notice, at: datetime) -> Any:
        asked: dict[str, Any] = {
            "msg_type": "text",
            "content": {"text": _mentions(notice) + _without_tags(part)},
        }
        if self.secret:
            stamp = str(int(at.timestamp()))
            asked |= {"timestamp": stamp, "sign": sign(stamp, self.secret)}
        return asked

    def verdict(self, answer: Mapping[str, Any]) -> Verdict | None:
        """Old answers say StatusCode."""
        code = whole_code(answer.get("code", answer.get("StatusCode")))
        told = str(answer.get("msg", answer.get("StatusMessage", "")))
        return None if code is None else Verdict(code, told)

    def advice(self, verdict: Verdict) -> Advice | None:
        told = verdict.told.lower()
        if any(word in told for word in CROWDED_WORDS):
            return CROWDED
        return ADVICE.get(verdict.code)

    def wait(self, at: datetime) -> float:
        """Everybody's reports go out at full and half hours."""
        return 60.0 - at.second if at.minute % 30 == 0 else 0.0


def sign(stamp: str, secret: str) -> str:
    """Time and secret are the key, the message is empty."""
    digest = hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(digest).decode()


def _mentions(notice: Notice) -> str:
    tags = ['<at user_id="all">所有人</at>'] if notice.to_all else []
    members = [one for one in notice.user_ids if _MEMBER.fullmatch(one)][:MAX_MENTIONS]
    tags += [f'<at user_id="{one}"></at>' for one in members]
    return " ".join(tags) + "\n" if tags else ""


def _without_tags(text: str) -> str:
    """A pasted text that calls everybody is not us calling everybody."""
    return _TAG.sub("＜", text)
