"""What a hand-over tells the phones of both: what comes and what needs looking after first."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from server.intake.writing import Writing
from server.store import followups
from server.store import handovers as reads
from server.store import people as rows
from server.store.database import Tx
from sync import days
from sync.care import RED_DAYS
from sync.followups import urgency
from sync.scope import FIELD

DOORS_SHOWN, NAMED, LETTERS = 6, 3, 20
PUT_OFF = "rescheduled"


def tell(writing: Writing, handover_id: str) -> None:
    """One notice for each of the two; told again it takes the place of the earlier one."""
    tx, home = writing.tx, writing.community_id
    found = reads.find(tx, home, handover_id)
    assert found is not None
    if found["giver_role"] not in FIELD:
        return  # building leaders have no list of the day, and are told no why
    today = rows.today_of(tx, home, writing.now)
    places = reads.labels(tx, home, found["buildings"])
    doors = reads.doors(tx, home, found["buildings"])
    since = f"从{_said(found['from_on'])}起" if found["from_on"] > today else "现在"
    named = "、".join(places) if len(places) <= NAMED else f"{places[0]}等 {len(places)} 栋"
    what = f"{named}（{len(doors)} 户）"
    if found["undone_at"]:
        both = f"{what}的交接已撤销，分工和原来一样。"
        _send(writing, handover_id, found["to_id"], both)
        _send(writing, handover_id, found["from_id"], both)
        return
    taken = f"{since}，{found['giver']}负责的{what}交给您。"
    gone = f"{since}，您负责的{what}由{found['taker']}接手。已经记下还没发出的，照样发得出去。"
    lines = [f"交接说明：{found['note']}"] if found["note"] else []
    needed = _needed(tx, home, doors, today)
    if needed:
        lines.append(_counted(needed, doors, today))
        # Until that day these doors are not theirs, so nobody is named.
        lines += ["先看哪几户，到那天写在这里。"] if found["from_on"] > today else _first(needed)
    _send(writing, handover_id, found["to_id"], taken, lines)
    _send(writing, handover_id, found["from_id"], gone)


def begun_since(writing: Writing, day: str) -> None:
    """Hand-overs whose day has come: what needs looking after first, as it stands now."""
    tx, home = writing.tx, writing.community_id
    for handover_id in reads.begun(tx, home, day, rows.today_of(tx, home, writing.now)):
        tell(writing, handover_id)


def _send(
    writing: Writing, handover_id: str, person_id: str, said: str, lines: Iterable[str] = ()
) -> None:
    writing.notices.tell(
        handover_id,
        person_id,
        "handover",
        "handover",
        "",
        message=said,
        state="told",
        reason="\n".join(lines),
    )


class Needed(NamedTuple):
    """A door that cannot wait its turn."""

    pressing: int
    why: str
    door: dict[str, Any]
    asked: bool


def _needed(tx: Tx, community_id: str, doors: list[dict[str, Any]], today: str) -> list[Needed]:
    """The doors that come first, the most pressing before the others."""
    asked: dict[str, dict[str, Any]] = {}
    for one in followups.still_open(tx, community_id):
        known = asked.get(one["household_id"])
        if not one["restricted"] and (
            known is None or urgency(one["level"]) > urgency(known["level"])
        ):
            asked[one["household_id"]] = one
    found = [
        Needed(*need, one, one["id"] in asked)
        for one in doors
        if (need := _need(one, asked.get(one["id"]), today))
    ]
    return sorted(found, key=lambda one: (-one.pressing, one.door["id"]))


def _counted(needed: list[Needed], doors: list[dict[str, Any]], today: str) -> str:
    late = sum("" < one["due_on"] < today for one in doors)
    weekly = sum(0 < one["interval"] <= RED_DAYS for one in doors)
    asked = sum(one.asked for one in needed)
    return f"超期 {late} 户，每周看望 {weekly} 户，有跟进 {asked} 户。"


def _first(needed: list[Needed]) -> list[str]:
    """The doors to begin with, and what each needs."""
    shown = [
        f"{one.door['label']} {one.door['names'] or ''}：{one.why}".replace(" ：", "：")
        for one in needed[:DOORS_SHOWN]
    ]
    more = len(needed) - len(shown)
    return ["先看：", *shown, *([f"另有 {more} 户，在楼栋图里看。"] if more else [])]


def _need(
    door: dict[str, Any], followup: dict[str, Any] | None, today: str
) -> tuple[int, str] | None:
    """How pressing a door is, and why; None for one that can wait its turn."""
    if followup and urgency(followup["level"]) > 1:
        return 1000 + urgency(followup["level"]), _followup(followup)
    if "" < door["due_on"] < today:
        late = days.between(door["due_on"], today)
        weekly = 0 < door["interval"] <= RED_DAYS
        return min(late, 400) + 500 * weekly, f"超期 {late} 天" + "，每周看望" * weekly
    if followup:
        return 2, _followup(followup)
    return (1, "约好改天再去") if door["last_result"] == PUT_OFF else None


def _followup(one: dict[str, Any]) -> str:
    what = one["what"]
    return f"跟进“{what if len(what) <= LETTERS else what[: LETTERS - 1] + '…'}”"


def _said(day: str) -> str:
    return f"{int(day[5:7])}月{int(day[8:])}日"
