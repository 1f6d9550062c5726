"""What a visit does to its door and its people, and why the office should look at it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import UNSET, to_builtins
from msgspec.structs import replace

from sync import checkups, ladder, media, review_rules, weather_list, wordings
from sync.care import GONE, PAUSED, household_categories
from sync.followups import TAKEN_BACK, Ending, ended, level_of
from sync.known import Known
from sync.operations import VisitCorrect, VisitRecord, VisitWithdraw, instant, stamp
from sync.plans import plan
from sync.records import Followup, Household, Pairing, Record, Resident, Visit
from sync.refusals import Refusal

EFFECTIVE = frozenset({"met", "met_family", "phone_ok"})
STATUS_RESULTS = PAUSED | GONE
WEATHER = "weather"
# A warning or a death asks for nobody's knocking hours.
UNTIMED = ("event_triggered", WEATHER)

ASKED_RESULTS = frozenset({"refused", "no_answer", "moved_out", "deceased", "wrong_info"})

# A phone shows half a year of visits and at most a dozen a door; the office has the rest.
WINDOW_DAYS = 180
WINDOW_VISITS = 12


def record(operation_id: str, data: VisitRecord, known: Known) -> list[Record]:
    """A visit as a fact, with what it says about the door, its people, tasks and follow-up."""
    household = known.household(data.household_id)
    asked = [one.resident_id for one in data.checkups]
    residents = _people([*data.resident_ids, *asked], household, known)
    tasks = [known.task(task_id) for task_id in data.task_ids]
    visit = _visit(operation_id, data, household, known)
    more: list[Record] = []
    if visit.checkups:
        visit, residents, more = checkups.take_in(visit, residents, known)
    asking = [*questions(visit, known), *_flagged(visit, more, known)]
    if not asking and review_rules.is_sampled(visit.id, _rules(known)[review_rules.SAMPLE]):
        asking = [review_rules.SAMPLE]
    visit = replace(visit, questions=asking, review="waiting" if asking else "none")

    changed: list[Record] = [visit, *more]
    changed += settle(*take_in(visit, household, residents, known), known)
    if visit.pairing_id:
        changed += _pair_after(visit, [*known.visits(household.id), visit], changed, known)
    changed += ladder.follow(visit, household, known)
    for task in tasks:
        if task.status == "open" and task.household_id == household.id:
            changed.append(replace(task, status="done", done_visit_id=visit.id))
    if data.followup:
        changed.append(_followup(visit, known))
    return changed


def correct(data: VisitCorrect, known: Known) -> list[Record]:
    """A new version of a visit. The old one stays in the log; the office looks at the new."""
    visit = known.visit(data.id)
    if visit.withdrawn:
        raise Refusal("visit.withdrawn")
    _refuse_other_author(visit, known)
    household = known.household(visit.household_id)
    changes = given(data.changes)
    if not changes:
        raise Refusal("nothing.changed")
    for name in {"started_at", "ended_at"} & set(changes):
        changes[name] = _utc(changes[name])
    if isinstance(data.changes.checkups, list):
        changes["checkups"] = wordings.shown(data.changes.checkups)
    after = replace(visit, **changes, corrected=1, returned_reason="", returned_field="")
    named = [*visit.resident_ids, *after.resident_ids]
    named += [*checkups.people_of(visit), *checkups.people_of(after)]
    residents = _people(named, household, known)

    more: list[Record] = []
    if visit.checkups or after.checkups:
        after, residents, more = checkups.put_right(visit, after, residents, known)
    asking = [*questions(after, known), *_flagged(after, more, known), *_put_right(visit, known)]
    if known.actor.role in ("office", "secretary"):
        after = replace(after, review="approved")
    else:
        after = replace(after, questions=asking, review="waiting" if asking else "none")
    changed: list[Record] = [after, *more]
    others = [one for one in known.visits(household.id) if one.id != visit.id]
    changed += settle(*fold([*others, after], visit, household, residents, known), known)
    changed += _pair_after(visit, [*others, after], changed, known)
    changed += ladder.follow(after, household, known, is_new=False)
    if visit.type == WEATHER:
        tasks = known.asked_after(household.id)
        changed += [weather_list.corrected(one, after) for one in tasks]
    if after.followup and not visit.followup:
        changed.append(_followup(after, known))
    return changed


def withdraw(data: VisitWithdraw, known: Known) -> list[Record]:
    """Take a visit back: it stays to be seen, but counts for nothing any more."""
    visit = known.visit(data.id)
    _refuse_other_author(visit, known)
    if visit.withdrawn:
        raise Refusal("visit.withdrawn")
    household = known.household(visit.household_id)
    residents = _people([*visit.resident_ids, *checkups.people_of(visit)], household, known)
    after = replace(visit, withdrawn=1, review="none", questions=[])
    more: list[Record] = []
    if visit.checkups:
        after, residents, more = checkups.put_right(visit, after, residents, known)

    changed: list[Record] = [after, *more]
    others = [one for one in known.visits(household.id) if one.id != visit.id]
    changed += settle(*fold(others, visit, household, residents, known), known)
    changed += _pair_after(visit, others, changed, known)
    changed += ladder.follow(after, household, known, is_new=False)
    if visit.type == WEATHER:
        weather = known.asked_after(household.id)
        changed += [weather_list.without_contact(one, visit.id) for one in weather]
    for task_id in visit.task_ids:
        task = known.task(task_id)
        if task.done_visit_id == visit.id:
            changed.append(replace(task, status="open", done_visit_id=""))
    if visit.followup:
        followup = known.followup(visit.id)
        if followup.status == "open":
            ending = Ending(known.actor.name, known.true_at, TAKEN_BACK)
            changed.append(ended(followup, ending))
    return changed


def take_in(
    visit: Visit, household: Household, residents: list[Resident], known: Known
) -> tuple[Household, list[Resident]]:
    """The door and its people after one more visit, which may be older than the last."""
    if visit.withdrawn:
        return household, residents
    arrived_at, made_at = visit.received_at or visit.true_at, _made_at(visit)
    on = known.day(_instant(made_at))
    effective = visit.result in EFFECTIVE
    # The latest counts, and among equals the later number. What is dated at this one's arrival came
    # with it, from a clock that was set since: when it was made nobody knows, but it was before.
    if made_at >= household.last_visit_at or household.last_visit_at == arrived_at:
        household = replace(household, last_visit_at=made_at, last_result=visit.result)
    if (effective and not visit.resident_ids) or visit.result == "vacant":
        day, way = _later_contact(household.door_contact_on, household.door_method, on, visit)
        household = replace(household, door_contact_on=day, door_method=way)
    if visit.result == "refused":
        rest = date.fromisoformat(on) + timedelta(days=known.community.refused_rest_days)
        household = replace(household, rest_until=max(household.rest_until, rest.isoformat()))

    return household, _people_after(visit, residents, _concerned(visit, residents), known)


def _concerned(visit: Visit, residents: list[Resident]) -> set[str]:
    """Whom a visit is about: those it names, or who lives alone behind a door that has a status."""
    if not visit.resident_ids and visit.result in STATUS_RESULTS and len(residents) == 1:
        return {residents[0].id}
    return set(visit.resident_ids)


def gone_again(visit: Visit, known: Known) -> list[Record]:
    """Who by this visit died or moved away, after the office had not taken its word for a time."""
    household = known.household(visit.household_id)
    people = _people(visit.resident_ids, household, known)
    concerned = _concerned(visit, people)
    back = [one.id for one in people if one.id in concerned and one.status == "living"]
    if visit.result not in GONE or not back:
        return []
    told = {"status": visit.result, "status_until": "", "status_at": ""}
    people = [replace(one, **told) if one.id in back else one for one in people]
    return settle(household, people, known)


def _people_after(
    visit: Visit, residents: list[Resident], concerned: Collection[str], known: Known
) -> list[Resident]:
    on = known.day(_instant(_made_at(visit)))
    return [_person_after(visit, one, on) if one.id in concerned else one for one in residents]


def _made_at(visit: Visit) -> str:
    """No visit was made after it arrived: a clock that ran ahead hides no door from its plan."""
    return min(visit.true_at, visit.received_at or visit.true_at)


def fold(
    visits: Iterable[Visit],
    taken_back: Visit,
    household: Household,
    residents: list[Resident],
    known: Known,
) -> tuple[Household, list[Resident]]:
    """The door and its people as the remaining visits tell it, when one was taken back.

    Visits at other doors are asked too: people move.
    """
    on = known.day(_instant(_made_at(taken_back)))
    household = replace(
        household,
        last_visit_at="",
        last_result="",
        door_contact_on="",
        door_method="",
        rest_until="",
    )
    residents = [
        replace(one, **_contact_without(on, one), **_status_without(taken_back, one))
        for one in residents
    ]
    here = list(visits)
    elsewhere: dict[str, Visit] = {}
    for one in residents:
        for visit in known.town.naming("visit", one.id):
            if isinstance(visit, Visit) and visit.household_id != household.id:
                elsewhere[visit.id] = visit
    for visit in _in_order([*here, *elsewhere.values()]):
        if visit.id not in elsewhere:
            household, residents = take_in(visit, household, residents, known)
        elif not visit.withdrawn:
            residents = _people_after(visit, residents, visit.resident_ids, known)
    return household, residents


def _in_order(visits: list[Visit]) -> list[Visit]:
    """Oldest first. What says that it was made after it arrived goes before what came with it."""
    earliest: dict[str, str] = {}
    for one in visits:
        earliest[one.received_at] = min(one.true_at, earliest.get(one.received_at, one.true_at))

    def order(one: Visit) -> tuple[str, bool, str, str]:
        is_possible = one.true_at <= (one.received_at or one.true_at)
        made_at = one.true_at if is_possible else min(earliest[one.received_at], one.received_at)
        return made_at, is_possible, one.true_at, one.id

    return sorted(visits, key=order)


def _pair_after(
    visit: Visit, visits: Iterable[Visit], changed: Iterable[Record], known: Known
) -> list[Record]:
    """The pair that a visit names and may have ended, with the day of its last contact."""
    named = [one for one in changed if isinstance(one, Pairing) and one.id == visit.pairing_id]
    pairing = named[-1] if named else known.town.get("pairing", visit.pairing_id)
    if not isinstance(pairing, Pairing) or pairing.household_id != visit.household_id:
        return []
    days = [
        known.day(_instant(_made_at(one)))
        for one in visits
        if one.pairing_id == pairing.id and one.result in EFFECTIVE and not one.withdrawn
    ]
    return [replace(pairing, contacted_on=max(days, default=""))]


def settle(household: Household, people: list[Resident], known: Known) -> list[Record]:
    """The doors of these people with categories and due day computed anew, and the people.

    People who moved away since the visit was recorded count at the door where they live now.
    """
    here = [one for one in people if one.household_id == household.id]
    changed = _settle_door(household, here, known)
    moved = {one.id: one for one in people if one.household_id != household.id}
    for home_id in sorted({one.household_id for one in moved.values()}):
        at_home = [moved.get(one.id, one) for one in known.residents(home_id)]
        changed += _settle_door(known.household(home_id), at_home, known)
    return changed


def _settle_door(household: Household, residents: list[Resident], known: Known) -> list[Record]:
    ended: list[Record] = []
    if any(one.paired and one.status in GONE for one in residents):
        residents, ended = _part(household, residents, known)
    festivals = known.community.festivals
    at = plan(household, residents, known.intervals, festivals, known.today)
    categories = household_categories(household, residents, known.today)
    settled = replace(
        household,
        categories=categories,
        due_on=at.on,
        due_category=at.category,
        interval=at.interval,
        due_method=at.method,
        due_for=at.residents,
        due_reasons=at.reasons,
    )
    return [settled, *residents, *ended]


def _part(
    household: Household, residents: list[Resident], known: Known
) -> tuple[list[Resident], list[Record]]:
    """Nobody looks after who died or moved away any more."""
    gone = {one.id for one in residents if one.paired and one.status in GONE}
    pairings = [one for one in known.pairings(household.id) if one.resident_id in gone]
    ended = [replace(one, status="ended", until_on=known.today) for one in pairings]
    return [replace(one, paired=0) if one.id in gone else one for one in residents], [
        after for before, after in zip(pairings, ended, strict=True) if before.status == "active"
    ]


def questions(visit: Visit, known: Known) -> list[str]:
    """Why the office should look at this visit; none for the green majority (DOMAIN §7)."""
    rules = _rules(known)
    asked = []
    if visit.result in ASKED_RESULTS:
        asked.append(f"result.{visit.result}")
    at, received = instant(visit.at), known.moment.received_at
    true_at = _instant(visit.true_at)
    assert at is not None
    if max(at, true_at) > received + timedelta(minutes=rules["time.ahead"]):
        asked.append("time.ahead")
    if true_at < received - timedelta(days=rules["time.old"]):
        asked.append("time.old")
    if known.from_file:
        asked.append("time.file")
    at_door = visit.method == "door" and visit.type not in UNTIMED
    if at_door:
        asked += _hour(known.clock(true_at), rules)
    return review_rules.only(asked + _pace(visit, true_at, known, rules), rules)


def _rules(known: Known) -> Mapping[str, int]:
    return review_rules.of(known.community.review_rules)


def _hour(at: datetime, rules: Mapping[str, int]) -> list[str]:
    minute = at.hour * 60 + at.minute
    odd = {"time.early": minute < rules["time.early"], "time.late": minute > rules["time.late"]}
    return [code for code, is_odd in odd.items() if is_odd]


def _put_right(before: Visit, known: Known) -> list[str]:
    """A worker's own correction is asked about; what was sent back comes back in any case."""
    asked = [one for one in before.questions if one == review_rules.SAMPLE]
    if before.review == "returned" or _rules(known)["corrected"]:
        asked.append("corrected")
    return asked


