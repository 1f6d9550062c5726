"""How far the call of a department is, in words."""

from server.office.issue_words import lasting
from sync.issue_calls import Call

_ENDS = {"result": "已反馈", "withdrawn": "已撤回", "lapsed": "事件已了结"}


def told(call: Call, now: str) -> dict[str, str]:
    """Its department and state, and the tone of that."""
    state, tone = _state(call, now)
    return {"department": call["department"], "state": state, "tone": tone}


def _state(call: Call, now: str) -> tuple[str, str]:
    if call["ended_at"]:
        return _ENDS[call["end"]], "ok"
    if call["arrived_at"]:
        return "已到场，等反馈", "wait"
    is_late, lasted = lasting(call["due_at"], now)
    if is_late:
        return f"超时 {lasted}没到场{'，已升级' if call['climb_at'] < now else ''}", "bad"
    return f"{lasted}内到场", "wait"
