"""How a feed is typed into a form: what is wrong with it, field by field, and what it would be."""

import re
from typing import Any, NamedTuple

from server.alerts.addresses import Unreachable, checked
from server.alerts.feed_kinds import KINDS
from server.alerts.feed_settings import RHYTHMS, SCOPES, Kept, Setup
from server.office import forms
from server.office.forms import FormData

MOST_NAME, MOST_URL, MOST_HEADERS, MOST_HEADER = 40, 2000, 5, 500
_HEADER = re.compile(r"([A-Za-z0-9-]{1,60})\s*[:：]\s*([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)")
# What the way to a server is made of is not for a person to say.
OURS = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "range"}

_BLANK = {"scope": "list", "every": "60"} | dict.fromkeys(
    ("name", "url", "headers", "is_on", "no_headers"), ""
)


class Typed(NamedTuple):
    """A form as it came: its words, what is wrong, and the setup where nothing is."""

    words: dict[str, str]
    wrong: dict[str, str]
    setup: Setup | None


def words_of(feed: Kept | None) -> dict[str, str]:
    """What a form shows at first. Address and headers that are kept are not shown again."""
    if feed is None:
        return {**_BLANK, "is_on": "1"}
    return {
        **_BLANK,
        "name": feed.setup.name,
        "scope": feed.setup.scope,
        "every": str(feed.setup.every_s),
        "is_on": "1" if feed.setup.is_on else "",
    }


def typed(form: FormData, before: Kept | None) -> Typed:
    """An empty address and empty headers stay what they were."""
    words = {name: forms.one(form, name).strip()[: MOST_URL * 2] for name in _BLANK}
    headers, wrong = _headers(words["headers"])
    wrong |= _wrong(words, before)
    if wrong:
        return Typed(words, wrong, None)
    if not headers and before and not words["no_headers"] and _is_same_host(words["url"], before):
        headers = before.setup.headers
    setup = Setup(
        name=words["name"],
        url=words["url"] or (before.setup.url if before else ""),
        headers=headers,
        scope=words["scope"],
        every_s=int(words["every"]),
        is_on=bool(words["is_on"]),
    )
    return Typed(words, wrong, setup)


def _is_same_host(url: str, before: Kept) -> bool:
    """A key that was kept for one server is not told to another because the address changed."""
    known = before.setup.url
    return not url or (bool(known) and checked(url).host == checked(known).host)


def _wrong(words: dict[str, str], before: Kept | None) -> dict[str, str]:
    found = {}
    if not words["name"]:
        found["name"] = "请给来源起个名字，例如“市气象台”。"
    elif len(words["name"]) > MOST_NAME:
        found["name"] = f"名字最多 {MOST_NAME} 个字。"
    if not words["url"]:
        if before is None or not before.setup.url:
            found["url"] = "请填写地址，以 https:// 或 http:// 开头。"
    elif len(words["url"]) > MOST_URL:
        found["url"] = f"地址最多 {MOST_URL} 个字符。"
    else:
        try:
            checked(words["url"])
        except Unreachable as problem:
            found["url"] = str(problem)
    if words["scope"] not in SCOPES:
        found["scope"] = "请选择里面是各地的预警，还是只有本地的。"
    if words["every"] not in map(str, RHYTHMS):
        found["every"] = "请选择多久问一次。"
    return found


def _headers(text: str) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        match = _HEADER.fullmatch(line)
        if match is None or len(line) > MOST_HEADER:
            return (), {"headers": f"这一行读不懂：“{line[:20]}…”。应写成“名称: 值”，一行一个。"}
        if match[1].lower() in OURS:
            return (), {"headers": f"“{match[1]}”由程序自己填，请去掉。"}
        found.append((match[1], match[2]))
    if len(found) > MOST_HEADERS:
        return (), {"headers": f"最多 {MOST_HEADERS} 行。"}
    return tuple(found), {}


def view(words: dict[str, str], wrong: dict[str, str], feed: Kept | None) -> dict[str, Any]:
    """What _feed.html takes, but for the trial."""
    return {"words": words, "wrong": wrong, "feed": feed, "rhythms": RHYTHMS, "kinds": KINDS}