def _flagged(visit: Visit, changed: Iterable[Record], known: Known) -> list[str]:
    """The worst that its answers set off, for the office to see; what is for it alone, no phone is
    told by a question."""
    if not visit.checkups:
        return []
    here = {one.id: one for one in known.followups(visit.household_id)}
    here |= {one.id: one for one in changed if isinstance(one, Followup)}
    level = level_of(visit.id, here.values())
    return review_rules.only([f"flag.{level}"] if level else [], _rules(known))


def given(changes: Any) -> dict[str, Any]:
    """The fields that a `*.change` really names."""
    return {
        name: to_builtins(value)
        for name in changes.__struct_fields__
        if (value := getattr(changes, name)) is not UNSET
    }


def _pace(visit: Visit, true_at: Any, known: Known, rules: Mapping[str, int]) -> list[str]:
    since = stamp(true_at - timedelta(hours=1))
    lately = known.town.visited_since(known.actor.person_id, since, visit.true_at)
    asked = []
    if len(lately) >= rules["pace.doors"] and visit.type != WEATHER:
        doors = {one["household_id"] for one in lately}
        if len(doors | {visit.household_id}) > rules["pace.doors"]:
            asked.append("pace.doors")
    least = timedelta(seconds=rules["pace.short"])
    if visit.type == "elder_care" and _is_short(visit.started_at, visit.ended_at, least):
        short = [one for one in lately if _is_short(one["started_at"], one["ended_at"], least)]
        if len(short) + 1 >= rules["pace.series"]:
            asked.append("pace.short")
    return asked


