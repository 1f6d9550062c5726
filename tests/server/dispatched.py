"""A warning of the town on its way to groups and phones, and what became of it."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from server.store import alert_reach, digests, dispatches
from sync.alert_records import Alert
from sync.operations import stamp
from tests.server.town import Town, ident
from tests.server.warned import INCIDENT, alert_of, begin, place_of, put

PLACES = ("hongmian", "fenghuang", "lixiang")


def warn(town: Town, **more: Any) -> Alert:
    """A warning that begins now, for six hours; lixiang lies in another grid than the rest."""
    grids = {"lixiang": "2"}
    begin(town, *(replace(place_of(town, one), grid_id=grids.get(one, "1")) for one in PLACES))
    until = stamp(town.clock() + timedelta(hours=6))
    alert = alert_of(town, ends_at=until, source_id="440300", is_verified=1, **more)
    put(town, alert)
    return alert


def changed(town: Town, alert: Alert, **more: Any) -> Alert:
    found = replace(alert, **more)
    put(town, found)
    return found


def lifted(town: Town, alert: Alert, **more: Any) -> Alert:
    at = stamp(town.clock())
    over: dict[str, Any] = {
        "state": "closed",
        "edition": alert.edition + 1,
        "closes_at": at,
        "from_at": at,
        "title": "解除雷雨大风黄色预警",
        "message": "【解除雷雨大风黄色预警】现已解除。",
    }
    return changed(town, alert, **{**over, **more})


def step(town: Town, kind: str, *places: str, edition: int = 1) -> None:
    """Somebody is asked just now, because nobody answered for these buildings."""
    now = stamp(town.clock())
    town.intake.do(
        town.community,
        lambda writing: writing.tx.run(
            """
            insert into alert_step (community_id, incident_id, edition, at, kind, to_id,
              building_ids, taken_at)
            values (:home, :id, :edition, :at, :kind, :to, :ids, :at)
            """,
            home=town.community,
            id=INCIDENT,
            edition=edition,
            at=now,
            kind=kind,
            to=ident("asked", kind + "".join(places)),
            ids=msgspec.json.encode([town.building(one) for one in places]).decode(),
        ),
    )


def look(town: Town) -> None:
    """Until everything that is due has its answer."""
    town.transport.call(town.app.state.dispatcher.round)


def states(town: Town) -> list[tuple[str, str]]:
    with town.store.read() as tx:
        return [(one.why, one.state) for one in digests.known(tx, town.community, [INCIDENT])]


def attempts(town: Town) -> list[tuple[str, str]]:
    """Of every channel, oldest first."""
    with town.store.read() as tx:
        ids = [one for (one,) in tx.tuples("select distinct channel_id from dispatch")]
        rows = [row for one in ids for row in dispatches.last_of(tx, town.community, one, 99)]
    return [(row["outcome"], row["code"]) for row in sorted(rows, key=lambda row: row["at"])]


def accepted(town: Town) -> set[str]:
    with town.store.read() as tx:
        hops = alert_reach.hops(tx, town.community, INCIDENT)
    names = {town.building(one): one for one in PLACES}
    return {names[one["building_id"]] for one in hops if one["hop"] == "accepted"}
