"""Requests that a server in trouble is asked, and what its answer must be."""

import json


def push(house, phone):
    """One push of all that waits; status, headers and what the answer said."""
    body = b'{"limit":0,"ops":[%b]}' % ",".join(phone.outbox.values()).encode()
    status, headers, said = house.ask("POST", "/sync", body, **signed(phone))
    told = json.loads(said)
    for one in told.get("receipts", []):
        phone.outbox.pop(one["id"])
    return status, headers, told


def signed(phone):
    return {"Authorization": f"Bearer {phone.token}"}


def is_unavailable(answer):
    status, headers, said = answer
    text = said if isinstance(said, dict) else said.decode()
    assert status == 503 and int(headers["retry-after"]) > 0, (status, text)
    if isinstance(text, dict) or headers["content-type"].startswith("application/json"):
        told = text if isinstance(text, dict) else json.loads(text)
        assert told["code"] == "storage.unavailable" and "没有保存" in told["message"]
    else:
        assert "storage.unavailable" in text
    return True
