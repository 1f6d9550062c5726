"""A warning in the town, with its cascade begun: who was to be asked, and what was sent."""

from datetime import datetime, timedelta

import msgspec

from server.intake import Intake
from server.intake.writing import Writing
from server.store import alert_reach, overview
from sync.alert_records import Alert
from sync.cascade import Building, Event, Roster
from sync.duties import asked, entry
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from tests.server.town import PLACES, Town, ident

WARNING = ident("alert", "gale")
DEVICE = ident("device", "office1")


def begin(town: Town, ago: float = 0, **more: object) -> str:
    """A yellow warning that was sent so many minutes ago; its id."""
    at = town.clock() - timedelta(minutes=ago)
    alert = Alert(
        **{
            "id": WARNING,
            "kind": "雷雨大风",
            "colour": "yellow",
            "title": "雷雨大风黄色预警",
            "area": "全区",
            "sent_at": stamp(at),
            "received_at": stamp(at),
            "started_at": stamp(at),
            "from_at": stamp(at),
            "ends_at": stamp(at + timedelta(hours=6)),
            "source": "市气象台",
            "state": "open",
            **more,
        },
    )
    roster = _roster(town, at) if alert.state == "open" else None
    put(town.intake, town.community, alert, roster, at)
    return alert.id


def put(
    intake: Intake, community_id: str, alert: Alert, roster: Roster | None, at: datetime
) -> None:
    """A warning with its cascade begun, or without where there is no roster."""
    intake.do(community_id, lambda writing: _begin(writing, alert, roster, at))


def half_answered(intake: Intake, community_id: str, now: datetime) -> None:
    """A warning that some have handed on and others not, and one of another place."""
    at = now - timedelta(minutes=7)
    with intake.store.read() as tx:
        buildings = overview.buildings(tx, community_id)
    roster = Roster(
        started_at=at,
        from_at=at,
        buildings=tuple(
            Building(id=one["id"], label=one["label"], grid_id=one["grid_name"], households=9)
            for one in buildings
        ),
    )
    said = {"kind": "雷雨大风", "colour": "yellow", "area": "全区", "source": "市气象台"}
    said |= {"sent_at": stamp(at), "received_at": stamp(at)}
    ours = Alert(id=ident("alert", "ours"), state="open", **said)
    put(intake, community_id, ours, roster, at)
    other = Alert(id=ident("alert", "other"), **said)
    put(intake, community_id, other, None, at)
    hops = ("acknowledged", "forwarded", "confirmed", "unreachable")
    told = [
        Event(
            id=ident(hop, one.id),
            hop=hop,
            building_id=one.id,
            at=at + timedelta(minutes=n % 5),
            received_at=at + timedelta(minutes=6),
            incident_id=ours.id,
        )
        for n, one in enumerate(roster.buildings)
        for hop in hops[: n % 4]
        if n % 9
    ]
    intake.do(community_id, lambda writing: alert_reach.add(writing.tx, community_id, told))


def _roster(town: Town, at: datetime) -> Roster:
    """陈桂枝 leads the first building, 关伟成 is chief of two; the third has nobody."""
    people = {
        "hongmian": {"leader_id": town.person("leader1"), "chief_id": town.person("chief")},
        "fenghuang": {"leader_id": town.person("worker1"), "chief_id": town.person("chief")},
        "lixiang": {},
    }
    return Roster(
        started_at=at,
        from_at=at,
        secretary_id=town.person("secretary"),
        buildings=tuple(
            Building(
                id=town.building(name),
                label=f"{compound} {building}",
                grid_id=grid,
                households=2 if name == "hongmian" else 1,
                **people[name],
            )
            for name, (compound, building, grid, _) in PLACES.items()
        ),
    )


def _begin(writing: Writing, alert: Alert, roster: Roster | None, at: datetime) -> None:
    told = []
    if roster is not None:
        told = [
            asked(alert, one.leader_id, "leader", "", [entry(one, is_own=1)])
            for one in roster.buildings
            if one.leader_id
        ]
        sent = [
            Event(
                id=ident("sent", one.id),
                hop="sent",
                building_id=one.id,
                at=at,
                received_at=at,
                incident_id=alert.id,
            )
            for one in roster.buildings
        ]
        alert_reach.add(writing.tx, writing.community_id, sent)
        writing.tx.run(
            "insert into incident (community_id, id, head, roster, minutes, edition, told_at)"
            " values (:community, :id, '', :roster, '{}', 1, :at)",
            community=writing.community_id,
            id=alert.id,
            roster=msgspec.json.encode(roster).decode(),
            at=stamp(at),
        )
    writing.save(Follows([alert, *told]), Stamp(0, DEVICE, 0))
    writing.flush()
