"""A warning minute by minute: how far it was by the end of each, by true times."""

from bisect import bisect_right
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from server.office import alert_map, alert_view
from server.office.alert_facts import Facts
from server.office.words import short_name
from sync.cascade import Reached
from sync.operations import stamp
from sync.reach import silent

MINUTE = timedelta(minutes=1)
# So long each minute is shown; later only those in which something happened.
WHOLE = 20
MOST = 600
DID = {"forwarded": "说已转发", "confirmed": "已确认", "unreachable": "联系不上"}


class Minute(NamedTuple):
    number: int
    at: str
    sent: int
    claimed: int
    confirmed: int
    households: int
    happened: str


def minutes(facts: Facts) -> list[Minute]:
    """Every minute with what was reached by its end. The first is that of the source's time."""
    found = facts.reached()
    happened = _happened(facts)
    numbers = sorted({*range(min(WHOLE, max(happened, default=0)) + 1), *happened})[:MOST]
    sent, claimed, confirmed = (_times(found, one) for one in ("sent", "forwarded", "confirmed"))
    doors = sorted(
        (at, one.building.households) for one in found if (at := one.at("forwarded")) is not None
    )
    rows = []
    for number in numbers:
        end = _end(facts, number)
        rows.append(
            Minute(
                number=number,
                at=stamp(facts.sent_at + MINUTE * number),
                sent=bisect_right(sent, end),
                claimed=bisect_right(claimed, end),
                confirmed=bisect_right(confirmed, end),
                households=sum(n for at, n in doors if at <= end),
                happened="，".join(happened.get(number, [])),
            )
        )
    return rows


def stage(facts: Facts, minute: Minute) -> dict[str, Any]:
    """The drawing as it was by the end of a minute."""
    end = _end(facts, minute.number)
    found = facts.reached(end)
    looks = alert_view.looks_of(facts, found, end)
    return {
        "map": alert_map.drawing(looks, facts.places, short_name),
        "legend": alert_map.legend(looks.values()),
        "levels": alert_view.levels(found),
        "silent": len(silent(found)),
    }


def _times(found: list[Reached], hop: str) -> list[datetime]:
    return sorted(at for one in found if (at := one.at(hop)) is not None)


def _end(facts: Facts, number: int) -> datetime:
    """The last moment of a minute."""
    return facts.sent_at + MINUTE * (number + 1) - datetime.resolution


def _number(facts: Facts, at: datetime) -> int:
    """Which minute; what was before the source's time is told with the first."""
    return max(int((at - facts.sent_at) / MINUTE), 0)


def _happened(facts: Facts) -> dict[int, list[str]]:
    """By minute what people did, counted, and who was asked."""
    did: dict[int, Counter[str]] = {}
    for event in facts.events:
        did.setdefault(_number(facts, event.at), Counter())[event.hop] += 1
    words = {
        number: [f"{word} {count[hop]} 栋" for hop, word in DID.items() if count[hop]]
        for number, count in did.items()
    }
    for step in alert_view.turns(facts):
        row = words.setdefault(_number(facts, step["when"]), [])
        row.append(f"{step['kind']} {step['to']}（{step['n']} 栋）")
    return words
