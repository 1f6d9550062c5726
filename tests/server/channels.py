"""Groups of the town's office, and what their robots' servers are asked."""

from typing import Any

import httpx

from tests.alerts.channels.service import Asked
from tests.server.town import Member

TOKEN = "0000SECRETTOKEN0000"
ADDRESSES = {
    "wecom": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
    "dingtalk": f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}",
    "feishu": f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}",
}
HOSTS = ("qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn", "push.example.org")
YES: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "code": 0}


def add(
    office: Member,
    name: str,
    address: str,
    secret: str = "",
    audience: str = "staff",
    grid_id: str = "",
) -> httpx.Response:
    answer = office.submit(
        "/office/alert-channels",
        name=name,
        address=address,
        secret=secret,
        audience=audience,
        grid_id=grid_id,
    )
    assert answer.status_code == 200, answer.text
    return answer


def told(asked: Asked) -> str:
    """The words that a robot was given."""
    said = asked.told
    return str(said["content"]["text"] if "content" in said else said["text"]["content"])
