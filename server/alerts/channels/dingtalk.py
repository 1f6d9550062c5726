"""The robot of a DingTalk group, with or without a signing secret."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from msgspec import Struct

from server.alerts.channels import Notice
from server.alerts.channels.pace import Rate
from server.alerts.channels.robots import MAX_MENTIONS, TRY_LATER_S, Advice, Verdict, whole_code

# Who speaks too often is not heard for ten minutes; asking meanwhile helps nobody.
MUTED_S = 600.0
CHECKS = 310000
TOKEN = Advice("机器人地址无效", "请在群里查看机器人的地址，重新贴到设置里。")
CONTENT = "请改写文字，去掉链接后再发。"
ADVICE = {
    -1: Advice("钉钉系统繁忙", "", TRY_LATER_S),
    130101: Advice("每分钟最多 20 条，已超过", "", MUTED_S),
    410100: Advice("发得太快", "", MUTED_S),
    300001: TOKEN,
    300005: TOKEN,
    400101: TOKEN,
    400013: Advice("群已解散", "请换一个群添加机器人。"),
    400102: Advice("机器人已停用", "请群主在群设置里重新启用。"),
    400105: Advice("消息类型不对", "请联系系统管理员。"),
    400106: Advice("机器人不在群里", "请在群里重新添加机器人，把新地址贴到设置里。"),
    430101: Advice("含有不安全的链接", CONTENT),
    430102: Advice("文字不合适", CONTENT),
    430103: Advice("图片不合适", CONTENT),
    430104: Advice("内容不合适", CONTENT),
}
# One code for every security check; its words tell which, in English or in Chinese.
SIGNATURE = Advice("签名不对", "检查密钥和服务器时间。")
STAMP = Advice("签名过期", "服务器时间差了一小时以上，请校准。")
KEYWORD = Advice("没有机器人要求的关键词", "请在机器人的安全设置里加上“预警”，或改用加签。")
ADDRESS = Advice("服务器的 IP 不在白名单", "请在机器人的安全设置里加上本服务器的公网 IP。")
FAILED_CHECKS = {
    "sign not match": SIGNATURE,
    "签名不匹配": SIGNATURE,
    "invalid timestamp": STAMP,
    "签名过期": STAMP,
    "keyword": KEYWORD,
    "关键词": KEYWORD,
    "whitelist": ADDRESS,
    "白名单": ADDRESS,
}
FAILED_CHECK = Advice("安全设置没有通过", "检查密钥、关键词、IP 白名单和服务器时间。")


class DingTalk(Struct, frozen=True, kw_only=True):
    token: str
    secret: str = ""  # SEC…; empty when the group relies on keywords or addresses
    base_url: str = "https://oapi.dingtalk.com"

    name: ClassVar[str] = "钉钉"
    max_bytes: ClassVar[int] = 3000
    rates: ClassVar[tuple[Rate, ...]] = (Rate(20, 62.0),)

    @property
    def secret_id(self) -> str:
        return self.token

    def url(self, at: datetime) -> str:
        asked = {"access_token": self.token}
        if self.secret:
            stamp = str(int(at.timestamp() * 1000))
            asked |= {"timestamp": stamp, "sign": sign(stamp, self.secret)}
        return f"{self.base_url}/robot/send?{urlencode(asked)}"

    def body(self, part: str, notice: Notice, at: datetime) -> Any:
        return {
            "msgtype": "text",
            "text": {"content": part},
            "at": {
                "atMobiles": list(notice.mobiles[:MAX_MENTIONS]),
                "atUserIds": list(notice.user_ids[:MAX_MENTIONS]),
                "isAtAll": notice.to_all,
            },
        }

    def verdict(self, answer: Mapping[str, Any]) -> Verdict | None:
        code = whole_code(answer.get("errcode"))
        return None if code is None else Verdict(code, str(answer.get("errmsg", "")))

    def advice(self, verdict: Verdict) -> Advice | None:
        if verdict.code != CHECKS:
            return ADVICE.get(verdict.code)
        told = verdict.told.lower()
        return next((one for word, one in FAILED_CHECKS.items() if word in told), FAILED_CHECK)

    def wait(self, at: datetime) -> float:
        return 0.0


def sign(stamp: str, secret: str) -> str:
    """Base64, not yet encoded for an address: that happens once, with the other parameters."""
    digest = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()
