"""E-mail, ntfy, Bark and text messages through apprise, for installations that added it.

Never the group robots: apprise reports success when those refuse a message.
"""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from server.alerts.channels import Delivery, Notice, Outcome

WHOLE_S = 30.0

MAIL = frozenset({"mailto", "mailtos"})
PUSH = frozenset({"ntfy", "ntfys", "bark", "barks"})
TEXT_MESSAGES = frozenset(
    {
        *("46elks", "atalk", "bulksms", "bulkvs", "burstsms", "clickatell", "clicksend", "cm"),
        *("d7sms", "elks", "exotel", "httpsms", "infobip", "kaleyra", "kavenegar", "msg91"),
        *("msgbird", "nexmo", "octopush", "plivo", "seven", "sinch", "smpp", "smpps", "smseagle"),
        *("smseagles", "sns", "telnyx", "twilio", "voipms", "vonage"),
    }
)
KNOWN = MAIL | PUSH | TEXT_MESSAGES
# "wecom" of apprise is another service altogether.
ROBOTS = frozenset({"wecombot", "wecom", "dingtalk", "feishu", "lark"})


class Extra:
    """One address as apprise writes it, such as mailtos://user:password@example.org."""

    def __init__(self, address: str, whole_s: float = WHOLE_S) -> None:
        self.address, self.whole_s = address, whole_s

    async def send(self, notice: Notice) -> Delivery:
        if problem := _problem(self.address):
            return problem
        try:
            # In a thread: it loads more than a hundred services.
            one = await asyncio.to_thread(_loaded, self.address)
        except ImportError:
            return _refused(
                "not_installed",
                "服务器没有安装邮件、ntfy、Bark 和短信的扩展。"
                "请系统管理员运行 pip install 'jinlin[channels]'，再重启服务。",
            )
        if one is None:
            return _refused("address", "扩展通道的地址写得不对，没有发出。请在设置里改正。")
        return await self._sent(one, notice)

    async def _sent(self, one: Any, notice: Notice) -> Delivery:
        try:
            async with asyncio.timeout(self.whole_s):
                result = await one.async_notify(body=notice.text, title=notice.title)
        except TimeoutError:
            return _unreached("timeout", f"{self.whole_s:g} 秒内没有发完，不知道发出没有。")
        if not result:
            return _unreached("not_sent", "没有发出去。请检查地址、账号和网络。")
        return Delivery(
            outcome=Outcome.ACCEPTED,
            code="0",
            sentence="扩展通道已接收。接收不等于有人看到。",
            parts_accepted=1,
        )


def _loaded(address: str) -> Any:
    """None for an address that apprise cannot read. No pictures from elsewhere, no redirects."""
    import apprise

    asset = apprise.AppriseAsset(image_url_mask="", image_url_logo="", http_redirects=False)
    one = apprise.Apprise(asset=asset)
    return one if one.add(address) else None


def _problem(address: str) -> Delivery | None:
    try:
        scheme = urlsplit(address.strip()).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme in ROBOTS:
        return _refused("robot", "企业微信、钉钉和飞书的群机器人请在“群机器人”里设置。")
    if scheme not in KNOWN:
        return _refused("address", "扩展通道只支持邮件、ntfy、Bark 和短信服务商的地址。")
    return None


def _refused(code: str, sentence: str) -> Delivery:
    return Delivery(outcome=Outcome.REFUSED, code=code, sentence=sentence)


def _unreached(code: str, sentence: str) -> Delivery:
    return Delivery(outcome=Outcome.UNREACHABLE, code=code, sentence=f"扩展通道：{sentence}")
