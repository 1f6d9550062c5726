"""A warning that goes on, put into a community on disk: what it asks of each person in it."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from server.intake import Intake
from server.store import system
from sync.alert_records import Alert, Duty
from sync.cascade import Building, Roster
from sync.duties import asked, entry
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows

INCIDENT = "01990000-0000-7000-8000-00000000a1e7"
TEXT = (
    "【雷雨大风黄色预警】今天9时起，我区有8级大风和雷雨。请：关好门窗；收好阳台花盆衣架；"
    "车辆离开低洼和大树；老人小孩不外出。有困难请打社区 020-0000 0000。"
)


def warn(intake: Intake, leader_id: str, chief_id: str, **more: Any) -> Alert:
    """The leader is asked to tell their buildings, the chief to telephone that leader."""
    with intake.store.read() as tx:
        community = system.only_community(tx)
        assert community is not None
        rows = tx.rows(
            "select building.id, building.label, person.name, person.phone from building"
            " join person_building as held on held.building_id = building.id"
            " join person on person.id = held.person_id"
            " where held.person_id = :leader order by building.id",
            leader=leader_id,
        )
    alert = alert_of(intake, **more)
    phone = community["office_phone"]
    places = [_place(row, leader_id, chief_id) for row in rows]
    own = [entry(one, is_own=1) for one in places]
    silent = [
        entry(one, leader_name=row["name"], leader_phone=row["phone"], silent_since=alert.sent_at)
        for one, row in zip(places, rows, strict=True)
    ]
    leader = asked(alert, leader_id, "leader", phone, own)
    chief = asked(alert, chief_id, "chief", phone, silent)
    put(intake, community["id"], alert, leader, chief)
    _begin(intake, community["id"], places)
    return alert


def alert_of(intake: Intake, **more: Any) -> Alert:
    now = intake.clock()
    at = stamp(now)
    told = Alert(
        id=INCIDENT,
        kind="雷雨大风",
        colour="yellow",
        title="雷雨大风黄色预警",
        area="清龙社区",
        effect="预计今天有8级大风和雷雨",
        state="open",
        sent_at=at,
        ends_at=stamp(now + timedelta(hours=6)),
        from_at=at,
        started_at=at,
        message=TEXT,
        short="雷雨大风黄色预警，请关好门窗。",
        guide=["关好门窗，收好阳台花盆。", "不在大树、广告牌下停留。"],
        source="示范市气象台",
        is_verified=1,
    )
    return replace(told, **more)


def put(intake: Intake, community_id: str, *records: Alert | Duty) -> None:
    follows = Follows(list(records))
    intake.do(community_id, lambda writing: writing.save(follows, Stamp(0, "", 0)))


def _place(row: dict[str, Any], leader_id: str, chief_id: str) -> Building:
    return Building(
        id=row["id"],
        label=row["label"],
        grid_id="1",
        leader_id=leader_id,
        chief_id=chief_id,
        households=28,
    )


def _begin(intake: Intake, community_id: str, places: list[Building]) -> None:
    now = intake.clock()
    roster = Roster(started_at=now, from_at=now, buildings=tuple(places))
    told = msgspec.json.encode(roster).decode()
    intake.do(
        community_id,
        lambda writing: writing.tx.run(
            "insert into incident (community_id, id, head, roster, minutes, edition, told_at)"
            " values (:community, :id, '{}', :roster, '{}', 1, '')",
            community=community_id,
            id=INCIDENT,
            roster=told,
        ),
    )
