"""Warnings for the town of the server's tests: a storm of the morning, and what is sent of it."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from server.store import alert_reach
from server.store.records import all_records
from sync.duties import id_of
from tests.alerts.messages import cap
from tests.server.town import COMMUNITY, Town

PLACE = "440304001002"
SENDER = "QingLong"


def settle(town: Town, **more: Any) -> None:
    """The community knows where it is."""
    town.submit("office1", "community.change", {"changes": {"division_code": PLACE, **more}})


def storm(town: Town, name: str = "a", minutes: float = 0, **more: str) -> str:
    """A message sent so long after the clock of now: Alert, or what `msgType` says.

    `colour`, `action`, `area` (a division code), `hours` until it ends; `refers` to another.
    """
    return storm_at(town.clock.now + timedelta(minutes=minutes), name, **more)


def storm_at(at: datetime, name: str = "a", **more: str) -> str:
    sent = at.astimezone()
    colour = more.pop("colour", "黄")
    action = more.pop("action", "发布")
    hours = float(more.pop("hours", "6"))
    geocode = more.pop("area", PLACE[:6])
    kind = more.pop("kind", "雷雨大风")
    refers = more.pop("refers", "")
    info = f"""<info><language>zh-CN</language><category>Met</category><event>{kind}</event>
<urgency>Unknown</urgency><severity>Moderate</severity><certainty>Unknown</certainty>
<expires>{(sent + timedelta(hours=hours)).isoformat(timespec="seconds")}</expires>
<senderName>清龙区气象台</senderName><headline>清龙区气象台{action}{kind}{colour}色预警</headline>
<description>清龙区气象台{action}{kind}{colour}色预警信号：预计未来六小时有八级大风，请注意防范。</description>
<area><areaDesc>清龙区</areaDesc>
<geocode><valueName>x</valueName><value>{geocode}</value></geocode></area></info>"""
    bare = more.get("msgType") == "Cancel"
    if refers:
        more["references"] = " ".join(f"{SENDER},{one},{_text(sent)}" for one in refers.split())
    return cap("" if bare else info, identifier=name, sent=_text(sent), sender=SENDER, **more)


def _text(at: Any) -> str:
    return str(at.isoformat(timespec="seconds"))


def hand_in(member: Any, text: str | bytes) -> dict[str, Any]:
    body = text.encode() if isinstance(text, str) else text
    answer = member.post(
        "/api/alerts",
        content=body,
        headers={
            "Content-Type": "application/cap+xml",
            "Authorization": f"Bearer {member.token}",
        },
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def records(town: Town, kind: str) -> list[Any]:
    with town.store.read() as tx:
        return list(all_records(tx, COMMUNITY, kind))


def the_alert(town: Town) -> Any:
    (found,) = records(town, "alert")
    return found


def duty(town: Town, username: str) -> Any:
    (found,) = [one for one in records(town, "duty") if one.person_id == town.person(username)]
    return found


def hops(town: Town, incident_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    with town.store.read() as tx:
        found = alert_reach.hops(tx, COMMUNITY, incident_id)
    return {(row["building_id"], row["hop"]): row for row in found}


def events(town: Town, incident_id: str) -> list[Any]:
    with town.store.read() as tx:
        return alert_reach.events(tx, COMMUNITY, incident_id)


def duty_of(incident_id: str, person_id: str) -> str:
    return id_of(incident_id, person_id)


def decoded(answer: Any) -> Any:
    return msgspec.json.decode(answer.content)
