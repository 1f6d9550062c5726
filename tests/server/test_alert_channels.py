"""预警通道: groups are added, tried, switched and removed; where they lead is told to nobody."""

import json

import pytest

from server.store import channels
from tests.alerts.channels.service import says
from tests.server.channels import ADDRESSES, add, told

URL = "/office/alert-channels"


def every(town):
    with town.store.read() as tx:
        return channels.every(tx, town.community)


@pytest.mark.parametrize("kind", [*ADDRESSES, "extra"])
def test_a_pasted_address_says_what_it_is_and_is_never_shown_again(town, office, kind):
    secret = "SECret+of/the=group" if kind in ("dingtalk", "feishu") else ""
    pasted = ADDRESSES.get(kind, "mailtos://user:pa55word@example.org")

    answer = add(office, "红棉苑楼长群", pasted, secret=secret, audience="leaders", grid_id="1")

    (one,) = every(town)
    assert (one.kind, one.name, one.audience, one.grid_id) == (kind, "红棉苑楼长群", "leaders", "1")
    assert one.is_on
    assert "红棉苑楼长群" in answer.text and "第一网格" in answer.text
    raw = town.store.path.read_bytes() + town.store.path.with_name("jinlin.db-wal").read_bytes()
    trail = json.dumps(town.audit("channel.add"))
    for word in ("0000SECRETTOKEN0000", "pa55word", *([secret] if secret else [])):
        for place in (answer.text, office.get(URL).text, trail, one.secret):
            assert word not in place
        assert word.encode() not in raw


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": "https://example.org/hook?key=1"}, "这个地址用不了"),
        ({"address": "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}, "这个地址用不了"),
        ({"address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, "这个地址用不了"),
        ({"address": "https://[::1"}, "这个地址用不了"),
        ({"address": "wecom://abc"}, "这个地址用不了"),
        ({"address": "json://127.0.0.1/"}, "这个地址用不了"),
        ({"address": ""}, "请填写“地址”"),
        ({"name": ""}, "请填写“名称”"),
        ({"audience": "all"}, "“给谁看”里没有"),
        ({"grid_id": "9"}, "“哪个网格”里没有"),
        ({"secret": "abc"}, "企业微信的机器人没有加签密钥"),
    ],
)
def test_what_leads_nowhere_is_not_added(town, office, change, words):
    given = {"name": "群", "address": ADDRESSES["wecom"], "audience": "staff", "grid_id": ""}
    answer = office.submit(URL, **{**given, **change})

    assert answer.status_code == 422 and words in answer.text
    assert every(town) == []


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_trial_says_what_the_service_answered(town, office, service, kind):
    add(office, "群", ADDRESSES[kind])
    (one,) = every(town)

    good = trial(office, one.id)
    service.answers(says({"errcode": 93000, "code": 19001, "errmsg": "invalid"}))
    bad = trial(office, one.id)

    assert "已接收" in good and "不等于有人看到" in good
    assert "拒收" in bad
    assert [told(asked).split("\n")[0] for asked in service.asked] == ["预警通道试发"] * 2
    assert "不是真的预警" in told(service.asked[0])
    assert len(town.audit("channel.test")) == 2


def trial(office, channel_id):
    """What stands above the list after the button was pressed."""
    office.headers["HX-Request"] = "true"
    page = office.submit(f"{URL}/{channel_id}/trials").text
    del office.headers["HX-Request"]
    return page[page.index('role="status"') :].split("</p>")[0]


def test_a_channel_of_another_installation_says_what_to_do(town, office, service):
    add(office, "群", ADDRESSES["wecom"])
    (one,) = every(town)
    town.app.state.dispatcher.secret = b"another secret"

    answer = trial(office, one.id)

    assert "密钥解不开" in answer and service.asked == []


def test_off_on_and_gone(town, office):
    add(office, "群", ADDRESSES["wecom"])
    (one,) = every(town)

    assert "已停用" in office.submit(f"{URL}/{one.id}/switches", is_on="0").text
    assert not every(town)[0].is_on
    office.submit(f"{URL}/{one.id}/switches", is_on="1")
    assert every(town)[0].is_on
    office.submit(f"{URL}/{one.id}/removals")
    assert every(town) == []
    assert office.submit(f"{URL}/{one.id}/trials").status_code == 422
    actions = [row["action"] for row in town.audit() if row["action"].startswith("channel.")]
    assert actions == ["channel.add", "channel.change", "channel.change", "channel.remove"]