def _is_short(started_at: str, ended_at: str, least: timedelta) -> bool:
    start, end = instant(started_at), instant(ended_at)
    return start is not None and end is not None and end - start < least


def _visit(operation_id: str, data: VisitRecord, household: Household, known: Known) -> Visit:
    moment, actor = known.moment, known.actor
    return Visit(
        id=operation_id,
        household_id=household.id,
        building_id=household.building_id,
        by=actor.person_id,
        by_name=actor.name,
        at=stamp(moment.at),
        true_at=stamp(moment.true_at),
        received_at=stamp(moment.received_at),
        type=data.type,
        method=data.method,
        result=data.result,
        note=data.note,
        resident_ids=data.resident_ids,
        started_at=_utc(data.started_at),
        ended_at=_utc(data.ended_at),
        away_until=data.away_until,
        task_ids=data.task_ids,
        checkups=wordings.shown(data.checkups) if data.checkups else [],
        media=_media(data.media, known) if data.media else [],
        followup=data.followup,
        pairing_id=data.pairing_id,
        before_transfer=int(
            household.building_id not in actor.building_ids
            and household.building_id in actor.held_before
        ),
    )


def _media(said: list[Any], known: Known) -> list[Any]:
    """Pictures as the record counts them: those that came before the text have arrived."""
    names = media.named(said)
    return media.shown(said, known.town.arrived_media(known.actor.person_id, names))


