"""An issue as the standard shows it: its kind, how far it is, its days, its compound. No text that
anybody wrote, no building, no door, no person."""

from typing import Any

from server.open311.services import NAMES
from server.store.open311 import Request
from sync.issue_reports import PUBLIC
from sync.issue_steps import ENDED

# How far it is, in the words of the public.
NOTES = {
    "doing": "办理中",
    "negotiating": "事项协商中",
    "calling": "部门呼叫中",
    "done": "已办好，等核查",
    "closed": "已办结",
    "returned": "等补充情况",
    "suspended": "暂缓，期限停着",
    "duplicate": "重复，已并入先报的一件",
    "cancelled": "不办理",
}


def shown(request: Request, community: str) -> dict[str, Any]:
    return {
        "service_request_id": request.id,
        "status": "closed" if request.status in ENDED else "open",
        "status_notes": NOTES[PUBLIC.get(request.status, request.status)],
        "service_name": NAMES[request.category],
        "service_code": request.category,
        "description": None,
        "agency_responsible": community,
        "service_notice": None,
        "requested_datetime": request.reported_at,
        "updated_datetime": request.moved_at,
        "expected_datetime": request.close_due or None,
        "address": f"{request.area}, {community}" if request.area else community,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
