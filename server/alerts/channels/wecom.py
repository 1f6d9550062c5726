"""The robot of a WeCom group. The key is all it asks for: who has it can write to the group."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from msgspec import Struct

from server.alerts.channels import Notice
from server.alerts.channels.pace import Rate
from server.alerts.channels.robots import MAX_MENTIONS, TRY_LATER_S, Advice, Verdict, whole_code

ADVICE = {
    -1: Advice("企业微信系统繁忙", "", TRY_LATER_S),
    40008: Advice("消息类型不对", "请联系系统管理员。"),
    40058: Advice("内容不合要求，多半是太长", "请缩短文字再发。"),
    44004: Advice("没有文字", "请填写要发的文字。"),
    45002: Advice("文字太长", "请缩短文字再发。"),
    45009: Advice("每分钟最多 20 条，已超过", "", TRY_LATER_S),
    45033: Advice("同时发得太多", "", TRY_LATER_S),
    93000: Advice("机器人地址无效", "机器人可能已被移出群，请在群里重新添加，把新地址贴到设置里。"),
}


class WeCom(Struct, frozen=True, kw_only=True):
    key: str
    base_url: str = "https://qyapi.weixin.qq.com"

    name: ClassVar[str] = "企业微信"
    max_bytes: ClassVar[int] = 2048
    # Their minute is not ours: two seconds for a message that was long on its way.
    rates: ClassVar[tuple[Rate, ...]] = (Rate(20, 62.0),)

    @property
    def secret_id(self) -> str:
        return self.key

    def url(self, at: datetime) -> str:
        return f"{self.base_url}/cgi-bin/webhook/send?{urlencode({'key': self.key})}"

    def body(self, part: str, notice: Notice, at: datetime) -> Any:
        everybody = ["@all"] if notice.to_all else []
        return {
            "msgtype": "text",
            "text": {
                "content": part,
                "mentioned_list": [*everybody, *notice.user_ids[:MAX_MENTIONS]],
                "mentioned_mobile_list": list(notice.mobiles[:MAX_MENTIONS]),
            },
        }

    def verdict(self, answer: Mapping[str, Any]) -> Verdict | None:
        code = whole_code(answer.get("errcode"))
        return None if code is None else Verdict(code, str(answer.get("errmsg", "")))

    def advice(self, verdict: Verdict) -> Advice | None:
        return ADVICE.get(verdict.code)

    def wait(self, at: datetime) -> float:
        return 0.0
