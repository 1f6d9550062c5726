"""Warnings: messages that come in any order, what people say of them, and that none is lost."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from server import jobs
from server.alerts.reading import Reading
from server.alerts.taking import Source, take
from sync.alerts import Info, Message, MsgType, Scope, Status
from sync.duties import SAYS
from tests.simulation import network
from tests.simulation.field import FIELDWORK
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

SENDER = "清龙区气象台"
KINDS = ("雷雨大风", "暴雨")
COLOURS = {"yellow": "黄", "orange": "橙", "red": "红"}
NAMES = 9


def warn(town: "Town", chance: Random) -> None:
    """A message arrives: new, about an earlier or a later one, or one that came before."""
    name = f"w{chance.randrange(NAMES)}"
    message = _message(town, name, chance)
    reading = Reading(outcome="accepted", messages=(message,))
    raw = msgspec.json.encode(message)
    source = Source(kind=chance.choice(["form", "form", "api"]))
    town.backend.do(lambda writing: take(writing, reading, raw, source))


def _message(town: "Town", name: str, chance: Random) -> Message:
    zone = ZoneInfo("Asia/Shanghai")
    sent = town.backend.clock.now.astimezone(zone) - timedelta(minutes=chance.choice([0, 5, 200]))
    kind = chance.choice([MsgType.ALERT, MsgType.UPDATE, MsgType.UPDATE, MsgType.CANCEL])
    other = (SENDER, f"w{chance.randrange(NAMES)}")
    what, colour = chance.choice(KINDS), chance.choice(list(COLOURS))
    info = Info(
        language="zh-CN",
        event=what,
        headline=f"{SENDER}发布{what}{COLOURS[colour]}色预警",
        expires=(sent + timedelta(hours=chance.choice([1, 8]))).isoformat(timespec="seconds"),
    )
    return Message(
        sender=SENDER,
        identifier=name,
        sent=sent.isoformat(timespec="seconds"),
        status=Status.ACTUAL if chance.random() < 0.9 else Status.EXERCISE,
        msg_type=kind,
        scope=Scope.PUBLIC,
        references=() if kind is MsgType.ALERT else (other,),
        infos=() if kind is MsgType.CANCEL else (info,),
    )


def answer(town: "Town", chance: Random) -> None:
    """Somebody reads what is asked of them, hands it on, or telephones in vain."""
    phone = town.someone(chance, (*FIELDWORK, "leader", "leader", "office"))
    if chance.random() < 0.6:
        network.calm(town, phone)  # a warning is what people look at at once
    asked = phone.all("duty") or phone.all("alert")
    if not asked:
        return
    one = chance.choice(asked)
    incident_id, edition = one.get("incident_id", one["id"]), one.get("edition", 1)
    data: dict[str, Any] = {"incident_id": incident_id, "edition": edition}
    buildings = [each["id"] for each in one.get("buildings", [])]
    buildings += [each["id"] for each in phone.all("building")]
    kind = "alert.acknowledge"
    if buildings and chance.random() < 0.7:
        data["building_id"] = chance.choice(buildings)
        kind, more = chance.choice(
            [
                ("alert.forward", {"channel": "wechat"}),
                ("alert.forward", {"channel": "door"}),
                ("alert.confirm", {"how": "reply"}),
                ("alert.unreachable", {}),
            ]
        )
        data |= more
    for _ in range(chance.choice([1, 2])):
        phone.record(town.backend.clock.now, kind, data)
        town.backend.clock.now += timedelta(minutes=chance.choice([0, 2]))


def stand_down(town: "Town", chance: Random) -> None:
    """The office ends one, perhaps one that is over or was never begun."""
    found = town.backend.rows("select id from alert order by id")
    if found:
        data = {"incident_id": chance.choice(found)["id"], "reason": "过去了"}
        town.someone(chance, ("office",)).record(town.backend.clock.now, "alert.stand_down", data)


def ask_on(town: "Town", chance: Random) -> None:
    """Minutes pass and somebody else is asked; the job may run twice."""
    town.backend.clock.now += timedelta(minutes=chance.choice([1, 3, 12, 90]))
    for _ in range(chance.choice([1, 2])):
        jobs.take_due_steps(town.backend.intake)


def check(town: "Town") -> None:
    """What was said is an event, once, and leaders' duties tell the earliest of each building."""
    rows = town.backend.rows
    applied = rows(
        """
        select id from operation
        where state = 'applied' and kind in ('alert.acknowledge', 'alert.forward',
          'alert.confirm', 'alert.unreachable')
        """
    )
    events = [
        row
        for row in rows("select id, incident_id, building_id, hop, at from alert_event")
        if row["hop"] in SAYS
    ]
    told = {row["id"] for row in events}
    demand(told == {row["id"] for row in applied}, "events", "what was said is not what is kept")
    first: dict[tuple[str, str, str], str] = defaultdict(str)
    for row in sorted(events, key=lambda one: str(one["at"]), reverse=True):
        first[row["incident_id"], row["building_id"], row["hop"]] = row["at"]
    for row in rows(
        "select incident_id, buildings from duty where role = 'leader' and state <> 'merged'"
    ):
        for one in msgspec.json.decode(row["buildings"]):
            for hop in ("forwarded", "confirmed") if one["is_own"] else ():
                wanted = first[row["incident_id"], one["id"], hop]
                demand(one[f"{hop}_at"] == wanted, "duty", f"{one[f'{hop}_at']} for {wanted}")
