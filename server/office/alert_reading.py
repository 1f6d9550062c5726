"""Reads what is known of one warning, for its pages and its report."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from server.office.alert_facts import Facts, Who
from server.office.alert_map import Place
from server.office.alert_words import OUTCOMES, STATES
from server.store import alert_board as reads
from server.store import alert_reach, alert_steps
from server.store.database import Tx
from server.store.records import Records
from sync import days
from sync.cascade import Event, Roster, Step, Timers
from sync.operations import instant, stamp
from sync.records import Alert, Community
from sync.refusals import Refusal
from sync.telling import title_of

RED = ("needs_help", "no_answer")


class Read(NamedTuple):
    """`contacts` are the doors of the weather list counted by state and outcome."""

    alert: Alert
    facts: Facts
    community: Community
    contacts: list[dict[str, Any]]
    staff: list[dict[str, Any]]
    sendings: list[dict[str, Any]]
    pushes: dict[str, int]
    message_ids: list[str]  # the newest first


def read(tx: Tx, community_id: str, alert_id: str, now: datetime) -> Read:
    """Raises Refusal for a warning that there is not. One that was merged is the other."""
    records = Records(tx, community_id)
    alert = records.get("alert", alert_id)
    if isinstance(alert, Alert) and alert.merged_into:
        alert = records.get("alert", alert.merged_into)
    community = records.get("community", community_id)
    if not isinstance(alert, Alert) or not isinstance(community, Community):
        raise Refusal("record.unknown")
    # The page says that it is over, where it is; its name stays.
    return Read(
        alert=msgspec.structs.replace(
            alert, title=title_of(alert.kind, alert.colour, False, bool(alert.is_drill))
        ),
        facts=_facts(tx, community_id, alert),
        community=community,
        contacts=reads.contacts(tx, community_id, alert.id, stamp(now)),
        staff=reads.staff(tx, community_id, alert.id),
        sendings=reads.sendings(tx, community_id, alert.id),
        pushes=reads.pushes(tx, community_id, alert.id),
        message_ids=reads.message_ids(tx, community_id, alert.id),
    )


def _facts(tx: Tx, community_id: str, alert: Alert) -> Facts:
    sent_at = _instant(alert.sent_at) or _instant(alert.received_at)
    assert sent_at is not None, "a warning was sent or came in at some time"
    kept = reads.incident(tx, community_id, alert.id)
    minutes = msgspec.json.decode(kept["minutes"] or "{}") if kept else {}
    buildings = reads.places(tx, community_id)
    roster = _roster(kept, sent_at)
    edition = max(alert.edition - (alert.state == "closed"), 1)
    hops = alert_reach.hops(tx, community_id, alert.id)
    return Facts(
        sent_at=sent_at,
        ended_at=_instant(alert.closes_at) if alert.state in ("closed", "expired") else None,
        edition=edition,
        timers=Timers(**minutes),
        roster=roster,
        events=[event for row in hops for event in _events(row, edition)],
        stood_down=_stood_down(hops, alert),
        steps=[_step(row) for row in alert_steps.taken(tx, community_id, alert.id)],
        people={ident: Who(name, phone) for ident, name, phone in reads.people(tx, community_id)},
        places=_places(roster, buildings),
        new_doors=_new_doors(roster, buildings),
    )


def _roster(kept: dict[str, Any] | None, sent_at: datetime) -> Roster:
    if kept and kept["roster"]:
        return msgspec.json.decode(kept["roster"], type=Roster)
    return Roster(started_at=sent_at, from_at=sent_at, buildings=())


def _stood_down(hops: list[dict[str, Any]], alert: Alert) -> int:
    """To how many buildings the end was handed on: its text is the last edition."""
    if alert.state != "closed":
        return 0
    return sum(one["hop"] == "forwarded" and one["newest"] >= alert.edition for one in hops)


def _events(row: dict[str, Any], edition: int) -> list[Event]:
    """The first of a hop, and the last where that tells more: a newer text, a later failure.

    What was said of the end, whose text is an edition further, says nothing of the warning.
    """
    at, received_at = instant(row["at"]), instant(row["received_at"])
    last_at = instant(row["last_at"])
    assert at and received_at and last_at, "what is kept has its times"
    first = Event(
        id=row["event_id"],
        hop=row["hop"],
        building_id=row["building_id"],
        at=at,
        received_at=received_at,
        person_id=row["person_id"],
        edition=row["edition"],
        channel=row["channel"],
    )
    if first.edition > edition:
        return []
    newest = min(row["newest"], edition)
    if row["hop"] != "unreachable" and newest == first.edition:
        return [first]
    told = {"at": last_at, "received_at": last_at, "edition": newest}
    return [first, msgspec.structs.replace(first, id=f"{first.id} last", **told)]


def _step(row: dict[str, Any]) -> Step:
    at = instant(row["at"])
    assert at is not None
    ids = msgspec.json.decode(row["building_ids"], type=tuple[str, ...])
    return Step(at=at, kind=row["kind"], to=row["to_id"], building_ids=ids)


def _places(roster: Roster, buildings: list[Any]) -> dict[str, Place]:
    """Those of the roster, in the order of the streets; what was removed since keeps its label."""
    asked = {one.id: one for one in roster.buildings}
    known = {
        ident: Place(compound, name, grid_name)
        for ident, compound, name, grid_name, _ in buildings
        if ident in asked
    }
    gone = {one: Place(asked[one].label, "", "") for one in asked if one not in known}
    return known | gone


def _new_doors(roster: Roster, buildings: list[Any]) -> int:
    """Doors that have come since the roster was frozen."""
    if not roster.buildings:
        return 0
    asked = {one.id: one.households for one in roster.buildings}
    return sum(max(doors - asked.get(ident, 0), 0) for ident, _, _, _, doors in buildings)


STANDING = ("done", "open", "cancelled")


def contacts_of(read: Read, path: str = "") -> dict[str, Any]:
    """How far the one-by-one contacts came: by outcome, then what is still to do.

    Who did not answer is still to be reached.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for one in read.contacts:
        counts[one["state"], one["outcome"]] += one["n"]
    said = {code: counts["done", code] + counts["open", code] for code in OUTCOMES}
    rows = [{"word": OUTCOMES[one], "n": n, "is_red": one in RED} for one, n in said.items() if n]
    states = {state: sum(n for (at, _), n in counts.items() if at == state) for state in STANDING}
    more = (
        ("还没联系", counts["open", ""], False),
        ("其中超时", sum(one["late"] for one in read.contacts), True),
        ("已取消", states["cancelled"], False),
    )
    rows += [{"word": word, "n": n, "is_red": is_red} for word, n, is_red in more if n]
    return {
        "all": states["done"] + states["open"],
        "done": states["done"],
        "rows": rows,
        "path": path,
    }


def in_words(read: Read) -> dict[str, str]:
    """The warning itself, as its report begins."""
    alert = read.alert
    return {
        "预警": alert.title,
        "演练": "是：只有书记、办公室和网格长收到" if alert.is_drill else "",
        "发布单位": alert.source,
        "编号": alert.source_id,
        "核实": "" if alert.is_verified else "转来的消息，没有核实",
        "地区": alert.area,
        "状态": STATES.get(alert.state, alert.state),
        "为什么": alert.reason,
        "消息": f"{len(read.message_ids)} 条",
        "文字": f"第 {read.facts.edition} 版",
        **{word: _local(at, read.community.timezone) for word, at in _times(alert) if at},
    }


def _times(alert: Alert) -> list[tuple[str, str]]:
    return [
        ("发布时间", alert.sent_at),
        ("收到时间", alert.received_at),
        ("开始下发", alert.started_at),
        ("楼长开始转", alert.from_at),
        ("到期", alert.ends_at),
        ("结束", alert.closes_at),
    ]


def _local(at: str, timezone: str) -> str:
    return days.local(at, timezone)[:16].replace("T", " ")


def _instant(text: str) -> datetime | None:
    return instant(text) if text else None
