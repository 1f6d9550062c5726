"""Answers of weather services for tests, in the shapes their documents show."""

import json

TITLE = "清龙区气象台发布雷雨大风黄色预警[III级/较重]"
TEXT = "清龙区气象台2026年08月07日09时10分发布雷雨大风黄色预警信号：预计6小时内，清龙区有8级阵风。"


def qweather_v7(*warnings, **more):
    one = {
        "id": "10128060120260807091000123456789",
        "sender": "清龙区气象台",
        "pubTime": "2026-08-07T09:10+08:00",
        "title": TITLE,
        "startTime": "2026-08-07T09:10+08:00",
        "endTime": "2026-08-07T15:10+08:00",
        "status": "active",
        "severity": "Moderate",
        "severityColor": "Yellow",
        "type": "1020",
        "typeName": "雷雨大风",
        "urgency": "",
        "certainty": "",
        "text": TEXT,
        "related": "",
    }
    rows = [one | given for given in warnings]
    return packed({"code": "200", "updateTime": "2026-08-07T09:12+08:00", "warning": rows} | more)


def qweather_v1(*alerts, **more):
    one = {
        "id": "202608070910001234567890",
        "senderName": "清龙区气象台",
        "issuedTime": "2026-08-07T09:10+08:00",
        "messageType": {"code": "alert", "supersedes": []},
        "eventType": {"name": "雷雨大风", "code": "1020"},
        "urgency": None,
        "severity": "moderate",
        "certainty": None,
        "color": {"code": "yellow", "red": 239, "green": 193, "blue": 0, "alpha": 1},
        "effectiveTime": "2026-08-07T09:10+08:00",
        "onsetTime": "2026-08-07T10:10+08:00",
        "expireTime": "2026-08-07T15:10+08:00",
        "headline": "清龙区气象台发布雷雨大风黄色预警信号",
        "description": TEXT,
        "criteria": "6小时内可能受雷雨大风影响。",
        "responseTypes": [],
        "instruction": "1. 关好门窗。\n2. 减少外出。",
    }
    rows = [one | given for given in alerts]
    return packed({"metadata": {"tag": "t", "zeroResult": not rows}, "alerts": rows} | more)


def city_page(*rows):
    one = {
        **{"w1": "广东省", "w2": "清龙市", "w3": "清龙区", "w4": "93", "w5": "雷雨大风"},
        **{"w6": "02", "w7": "黄色", "w8": "2026-08-07 09:10:00", "w9": TEXT},
        **{"w10": "202608070910005544雷雨大风黄色", "w11": "1012806-20260807091000-9302.html"},
        **{"w13": TITLE},
    }
    told = json.dumps({"w": [one | given for given in rows]}, ensure_ascii=False)
    return (
        'var cityDZ101280601 ={"weatherinfo":{"city":"101280601","temp":"31"}};'
        f"var alarmDZ101280601 ={told}"
    ).encode()


def site_index(*rows):
    told = json.dumps({"count": str(len(rows)), "data": rows}, ensure_ascii=False)
    return f"var alarminfo={told};".encode()


def map_of(*rows):
    one = {
        **{"id": "44030441600000_20260807091000", "headline": TITLE, "description": TEXT},
        **{"effective": "2026/08/07 09:10", "type": "p0015003", "title": "清龙区雷雨大风黄色预警"},
    }
    rows = [one | given for given in rows]
    return packed({"msg": "success", "code": 0, "data": rows})


def page_list(*rows, **more):
    one = {
        **{"alertid": "44030441600000_20260807091000", "issuetime": "2026/08/07 09:10"},
        **{"title": TITLE, "url": "/publish/alarm/44030441600000_20260807091000.html"},
    }
    rows = [one | given for given in rows]
    return packed(
        {"msg": "success", "code": 0, "data": {"page": {"pageNo": 1, "list": rows}}} | more
    )


def caiyun(*rows, **more):
    one = {
        **{"province": "广东省", "status": "预警中", "code": "9302", "adcode": "440304"},
        **{"description": TEXT, "alertId": "44030441600000_20260807091000", "county": "清龙区"},
        **{"pubtimestamp": 1786065000, "source": "国家预警信息发布中心", "title": TITLE},
        **{"location": "广东省清龙市清龙区", "request_status": "ok"},
    }
    rows = [one | given for given in rows]
    return packed({"status": "ok", "result": {"alert": {"status": "ok", "content": rows}}} | more)


def packed(value):
    return json.dumps(value, ensure_ascii=False).encode()
