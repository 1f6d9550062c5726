"""Warnings and what they ask, put where the engine puts them."""

from typing import Any

import msgspec
from msgspec.structs import replace

from sync.alert_records import Alert, Duty
from sync.cascade import Building, Roster
from sync.duties import asked, entry
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from tests.server.town import Town, ident

INCIDENT = ident("incident", "wind")
TEXT = "【雷雨大风黄色预警】9月15日9时起有大风。请关好门窗。——清龙社区"
NEWER = "【雷雨大风橙色预警】9月15日10时起风更大。请不要出门。——清龙社区"


def alert_of(town: Town, **more: Any) -> Alert:
    at = stamp(town.clock())
    told = Alert(
        id=INCIDENT,
        kind="雷雨大风",
        colour="yellow",
        title="雷雨大风黄色预警",
        state="open",
        sent_at=at,
        from_at=at,
        started_at=at,
        message=TEXT,
        short="大风黄色预警，请关好门窗。",
        guide=["关好门窗。"],
        source="示范市气象台",
    )
    return replace(told, **more)


def duty_of(town: Town, alert: Alert, username: str, role: str, *places: str, **more: Any) -> Duty:
    """With `is_own` 1 in `more`, the places are theirs to tell; else of others to telephone."""
    found = [entry(place_of(town, one), **more) for one in places]
    return asked(alert, town.person(username), role, "02000000000", found)


def put(town: Town, *records: Alert | Duty) -> None:
    """Put them, as they are now, into everybody's streams."""
    follows = Follows(list(records))
    town.intake.do(town.community, lambda writing: writing.save(follows, Stamp(0, "", 0)))


def begin(town: Town, *places: Building) -> None:
    """Freeze who is asked: the leader and the chief of the town for each of these."""
    roster = Roster(started_at=town.clock(), from_at=town.clock(), buildings=places)
    town.intake.do(
        town.community,
        lambda writing: writing.tx.run(
            """
            insert into incident (community_id, id, head, roster, minutes, edition, told_at)
            values (:community, :id, '{}', :roster, '{}', 1, '')
            """,
            community=town.community,
            id=INCIDENT,
            roster=msgspec.json.encode(roster).decode(),
        ),
    )


def place_of(town: Town, name: str) -> Building:
    """A building that leader1 leads, in the grid of the chief."""
    with town.store.read() as tx:
        label = tx.value("select label from building where id = :id", id=town.building(name))
    return Building(
        id=town.building(name),
        label=str(label),
        grid_id="1",
        leader_id=town.person("leader1"),
        chief_id=town.person("chief"),
        households=28,
    )