def _followup(visit: Visit, known: Known) -> Followup:
    return Followup(
        id=visit.id,
        household_id=visit.household_id,
        building_id=visit.building_id,
        visit_id=visit.id,
        what=visit.followup,
        opened_at=visit.true_at,
        by=visit.by,
        by_name=visit.by_name,
    )


def _person_after(visit: Visit, resident: Resident, on: str) -> Resident:
    if visit.result in EFFECTIVE:
        day, way = _later_contact(resident.last_contact_on, resident.last_method, on, visit)
        resident = replace(resident, last_contact_on=day, last_method=way)
    if _is_overruled(visit, resident):
        return resident
    if visit.result in STATUS_RESULTS:
        if visit.review == "returned":
            return resident  # the office did not take its word; what it knows itself stays
        return replace(resident, status=visit.result, status_until=visit.away_until)
    if visit.result == "met" and visit.method == "door" and resident.status in PAUSED:
        return replace(resident, status="living", status_until="")
    return resident


def _is_overruled(visit: Visit, resident: Resident) -> bool:
    """Whether somebody set the status since. Who died or moved away is news when it arrives."""
    told_at = visit.received_at if visit.result in GONE else _made_at(visit)
    return told_at < resident.status_at


def _later_contact(known_on: str, known_way: str, on: str, visit: Visit) -> tuple[str, str]:
    """Day and way of the later of two contacts; of two on one day, the one at the door counts."""
    way = "door" if visit.method == "door" else "phone"
    if on == known_on:
        return on, "door" if "door" in (way, known_way) else way
    return (on, way) if on > known_on else (known_on, known_way)


