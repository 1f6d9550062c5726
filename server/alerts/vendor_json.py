"""Warnings in the JSON of weather services: what shape it has, and its items one by one.

QWeather (v7 and v1), weather.com.cn, weather.cma.cn, nmc.cn, Caiyun. All re-publish what stations
issue, under terms of use of their own; nothing here depends on any of them.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from server.alerts import scripts
from server.alerts.documents import Unreadable
from server.alerts.scripts import Value
from server.alerts.vendor_items import MOST_CHARACTERS, Hollow, Item, message_of
from sync.alerts import Message

MOST_ITEMS = 3000
MOST_EARLIER = 100
MOST_SAID = 20  # items that could not be taken, told one by one

# weather.com.cn: area, moment of issue, kind and colour.
_FILE = re.compile(r"(?P<area>\w+)-(?P<sent>\d{14})-(?P<code>\d{4})(?:\.html)?")


def read(content: bytes) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    """Messages and warnings about the list. Raises Unreadable for errors and unknown shapes."""
    items = _items(scripts.values(content))
    if len(items) > MOST_ITEMS:
        raise Unreadable(f"里面的预警超过 {MOST_ITEMS} 条，没有读取。")
    messages: dict[tuple[str, str], Message] = {}
    refused: list[str] = []
    for number, item in enumerate(items, 1):
        try:
            message = message_of(item)
        except Hollow as problem:
            refused.append(f"里面的第 {number} 条预警没有采用：{problem}")
            continue
        messages.setdefault((message.sender, message.identifier), message)
    if items and not messages:
        raise Unreadable(f"里面的 {len(items)} 条预警都读不懂：{refused[0]}")
    if len(refused) > MOST_SAID:
        refused[MOST_SAID:] = [f"还有 {len(refused) - MOST_SAID} 条没有采用。"]
    return tuple(messages.values()), tuple(refused)


def _items(values: dict[str, Value]) -> list[Item]:
    for name, value in values.items():
        if isinstance(value, dict):
            _check_answer(value)
            for fits, shape in SHAPES:
                if fits(name, value):
                    return list(islice(shape(value), MOST_ITEMS + 1))
    raise Unreadable("是 JSON，但不是认得的预警格式。")


def _check_answer(value: dict[str, Value]) -> None:
    """Services say errors with status 200: a code, an error object, a status that failed."""
    error = value.get("error")
    if error not in (None, "", False, [], {}):
        told = error if isinstance(error, dict) else {"title": error}
        raise Unreadable(f"服务答复的是错误：{_said(told, 'title', 'detail', 'status')[:80]}。")
    code = _text(value.get("code"))
    if code and code not in {"0", "200"}:
        raise Unreadable(f"服务答复的是错误代码 {code[:20]}，不是“没有预警”。")
    status = _text(value.get("status")).lower()
    if status and status not in {"ok", "success", "200", "0"}:
        raise Unreadable(f"服务答复的状态是“{status[:20]}”，不是“没有预警”。")


def _text(value: Value) -> str:
    return value.strip()[:MOST_CHARACTERS] if isinstance(value, str) else ""


def _said(row: dict[str, Value], *names: str) -> str:
    """The first of these fields that says anything."""
    return next((said for name in names if (said := _text(row.get(name)))), "")


def _apart(*said: str) -> tuple[str, ...]:
    """Ids out of texts that hold one or several."""
    return tuple(one for text in said for one in re.split(r"[,;\s]+", text) if one)[:MOST_EARLIER]


def _inside(value: Value, *names: str) -> Value:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _rows(value: Value, label: str) -> Iterator[dict[str, Value]]:
    if not isinstance(value, list):
        raise Unreadable(f"缺少预警列表 {label}，不能当作没有预警。")
    for row in value:
        if not isinstance(row, dict):
            raise Unreadable(f"预警列表 {label} 里的内容不是预警。")
        yield row


def _qweather_v7(value: dict[str, Value]) -> Iterator[Item]:
    for row in _rows(value.get("warning"), "warning"):
        yield Item(
            vendor="和风天气",
            scheme="compact",
            id=_said(row, "id"),
            sender=_said(row, "sender"),
            sent=_said(row, "pubTime"),
            title=_said(row, "title"),
            text=_said(row, "text"),
            kind=_said(row, "typeName"),
            colour=_said(row, "severityColor", "level"),
            code=_said(row, "type"),
            act=_said(row, "status"),
            effective=_said(row, "startTime"),
            expires=_said(row, "endTime"),
            earlier=tuple(re.split(r"[,;\s]+", _said(row, "related")))
            if row.get("related")
            else (),
        )


def _qweather_v1(value: dict[str, Value]) -> Iterator[Item]:
    is_zero = _inside(value, "metadata", "zeroResult") is True
    for row in _rows([] if is_zero and "alerts" not in value else value.get("alerts"), "alerts"):
        earlier = _inside(row, "messageType", "supersedes") or row.get("relatedAlertIds")
        yield Item(
            vendor="和风天气",
            id=_said(row, "id"),
            sender=_said(row, "senderName"),
            sent=_said(row, "issuedTime"),
            title=_said(row, "headline"),
            text=_said(row, "description"),
            instruction=_said(row, "instruction"),
            criteria=_said(row, "criteria"),
            kind=_text(_inside(row, "eventType", "name")) or _said(row, "event"),
            colour=_text(_inside(row, "color", "code")),
            code=_text(_inside(row, "eventType", "code")),
            act=_text(_inside(row, "messageType", "code")) or _said(row, "msgType"),
            effective=_said(row, "effectiveTime"),
            onset=_said(row, "onsetTime"),
            expires=_said(row, "expireTime", "expiredTime"),
            earlier=_apart(*map(_text, earlier)) if isinstance(earlier, list) else (),
        )


def _city_page(value: dict[str, Value]) -> Iterator[Item]:
    """`alarmDZ` of weather.com.cn: w1 to w3 are the place, w4 and w6 codes."""
    for row in _rows(value.get("w"), "w"):
        place = "".join(dict.fromkeys(_said(row, name) for name in ("w1", "w2", "w3")))
        yield Item(
            vendor="中国天气网",
            scheme="site",
            id=_said(row, "w10", "w16", "w11"),
            sent=_said(row, "w8"),
            title=_said(row, "w13"),
            text=_said(row, "w9"),
            kind=_said(row, "w5"),
            colour=_said(row, "w7"),
            code=_said(row, "w4") + _said(row, "w6"),
            place=place,
        )


def _site_index(value: dict[str, Value]) -> Iterator[Item]:
    """`grepalarm`: rows of place, file, longitude, latitude. A code is all it says."""
    for row in value["data"]:
        words = [_text(one) for one in row] if isinstance(row, list) else []
        file = next((found for word in words if (found := _FILE.search(word))), None)
        yield Item(
            vendor="中国天气网",
            scheme="site",
            id=file[0].removesuffix(".html") if file else "",
            sent=file["sent"] if file else "",
            code=file["code"] if file else "",
            place=words[0].strip("#") if words else "",
        )


def _map(value: dict[str, Value]) -> Iterator[Item]:
    for row in _rows(value["data"], "data"):
        yield Item(
            vendor="中国气象局",
            scheme="map",
            id=_said(row, "id"),
            sent=_said(row, "effective"),
            title=_said(row, "headline", "title"),
            text=_said(row, "description"),
            code=_said(row, "type"),
        )


def _page(value: dict[str, Value]) -> Iterator[Item]:
    """nmc.cn: a title and a moment; the text is on a page of its own."""
    for row in _rows(_inside(value, "data", "page", "list"), "data.page.list"):
        yield Item(
            vendor="中央气象台",
            id=_said(row, "alertid", "id"),
            sent=_said(row, "issuetime"),
            title=_said(row, "title"),
            text=_said(row, "issuecontent"),
            web=_said(row, "url"),
        )


def _caiyun(value: dict[str, Value]) -> Iterator[Item]:
    alert = _caiyun_alert(value)
    _check_answer(alert)
    for row in _rows(alert.get("content"), "alert.content"):
        yield Item(
            vendor="彩云天气",
            scheme="site",
            id=_said(row, "alertId"),
            sent=_said(row, "pubtimestamp"),
            title=_said(row, "title"),
            text=_said(row, "description", "content"),
            code=_said(row, "code"),
            act="cancel" if "解除" in _said(row, "status") else "",
            place=_said(row, "location"),
            place_code=_said(row, "adcode"),
        )


def _caiyun_alert(value: dict[str, Value]) -> dict[str, Value]:
    found = _inside(value, "result", "alert") or value.get("alert")
    return found if isinstance(found, dict) else {}


def _is_v1(value: dict[str, Value]) -> bool:
    return "alerts" in value or _inside(value, "metadata", "zeroResult") is not None


def _is_rows(value: dict[str, Value], kind: type) -> bool:
    """A list `data` of such rows; an empty one is one too."""
    rows = value.get("data")
    return isinstance(rows, list) and all(isinstance(row, kind) for row in rows)


Fits = Callable[[str, dict[str, Value]], bool]
SHAPES: tuple[tuple[Fits, Callable[[dict[str, Value]], Iterator[Item]]], ...] = (
    (
        lambda _, value: _is_v1(value),
        _qweather_v1,
    ),
    (lambda _, value: "warning" in value, _qweather_v7),
    (lambda name, value: name.startswith("alarmDZ") or list(value) == ["w"], _city_page),
    (lambda _, value: _inside(value, "data", "page", "list") is not None, _page),
    (lambda _, value: bool(_caiyun_alert(value)), _caiyun),
    (lambda _, value: "count" in value and _is_rows(value, list), _site_index),
    (lambda _, value: "msg" in value and _is_rows(value, dict), _map),
)
