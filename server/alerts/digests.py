"""What channels are to be told: one text for a group at each turn of a warning, never one a door.

It follows from what is stored of warnings, steps and duties, so that it does not matter when or how
often it is worked out: a server that was away tells what still holds.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from server.store import alerts, channels, digests, subscriptions
from server.store import dispatches as log
from server.store.channels import Channel
from server.store.database import Tx
from server.store.digests import PUSH, Digest
from server.store.records import Records
from sync.alert_digests import of_alert, of_duty, of_silence
from sync.alert_records import Alert, Duty
from sync.cascade import Building
from sync.operations import instant, stamp

# People are told that it is over for so long, and a group of a step while it is news.
ENDED, NEWS = timedelta(hours=2), timedelta(minutes=15)
AUDIENCES = ("staff", "leaders", "residents")


class _Turn(NamedTuple):
    """Something that happened to a warning; `key` tells it from every other of its incident."""

    key: str
    why: str
    until_at: str
    minutes: int = 0
    silent: tuple[str, ...] | None = None  # None: it is about everybody


def missing(tx: Tx, community_id: str, now: str) -> list[Digest]:
    """What is to be told by now and was not put down yet."""
    found: list[Digest] = []
    ids = log.concerning(tx, community_id, _before(now, ENDED))
    if not ids:
        return []
    known = {one.id: one for one in digests.known(tx, community_id, ids)}
    records = Records(tx, community_id)
    on = [one for one in channels.every(tx, community_id) if one.is_on]
    for incident_id in ids:
        alert = records.get("alert", incident_id)
        assert isinstance(alert, Alert)
        found += _of_groups(tx, community_id, alert, on, list(known.values()), now)
    found += _of_phones(tx, community_id, records, now)
    return [one for one in found if one.id not in known]


def _of_groups(
    tx: Tx, community_id: str, alert: Alert, on: Iterable[Channel], known: list[Digest], now: str
) -> list[Digest]:
    hear = [one for one in on if _hears(one, alert, now)]
    if not hear:
        return []
    roster = alerts.roster(tx, community_id, alert.id)
    buildings = roster.buildings if roster else ()
    reached = {one.channel_id for one in known if one.incident_id == alert.id and _went_out(one)}
    found = []
    for turn in _turns(tx, community_id, alert, now):
        for one in hear:
            if alert.state == "closed" and one.id not in reached:
                continue
            if turn.silent is not None and not _hears_steps(one, turn.why):
                continue
            if (made := _for_channel(one, alert, turn, buildings)) is not None:
                found.append(made)
    return found


def _hears(one: Channel, alert: Alert, now: str) -> bool:
    """Drills and what is not for the public stay with the staff; others wait for the morning."""
    if one.audience == "staff":
        return alert.started_at <= now
    is_for_all = alert.is_public and not alert.is_drill
    return bool(is_for_all) and max(alert.started_at, alert.from_at) <= now


def _hears_steps(one: Channel, kind: str) -> bool:
    """Residents are not told who has not answered; leaders only that they are asked again."""
    return one.audience == "staff" or (one.audience == "leaders" and kind == "repeat")


def _went_out(one: Digest) -> bool:
    """Somebody there may have read it: to be told when it is over."""
    return one.state == "accepted" or one.tries > 0


def _turns(tx: Tx, community_id: str, alert: Alert, now: str) -> list[_Turn]:
    if alert.state == "closed":
        until = _after(max(alert.closes_at, alert.from_at), ENDED)
        return [_Turn(f"{alert.edition} over", "stood_down", until)]
    why = "begun" if alert.edition == 1 else "changed"
    turns = [_Turn(str(alert.edition), why, alert.ends_at)]
    asked_at = max(alert.started_at, alert.from_at)
    steps: dict[tuple[str, str], list[str]] = {}
    for row in log.steps(tx, community_id, alert.id, alert.edition, _before(now, NEWS)):
        steps.setdefault((row["at"], row["kind"]), []).extend(row["building_ids"])
    for (at, kind), silent in sorted(steps.items()):
        until = min(_after(at, NEWS), alert.ends_at)
        key, minutes = f"{alert.edition} {kind} {at}", _minutes(asked_at, at)
        turns.append(_Turn(key, kind, until, minutes, tuple(dict.fromkeys(silent))))
    return turns


def _for_channel(
    one: Channel, alert: Alert, turn: _Turn, buildings: Iterable[Building]
) -> Digest | None:
    """None where the turn is about buildings of other grids alone."""
    own = {of.id: of.label for of in buildings if one.grid_id in ("", of.grid_id)}
    if turn.silent is None:
        ids, told = tuple(own), of_alert(alert)
    else:
        ids = tuple(of for of in own if of in turn.silent)
        told = of_silence(alert, turn.why, turn.minutes, [own[of] for of in ids])
    if turn.silent is not None and not ids:
        return None
    return Digest(
        id=_id(alert.id, one.id, turn.key),
        incident_id=alert.id,
        channel_id=one.id,
        edition=alert.edition,
        why=turn.why,
        title=told.title,
        text=told.text,
        until_at=turn.until_at,
        # What the staff reads has not come to any building.
        building_ids=() if one.audience == "staff" else ids,
    )


def _of_phones(tx: Tx, community_id: str, records: Records, now: str) -> list[Digest]:
    """For each phone that may be woken: what its holder is asked, once for each time of asking."""
    found = []
    for row in subscriptions.with_duties(tx, community_id, now, _before(now, ENDED)):
        duty = records.get("duty", row["duty_id"])
        assert isinstance(duty, Duty)
        own = tuple(one["id"] for one in duty.buildings if one["is_own"])
        silent = 0 if own else sum(not one["heard_at"] for one in duty.buildings)
        told = of_duty(duty.title, duty.short, silent if duty.state == "open" else 0)
        asked_at = max(duty.asked_at, duty.repeated_at)
        is_over = duty.state == "closed"
        found.append(
            Digest(
                id=_id(duty.id, row["device_id"], f"{duty.edition} {duty.state} {asked_at}"),
                incident_id=duty.incident_id,
                channel_id=PUSH,
                edition=duty.edition,
                why="stood_down" if is_over else "asked",
                title=told.title,
                text=told.text,
                until_at=_after(max(asked_at, duty.from_at), ENDED) if is_over else duty.ends_at,
                person_id=row["person_id"],
                device_id=row["device_id"],
                building_ids=own,
            )
        )
    return found


def _id(whose: str, channel: str, key: str) -> str:
    return str(uuid5(UUID(whose), f"{channel} {key}"))


def _before(at: str, span: timedelta) -> str:
    return _after(at, -span)


def _after(at: str, span: timedelta) -> str:
    moment = instant(at)
    assert moment is not None
    return stamp(moment + span)


def _minutes(since: str, at: str) -> int:
    begun, now = instant(since), instant(at)
    assert begun is not None and now is not None
    return max(round((now - begun).total_seconds() / 60), 0)
