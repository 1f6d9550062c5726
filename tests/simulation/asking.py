"""What people are asked at doors, and what must be true of it at the end."""

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from sync.followups import flagged_id
from tests.simulation.field import FIELDWORK, visit_data
from tests.simulation.phone import Phone
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

# Questions of the first edition, and what is answered to them.
ANSWERS: dict[str, list[Any]] = {
    "E01": ["clear", "slower"],
    "E02": ["free", "cane", "helped", "bed"],
    "E04": [["none"], ["stroke"], ["fever"], ["stroke", "fever"], ["flown"]],
    "E13": ["none", "suspected"],
    "E16": [["good"], ["wire"]],
    "E26": ["yes", "less", "phone", "none"],
    "X99": ["?"],
}
LOUD = {"CK-ELDER.E04": ("stroke", "fever"), "CK-ELDER.E16": ("wire",)}
SECRETS = ("CK-", "consent", "visit_wish", "categories", "checkups", "questions")


def checkup(town: "Town", chance: Random) -> None:
    phone = town.someone(chance, FIELDWORK)
    people = phone.all("resident")
    if not people:
        return
    # There is always somebody whom everybody visits.
    person = chance.choice([people[0], chance.choice(people)])
    data = visit_data(person["household_id"], chance)
    data["resident_ids"] = [person["id"]]
    data["checkups"] = [checkup_of(person["id"], chance)]
    now = town.backend.clock.now
    made = phone.record(now, "visit.record", data)
    if chance.random() < 0.15:
        close(phone, now, made.id, person["id"], chance)


def second_checkup(town: "Town", chance: Random) -> None:
    """Correct what was answered, or close what an own visit opened under the name it gave it."""
    phone = town.someone(chance, FIELDWORK)
    own = [one for one in phone.entries.values() if asked_at(one)]
    if not own:
        return
    entry = chance.choice(own)
    person = entry.data["checkups"][0]["resident_id"]
    now = town.backend.clock.now
    if chance.random() < 0.4:
        close(phone, now, entry.id, person, chance)
        return
    data = {"id": entry.id, "changes": {"checkups": [checkup_of(person, chance)]}}
    phone.record(now, "visit.correct", data)


def paper(town: "Town", chance: Random) -> None:
    phone = town.someone(chance, FIELDWORK)
    people = phone.all("resident")
    if people:
        said = {
            "resident_id": chance.choice(people)["id"],
            "consent": chance.choice(["yes", "no"]),
            "method": "written",
        }
        phone.record(town.backend.clock.now, "consent.record", said)


def checkup_of(resident_id: str, chance: Random) -> dict[str, Any]:
    asked = chance.sample(sorted(ANSWERS), chance.randint(1, 4))
    found = {
        "resident_id": resident_id,
        "checklist_id": "CK-ELDER",
        "version": chance.choice([1] * 9 + [8]),
        "answers": {name: {"value": chance.choice(ANSWERS[name])} for name in asked},
    }
    if chance.random() < 0.2:
        found["consent"] = chance.choice(["yes", "no"])
    return found


def close(phone: Phone, now: Any, visit_id: str, person_id: str, chance: Random) -> None:
    named = flagged_id(visit_id, person_id, chance.choice(sorted(LOUD)))
    phone.record(now, "followup.close", {"id": named, "result": "办好了"})


def asked_at(entry: Any) -> bool:
    return entry.kind == "visit.record" and bool(entry.data.get("checkups"))


# What must be true at the end


def check(town: "Town") -> None:
    visits = _visits(town)
    _answers_are_the_newest(town, visits)
    _nothing_loud_is_lost(town, visits)
    _what_must_follow_is_open_once(town)
    for phone in town.phones:
        _holds_no_secret(town, phone)


def _visits(town: "Town") -> list[dict[str, Any]]:
    """Visits that count and asked somebody, in the order of their true time."""
    rows = town.backend.rows(
        """
        select id, checkups, true_at, received_at from visit
        where withdrawn = 0 and checkups <> '[]'
        """
    )
    found = [
        {**row, "at": min(row["true_at"], row["received_at"])}
        | {"checkups": msgspec.json.decode(row["checkups"])}
        for row in rows
    ]
    return sorted(found, key=lambda one: (one["at"], one["id"]))


def _answers_are_the_newest(town: "Town", visits: list[dict[str, Any]]) -> None:
    newest: dict[str, dict[str, Any]] = defaultdict(dict)
    for visit in visits:
        for one in visit["checkups"]:
            for name, answer in one["answers"].items():
                if not answer.get("declined"):
                    newest[one["resident_id"]][f"CK-ELDER.{name}"] = answer["value"], visit["id"]
    held = {}
    for row in town.backend.rows("select id, items from answers"):
        items = msgspec.json.decode(row["items"])
        held[row["id"]] = {
            name: (one["value"], one["visit_id"]) for name, one in items.items() if "." in name
        }
    known = {person: items for person, items in held.items() if items}
    demand(known == dict(newest), "answers", f"{known} are held, {dict(newest)} the newest")


def _nothing_loud_is_lost(town: "Town", visits: list[dict[str, Any]]) -> None:
    """Each red answer of a known edition is an entry of one follow-up about its person."""
    entries: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in town.backend.rows("select resident_id, item, entries, result from followup"):
        for one in msgspec.json.decode(row["entries"]):
            if row["result"] != "withdrawn":
                entries[row["resident_id"], row["item"], one["visit_id"]] += 1
    for visit in visits:
        for one in visit["checkups"]:
            for item, words in LOUD.items():
                said = one["answers"].get(item.removeprefix("CK-ELDER."), {}).get("value", [])
                if one["version"] == 1 and set(words) & set(said):
                    found = entries[one["resident_id"], item, visit["id"]]
                    demand(found == 1, "follow-up", f"{item} of {visit['id']} has {found} entries")


def _what_must_follow_is_open_once(town: "Town") -> None:
    twice = town.backend.rows(
        """
        select household_id, resident_id, item from followup
        where item <> '' and status = 'open'
        group by household_id, resident_id, item having count(*) > 1
        """
    )
    demand(not twice, "follow-up", f"{twice} are open twice")


def _holds_no_secret(town: "Town", phone: Phone) -> None:
    """A leader's phone tells nothing of anybody's health; none what is for the office alone."""
    for stream, records in phone.streams.items():
        texts = [text.decode() for (kind, _), text in records.items() if kind != "checklist"]
        demand("suspected" not in str(texts), "secret", f"phone {phone.key} knows in {stream}")
        if phone.role == "leader" and stream.startswith("doors:"):
            found = [word for word in SECRETS if word in str(texts)]
            demand(not found, "secret", f"leader's phone {phone.key} holds {found}")
