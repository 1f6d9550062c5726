"""What is left of a record when its time is over, and of the operations that made it."""

from collections.abc import Callable
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import replace

from server import emptied_desk
from server.intake.writing import Writing
from server.store import checkups, forgettable, identities, meetings, roster_steps
from sync import masks
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import (
    Answers,
    Contact,
    Followup,
    Issue,
    Pairing,
    Record,
    Redirect,
    Resident,
    Task,
    Visit,
)

NOBODY = Stamp(0, "", 0)
# What people typed, and what says who somebody is.
TYPED = frozenset({"note", "followup", "reason", "what", "text", "event_note"})
# Of an entry of an issue "what" is a code.
SAID = frozenset({"text", "place", "words", "inner"})
WHO = frozenset(
    {"name", "pinyin", "birth_on", "sex", "relation", "relation_to_head", "phone", "visit_wish"}
) | {"note", "event_note"}


def answers(writing: Writing, visit_id: str) -> None:
    visit = writing.records.get("visit", visit_id)
    assert isinstance(visit, Visit)
    _keep(writing, [replace(visit, checkups=[])])
    _log(writing, visit.household_id, {visit_id}, _without_checkups)


def texts(writing: Writing, visit_id: str) -> None:
    visit = writing.records.get("visit", visit_id)
    assert isinstance(visit, Visit)
    _keep(writing, [replace(visit, note="", followup="", returned_reason="")])
    _log(writing, visit.household_id, {visit_id}, _without_texts)


def followup(writing: Writing, followup_id: str) -> None:
    """Of one that an answer opened the item stays: it is a question, and not what somebody said."""
    one = writing.records.get("followup", followup_id)
    assert isinstance(one, Followup)
    what = one.what if one.item else ""
    _keep(writing, [replace(one, what=what, result="", note="", steps=[])])
    _log(writing, one.household_id, {followup_id}, _without_ending)


def task(writing: Writing, task_id: str) -> None:
    one = writing.records.get("task", task_id)
    assert isinstance(one, Task)
    _keep(writing, [replace(one, reason="")])
    _log(writing, one.household_id, {task_id}, _without_texts)


def photos(writing: Writing, visit_id: str) -> None:
    """The pictures themselves go with the next look for those that no visit speaks of."""
    visit = writing.records.get("visit", visit_id)
    assert isinstance(visit, Visit)
    _keep(writing, [replace(visit, media=[])])
    forgettable.drop_media(writing.tx, writing.community_id, visit_id)


def issue(writing: Writing, issue_id: str) -> None:
    """What was done about it, by whom and when, stays: it counts, and nothing is told any more."""
    one = writing.records.get("issue", issue_id)
    assert isinstance(one, Issue)
    entries = [_blanked(entry, SAID) for entry in one.entries]
    _keep(writing, [replace(one, text="", place="", entries=entries)])
    meetings.forget(writing.tx, writing.community_id, issue_id)
    for door in {one.household_id, ""}:
        _log(writing, door, {issue_id}, lambda data: _blanked(data, SAID))


def issue_photos(writing: Writing, issue_id: str) -> None:
    one = writing.records.get("issue", issue_id)
    assert isinstance(one, Issue)
    _keep(writing, [replace(one, media=[])])
    forgettable.drop_issue_media(writing.tx, writing.community_id, issue_id)


