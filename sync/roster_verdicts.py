"""What becomes of one row of a roster: a resident, a rejection with its class, or nothing.

The order is the contract's: address, vacant, gone, name, ID number, duplicates.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from sync.addresses import Address
from sync.births import Birth, read_birth
from sync.idnumbers import BadIdNumber, IdNumber, clean, hidden
from sync.idnumbers import read as read_id
from sync.labels import departure, is_vacant, read_labels, relation, sex
from sync.names import read_name
from sync.phones import Phones, read_phones
from sync.roster_results import (
    BAD_ADDRESS,
    DUPLICATE,
    ID15_UPGRADED,
    ID_CONFLICT,
    ID_MISSING,
    MISSING_NAME,
    OTHER_ADDRESS,
    UNKNOWN_LABEL,
    VACANT,
    Contact,
    Draft,
    Place,
    Resident,
)

Warning_ = tuple[str, str]


class Verdict(NamedTuple):
    """Exactly one of `resident`, `rejected` and `skipped` is filled."""

    resident: Resident | None = None
    rejected: str = ""
    reason: str = ""
    first: Place | None = None  # where the file had the person before
    skipped: str = ""
    warnings: tuple[Warning_, ...] = ()


class _Known(NamedTuple):
    name: str
    household: str
    place: Place
    at: int = -1


class Seen:
    """Who was accepted so far. `key` turns an ID number into what it is known by (a keyed hash)."""

    def __init__(self, key: Callable[[str], str] = str) -> None:
        self.residents: list[Resident] = []
        self._key = key
        self._by_id: dict[str, _Known] = {}
        self._by_traits: dict[tuple[str, str, str], _Known] = {}

    def know(self, id_key: str, name: str, birth_on: str, household: str, place: Place) -> None:
        """Somebody accepted earlier, of whom only the key of the ID number is kept."""
        known = _Known(name, household, place)
        if id_key:
            self._by_id[id_key] = known
        self._by_traits[(name, birth_on, household)] = known

    def judge(self, one: Resident) -> Verdict:
        """Keep a resident, unless the same one was here before."""
        traits = (one.name, one.birth_on, one.household)
        if one.id_number:
            before = self._by_id.get(self._key(one.id_number))
            if before is not None:
                return _same_number(one, before)
            twin = self._by_traits.get(traits)
            if twin is not None and twin.at >= 0 and not self.residents[twin.at].id_number:
                # The number that the first row of this person lacked.
                self.residents[twin.at] = replace(self.residents[twin.at], id_number=one.id_number)
                self._by_id[self._key(one.id_number)] = twin
                return Verdict(skipped=DUPLICATE, first=twin.place)
        elif traits in self._by_traits:
            return Verdict(skipped=DUPLICATE, first=self._by_traits[traits].place)

        known = _Known(one.name, one.household, one.place, len(self.residents))
        self._by_traits.setdefault(traits, known)
        if one.id_number:
            self._by_id[self._key(one.id_number)] = known
        self.residents.append(one)
        return Verdict(one)


def judge(
    draft: Draft, id_text: str, address: Address | None, seen: Seen, today: str, place: Place
) -> Verdict:
    """The verdict on a row; `seen` remembers a resident that it accepts."""
    if address is None:
        return Verdict(rejected=BAD_ADDRESS, reason=_why_no_door(draft))
    name, aside = read_name(draft.name)
    kin = relation(draft.relation)
    gone = departure("；".join((draft.note, aside, draft.status)), kin)
    nobody = is_vacant(draft.name) or (not name and not clean(id_text) and _says_vacant(draft))
    if nobody or gone.reason:
        return Verdict(skipped=VACANT if nobody else gone.reason)
    if not name:
        return Verdict(rejected=MISSING_NAME, reason="roster.missing_name")
    try:
        number = read_id(id_text, today)
    except BadIdNumber as bad:
        return Verdict(rejected=bad.fault, reason=f"roster.{bad.fault}")

    birth = read_birth(draft.birth, today)
    own, other = read_phones(draft.phone), read_phones(draft.emergency_phone)
    resident = Resident(
        household=address.key,
        name=name,
        birth_on=number.birth_on if number else (birth or Birth()).on,
        sex=number.sex if number else sex(draft.sex),
        relation_to_head=_relation_to_head(kin, name, draft.head),
        categories=read_labels(draft.labels).codes,
        id_number=number.number if number else "",
        contacts=tuple(_contacts(draft, name, own, other)),
        place=place,
    )
    verdict = seen.judge(resident)
    if verdict.resident is None:
        return verdict
    doubts = list(_warnings(draft, number, birth, kin))
    if own.unreadable or other.unreadable:
        doubts.append(("phone_unreadable", ""))
    if gone.unclear:
        doubts.append(("note_unclear", draft.note))
    return verdict._replace(warnings=tuple(doubts))


def _same_number(one: Resident, before: _Known) -> Verdict:
    if before.name != one.name:
        return Verdict(rejected=ID_CONFLICT, reason="roster.id_conflict", first=before.place)
    if before.household != one.household:
        reason = "roster.duplicate_other_address"
        return Verdict(rejected=OTHER_ADDRESS, reason=reason, first=before.place)
    return Verdict(skipped=DUPLICATE, first=before.place)


def _why_no_door(draft: Draft) -> str:
    door = draft.door or draft.address
    if not door:
        return "roster.door_blank"
    looks_dated = read_birth(door, "9999-12-31")
    is_date = looks_dated is not None and looks_dated.on and looks_dated.exact
    return "roster.door_is_date" if is_date else "roster.bad_address"


def _says_vacant(draft: Draft) -> bool:
    return any(map(is_vacant, (draft.note, draft.tenure, draft.status)))


def _relation_to_head(kin: str, name: str, head: str) -> str:
    if kin == "?":
        return "other"
    return kin or ("head" if read_name(head).name == name else "")


def _contacts(draft: Draft, name: str, own: Phones, other: Phones) -> Iterator[Contact]:
    for number, whose in zip(own.numbers, own.relations, strict=True):
        yield Contact(name=name if whose == "self" else "", relation=whose, phone=number)
    for number, whose in zip(other.numbers, other.relations, strict=True):
        if number in own.numbers:
            continue
        named, aside = read_name(draft.emergency_name)
        said = (relation(draft.emergency_relation), relation(aside), whose)
        kin = next((one for one in said if one not in ("", "?", "self")), "other")
        yield Contact(name=named, relation=kin, phone=number)


def _warnings(
    draft: Draft, number: IdNumber | None, birth: Birth | None, kin: str
) -> Iterator[Warning_]:
    if number is None:
        yield ID_MISSING, ""
    elif number.upgraded:
        yield ID15_UPGRADED, ""
    for word in read_labels(draft.labels).unknown:
        yield UNKNOWN_LABEL, hidden(word)
    if birth is None:
        yield "birth_unreadable", draft.birth
    elif number is None and not birth.exact:
        yield "birth_day_missing", draft.birth
    elif number and birth.on and birth.exact and birth.on != number.birth_on:
        yield "birth_differs", draft.birth
    if number and sex(draft.sex) not in ("", number.sex):
        yield "sex_differs", draft.sex
    if kin == "?":
        yield "unknown_relation", draft.relation
