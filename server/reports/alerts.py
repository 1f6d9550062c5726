"""What became of a warning, as tables for a file or for paper. No door and no resident in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.office import alert_map, alert_replay, alert_view, alert_words
from server.office.alert_facts import Facts
from server.office.alert_words import clocked, spoken
from server.reports.taking import Line
from server.reports.workbooks import Table, tabled
from sync import days, masks, reach
from sync.cascade import Reached
from sync.operations import stamp

DRILL = "演练"


def tables(
    facts: Facts, about: Mapping[str, str], contacts: Mapping[str, Any], timezone: str, masked: bool
) -> list[Table]:
    """`about` is the warning itself in words, `contacts` how far the one-by-one contacts came."""
    found = facts.reached()
    made = [
        tabled("概况", "项目 20,内容 70", [*_about(facts, found, about), *_contacts(contacts)]),
        tabled("各级", "级 12,应到 10,已发出 10,已说转发 10,已确认 10", _levels(found)),
        tabled("用时", "到哪一步 14,半数 16,九成 16,全部 16", _spreads(facts, found)),
        tabled("逐栋", _HEADS, [_building(facts, one, timezone) for one in found]),
        tabled("催办", "时间 10,做了什么 12,问了谁 12,问的是 60", _steps(facts, timezone)),
        tabled(
            "逐分钟",
            "第几分钟 10,时间 10,已发出 10,已说转发 10,已确认 10,转发户数 10,这一分钟 50",
            _minutes(facts, timezone),
        ),
    ]
    return [_masked(one, facts) for one in made] if masked else made


_HEADS = (
    "网格 14,小区 14,楼栋 10,户数 8,楼长 10,发出 10,送到手机 10,点了收到 10,说已转发 10"
    ",转到哪里 10,已确认 10,用时 10,情况 16"
)


def _about(facts: Facts, found: list[Reached], about: Mapping[str, str]) -> list[Line]:
    reached = reach.coverage(facts.roster, found, facts.sent_at)
    rows: list[Line] = [[name, said] for name, said in about.items() if said]
    rows.append(["楼长点了收到", f"{reached.leaders_acknowledged} / {reached.leaders} 位"])
    rows.append(["联系不上", f"{sum(one.is_unreachable for one in found)} 栋"])
    rows.append(["转的是旧文字", f"{sum(one.is_stale for one in found)} 栋"])
    late = sum(any(one.is_late(hop) for hop in one.hops) for one in found)
    rows.append(["离线补报", f"{late} 栋"])
    rows.append(["名单定下后的新户", f"+{facts.new_doors}"])
    return rows


def _contacts(contacts: Mapping[str, Any]) -> list[Line]:
    if not contacts["all"]:
        return []
    rows: list[Line] = [["挨户问平安", f"{contacts['done']} / {contacts['all']} 户"]]
    return rows + [[f"其中{one['word']}", f"{one['n']} 户"] for one in contacts["rows"]]


def _levels(found: list[Reached]) -> list[Line]:
    return [
        [row["word"], count.all, count.sent, count.claimed, count.confirmed]
        for row in alert_view.levels(found)
        for count in [row["count"]]
    ]


def _spreads(facts: Facts, found: list[Reached]) -> list[Line]:
    rows: list[Line] = []
    for hop, word in alert_words.HOPS.items():
        took = reach.spread(found, hop, facts.sent_at)
        shares = (took.t50, took.t90, took.t100)
        rows.append([word, *(spoken(one) if one is not None else "没到" for one in shares)])
    return rows


def _building(facts: Facts, one: Reached, timezone: str) -> Line:
    building, place = one.building, facts.place(one.building.id)
    forwarded = one.hops.get("forwarded")
    took = one.at("forwarded")
    words = {"sent": "没回音", "delivered": "没回音"} | alert_map.WORDS
    late = "（离线补报）" if any(one.is_late(hop) for hop in one.hops) else ""
    return [
        place.grid_name,
        place.compound,
        place.name,
        building.households,
        facts.name(building.leader_id) if building.leader_id else "没有楼长",
        *(_clock(one, hop, timezone) for hop in ("sent", "delivered", "acknowledged", "forwarded")),
        alert_words.CHANNELS.get(forwarded.channel, "") if forwarded else "",
        _clock(one, "confirmed", timezone),
        clocked(took - facts.sent_at) if took else "",
        words[reach.look(one)] + late,
    ]


def _clock(one: Reached, hop: str, timezone: str) -> str:
    return _local(one.hops[hop].at, timezone) if hop in one.hops else ""


def _local(at: datetime, timezone: str) -> str:
    return days.local(stamp(at), timezone)[11:16]


def _steps(facts: Facts, timezone: str) -> list[Line]:
    return [
        [_local(one["when"], timezone), one["kind"], one["to"], one["all"]]
        for one in reversed(alert_view.steps(facts))
    ]


def _minutes(facts: Facts, timezone: str) -> list[Line]:
    return [
        [
            one.number,
            days.local(one.at, timezone)[11:16],
            one.sent,
            one.claimed,
            one.confirmed,
            one.households,
            one.happened,
        ]
        for one in alert_replay.minutes(facts)
    ]


def _masked(table: Table, facts: Facts) -> Table:
    names = sorted({who.name for who in facts.people.values()} - {""})
    lines: list[Line] = [
        [masks.text(cell, names) if isinstance(cell, str) else cell for cell in line]
        for line in table.lines
    ]
    return table._replace(lines=lines)
