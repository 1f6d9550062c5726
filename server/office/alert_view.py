"""What the board of a warning shows, from who was to be reached and how far each building is."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from server.office import alert_map, alert_tree
from server.office.alert_facts import Facts
from server.office.alert_words import (
    CHANNELS,
    HOPS,
    HOWS,
    KINDS,
    RESULTS,
    TURNS,
    clocked,
    spoken,
)
from server.office.words import short_name
from sync import reach
from sync.cascade import Reached
from sync.operations import stamp
from sync.reach import Count

SHOWN_NAMES = 3


def board(facts: Facts, now: datetime) -> dict[str, Any]:
    """All that changes while people answer."""
    found = facts.reached()
    looks = looks_of(facts, found, now)
    took = max((facts.ended_at or now) - facts.sent_at, timedelta())
    return {
        "levels": levels(found),
        "spread": spread(facts, found),
        "tree": alert_tree.tree(facts, found, looks, now),
        "silent": alert_tree.silent(facts, found, now),
        "map": alert_map.drawing(looks, facts.places, short_name),
        "legend": alert_map.legend(looks.values()),
        "steps": turns(facts),
        "since": spoken(took),
        "elapsed": int(took.total_seconds()),
        "acknowledged": reach.coverage(facts.roster, found, facts.sent_at),
        "new_doors": facts.new_doors,
        "stood_down": facts.stood_down,
        "unreachable": sum(one.is_unreachable for one in found),
        "stale": sum(one.is_stale for one in found),
        "late": sum(any(one.is_late(hop) for hop in one.hops) for one in found),
    }


def looks_of(facts: Facts, found: Iterable[Reached], now: datetime) -> dict[str, str]:
    """By building, in the order of the streets; silence counts once somebody was asked again."""
    asked = max([facts.roster.from_at, *facts.asked_at(now).values()])
    patience = timedelta(minutes=facts.timers.repeat)
    waits = "silent" if now >= asked + patience else "waiting"
    known = {one.building.id: reach.look(one) for one in found}
    turned = {"sent": waits, "delivered": waits}
    return {one: turned.get(known[one], known[one]) for one in facts.places if one in known}


def levels(found: list[Reached]) -> list[dict[str, Any]]:
    rows = (
        ("网格", reach.grids(found)),
        ("楼栋", reach.buildings(found)),
        ("住户", reach.households(found)),
    )
    return [{"word": word, "count": count, **_shares(count)} for word, count in rows]


def _shares(count: Count) -> dict[str, float]:
    return {
        "claimed": round(count.claimed * 100 / max(count.all, 1), 1),
        "confirmed": round(count.confirmed * 100 / max(count.all, 1), 1),
    }


def spread(facts: Facts, found: list[Reached]) -> list[dict[str, str]]:
    """T50, T90 and T100 of what leaders said, from the source's time."""
    times = reach.spread(found, "forwarded", facts.sent_at)
    forwarded = sum(one.has("forwarded") for one in found)
    rows = (
        (50, "T50 半数楼栋", times.t50),
        (90, "T90 九成楼栋", times.t90),
        (100, "T100 全部", times.t100),
    )
    return [
        {
            "word": word,
            "value": spoken(took) if took is not None else "",
            "left": "" if took is not None else f"还差 {_needed(len(found), share, forwarded)} 栋",
        }
        for share, word, took in rows
    ]


def _needed(total: int, share: int, forwarded: int) -> int:
    return -(-total * share // 100) - forwarded


def steps(facts: Facts) -> list[dict[str, Any]]:
    """Who was asked because of somebody's silence, the latest first."""
    rows = []
    for one in sorted(facts.steps, key=lambda one: (one.at, one.kind, one.to), reverse=True):
        labels = [facts.label(id) for id in one.building_ids]
        rows.append(_step(one.at, KINDS.get(one.kind, one.kind), facts.name(one.to), labels))
    return rows


def turns(facts: Facts) -> list[dict[str, Any]]:
    """The same; many who were asked the same at one time are one line."""
    together: dict[tuple[datetime, str], list[dict[str, Any]]] = {}
    for one in steps(facts):
        together.setdefault((one["when"], one["kind"]), []).append(one)
    rows = []
    for (when, kind), some in together.items():
        labels = [label for one in reversed(some) for label in one["labels"]]
        many = _step(when, kind, f"{len(some)} 位", labels)
        rows += some if len(some) <= SHOWN_NAMES else [many]
    return rows


def _step(when: datetime, kind: str, to: str, labels: list[str]) -> dict[str, Any]:
    more = "等" if len(labels) > SHOWN_NAMES else ""
    return {
        "when": when,
        "at": stamp(when),
        "kind": kind,
        "to": to,
        "labels": labels,
        "n": len(labels),
        "about": "、".join(labels[:SHOWN_NAMES]) + more,
        "all": "、".join(labels),
    }


def sendings(found: Iterable[dict[str, Any]], pushes: dict[str, int]) -> list[dict[str, Any]]:
    """What groups and services answered, the newest first; people's own browsers in one line."""
    rows = [
        {
            "name": one["name"],
            "turn": TURNS.get(one["why"], one["why"]),
            "result": RESULTS.get(_result(one), _result(one)),
            "words": "" if _result(one) == "accepted" else one["words"] or "",
            "at": one["at"] or one["made_at"],
        }
        for one in found
    ]
    told = [f"{RESULTS.get(code, code)} {n} 次" for code, n in sorted(pushes.items())]
    if told:
        rows.append(
            {"name": "手机推送", "turn": "", "result": "，".join(told), "words": "", "at": ""}
        )
    return rows


def _result(one: dict[str, Any]) -> str:
    """What the service answered last, unless nothing more will be sent."""
    is_over = one["state"] in ("given_up", "replaced", "over")
    return str(one["state"] if is_over else one["outcome"] or one["state"])


def picked(facts: Facts, building_id: str, now: datetime) -> dict[str, Any] | None:
    """One building with the people to telephone and when it came how far."""
    found = next((one for one in facts.reached() if one.building.id == building_id), None)
    if found is None:
        return None
    building = found.building
    look = looks_of(facts, [found], now)[building_id]
    roles = (
        ("楼长", building.leader_id),
        ("副楼长", building.deputy_id),
        ("网格长", building.chief_id),
    )
    return {
        "id": building_id,
        "label": facts.label(building_id),
        "households": building.households,
        "word": alert_map.WORDS[look],
        "is_silent": not found.has("acknowledged"),
        "is_claimed": found.has("forwarded") and not found.is_stale,
        "is_confirmed": found.has("confirmed"),
        "is_unreachable": found.is_unreachable,
        "people": [
            {"role": role, "name": facts.name(id), "phone": facts.phone(id)}
            for role, id in roles
            if id
        ],
        "hops": [_hop(facts, found, hop, word) for hop, word in HOPS.items() if hop in found.hops],
    }


def _hop(facts: Facts, found: Reached, hop: str, word: str) -> dict[str, Any]:
    event = found.hops[hop]
    how = CHANNELS if hop == "forwarded" else HOWS
    return {
        "word": word,
        "at": stamp(event.at),
        "took": clocked(event.at - facts.sent_at),
        "by": facts.name(event.person_id) if event.person_id else "",
        "how": how.get(event.channel, ""),
        "is_late": found.is_late(hop),
        "received_at": stamp(event.received_at),
    }