def _contact_without(on: str, resident: Resident) -> Mapping[str, str]:
    """Only a contact of that day can be the one that was taken back."""
    return {"last_contact_on": "", "last_method": ""} if resident.last_contact_on == on else {}


def _status_without(visit: Visit, resident: Resident) -> Mapping[str, str]:
    by_this_visit = visit.result in STATUS_RESULTS and resident.status == visit.result
    by_this_visit = by_this_visit and not _is_overruled(visit, resident)
    return {"status": "living", "status_until": ""} if by_this_visit else {}


def _people(named: Iterable[str], household: Household, known: Known) -> list[Resident]:
    """Everyone at this door, and those named who moved from it while the phone was offline."""
    people = {one.id: one for one in known.residents(household.id)}
    for resident_id in named:
        if resident_id in people:
            continue
        resident = known.resident(resident_id)
        if not known.may_reach(resident.building_id):
            raise Refusal("resident.elsewhere")
        people[resident_id] = resident
    return list(people.values())


def _refuse_other_author(visit: Visit, known: Known) -> None:
    if known.actor.role in ("office", "secretary") or visit.by == known.actor.person_id:
        return
    raise Refusal("visit.not_yours")


def _instant(stamped: str) -> datetime:
    at = instant(stamped)
    assert at is not None
    return at


def _utc(text: str) -> str:
    """An instant as a record keeps it, whatever offset it came with."""
    return stamp(_instant(text)) if text else ""