def person(writing: Writing, resident_id: str) -> None:
    """A surname at a door stays: the visits still count, and nobody is known by it."""
    who = writing.records.get("resident", resident_id)
    assert isinstance(who, Resident)
    of_door = partial_of(writing, who.household_id)
    mine = [one for one in of_door("contact") if getattr(one, "resident_id", "") == who.id]
    contacts = [one for one in mine if isinstance(one, Contact)]
    pairs = [
        replace(one, resident_name=masks.name(one.resident_name), resident_phone="")
        for one in of_door("pairing")
        if isinstance(one, Pairing) and one.resident_id == who.id
    ]
    said = writing.records.get("answers", who.id)
    others = _merged_into(writing, who)
    kept: list[Record] = [_nameless(who), *pairs, *others, *_visits_without(writing, who.id)]
    if isinstance(said, Answers):
        kept.append(replace(said, items={}))
    gone = [("contact", one.id) for one in contacts]
    writing.save(Follows(kept, removed=gone), NOBODY)
    for ident in (who.id, *who.merged_ids):
        identities.forget(writing.tx, writing.community_id, ident)
        roster_steps.forget(writing.tx, writing.community_id, ident)
    ids = {who.id, *who.merged_ids, *(one.id for one in contacts)}
    forgettable.drop_edits(writing.tx, writing.community_id, ids)
    emptied_desk.about(writing, ids, _without_anybody)
    _log(writing, who.household_id, ids, _without_who)


def partial_of(writing: Writing, household_id: str) -> Callable[[str], list[Record]]:
    return lambda kind: writing.records.of_household(kind, household_id)


EMPTY: dict[str, Callable[[Writing, str], None]] = {
    "answers": answers,
    "visits": texts,
    "followups": followup,
    "tasks": task,
    "issues": issue,
    "pictures": photos,
    "issue_pictures": issue_photos,
    "people": person,
    "weather": emptied_desk.weather,
    "kept": lambda writing, key: emptied_desk.kept(writing, key, _without_anybody),
    "disputes": emptied_desk.dispute,
    "imports": emptied_desk.imported,
    "outboxes": emptied_desk.outbox,
}


def _nameless(who: Resident) -> Resident:
    return replace(
        who,
        name=masks.name(who.name),
        pinyin="",
        birth_on="",
        sex="",
        relation_to_head="",
        categories=[],
        event="",
        event_on="",
        event_note="",
        visit_wish="",
    )


def _merged_into(writing: Writing, who: Resident) -> list[Record]:
    """The records that were found to be the same person: what they said goes with it."""
    found = [writing.records.get("redirect", one) for one in who.merged_ids]
    return [
        replace(one, dropped=_nameless_of(one.dropped), kept=_nameless_of(one.kept))
        for one in found
        if isinstance(one, Redirect)
    ]


def _nameless_of(said: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = to_builtins(_nameless(convert(said, Resident)))
    return {name: whole[name] for name in said}


def _visits_without(writing: Writing, resident_id: str) -> list[Record]:
    """Visits without what this person was asked."""
    ids = checkups.of_resident(writing.tx, writing.community_id, resident_id)
    found = [writing.records.get("visit", one) for one in ids]
    return [
        replace(one, checkups=[each for each in one.checkups if each["resident_id"] != resident_id])
        for one in found
        if isinstance(one, Visit)
    ]


def _keep(writing: Writing, after: list[Record]) -> None:
    writing.save(Follows(after), NOBODY)


def _log(
    writing: Writing, household_id: str, ids: set[str], blank: Callable[[dict[str, Any]], Any]
) -> None:
    at = stamp(writing.now)
    # What is put aside is written before the log is read as it lies in its table.
    writing.tx.pour()
    forgettable.empty_log(writing.tx, writing.community_id, household_id, ids, blank, at)
    writing.log.forget()


def _without_checkups(data: dict[str, Any]) -> Any:
    return {**data, "checkups": []} if "checkups" in data else data


def _without_texts(data: Any) -> Any:
    return _blanked(data, TYPED)


def _without_ending(data: Any) -> Any:
    """How it ended is typed, too; of a visit the same word is a code."""
    return _blanked(data, TYPED | {"who"} | ({"result"} if "id" in data else set()))


def _without_who(data: Any) -> Any:
    blank = _blanked(data, WHO)
    return {**blank, "categories": []} if "categories" in data else blank


def _without_anybody(data: dict[str, Any]) -> Any:
    return _without_checkups(_without_who(_without_ending(data)))


def _blanked(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_blanked(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: "" if name in names and isinstance(one, str) else _blanked(one, names)
        for name, one in value.items()
    }
