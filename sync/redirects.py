"""Work that calls somebody, or a door, by the id of a record that was merged into another.

It is applied to the record that was kept. What the merge remembers of both records goes along, so
that each has its own again when they turn out to be two. Twin of `follow`: web/phone/redirects.js.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UNSET, Struct, to_builtins
from msgspec.structs import replace

from sync.known import Known
from sync.merge import Merged, Stamp, merge
from sync.operations import (
    ConsentRecord,
    Data,
    HouseholdChange,
    Operation,
    ResidentChange,
)
from sync.records import Household, Record, Redirect, Resident, kind_of

EVENT = ("event", "event_on", "event_note")
# What is a record's own, and not worked out from others.
OWN: dict[str, tuple[str, ...]] = {
    "resident": (
        *("name", "pinyin", "birth_on", "sex", "relation_to_head", "categories"),
        *("status", "status_until", "household_id", "building_id", *EVENT),
    ),
    "household": (
        *("unit", "floor", "door_no", "label", "tenure", "own_categories", "status", *EVENT),
    ),
}
GOES_BACK = ("visit", "contact", "task", "pairing", "resident", "issue")
_NAMES = {"household_id": "household", "resident_id": "resident"}


def follow(data: Data, known: Known) -> Data:
    """The data with the ids of the records that were kept; `known.led` says which they were."""
    changes: dict[str, Any] = {}
    if isinstance(data, ResidentChange | HouseholdChange):
        kind = "resident" if isinstance(data, ResidentChange) else "household"
        changes["id"] = _kept(kind, data.id, known)
    changes |= _fields(data, known)
    inner = getattr(data, "changes", None)
    if isinstance(inner, Struct) and (found := _fields(inner, known)):
        changes["changes"] = replace(inner, **found)
    return replace(data, **changes) if known.led else data


def _fields(data: Struct, known: Known) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, kind in _NAMES.items():
        said = getattr(data, name, "")
        if said and said is not UNSET:
            found[name] = _kept(kind, said, known)
    named = getattr(data, "resident_ids", None)
    if isinstance(named, list):
        found["resident_ids"] = list(dict.fromkeys(_kept("resident", one, known) for one in named))
    asked = getattr(data, "checkups", None)
    if isinstance(asked, list):
        found["checkups"] = [
            replace(one, resident_id=_kept("resident", one.resident_id, known)) for one in asked
        ]
    return found


def _kept(kind: str, record_id: str, known: Known) -> str:
    """The id of what a record has become; its own when nobody merged it."""
    now = record_id
    buildings = []
    while known.town.get(kind, now) is None:
        redirect = known.redirect(now)
        if redirect is None or redirect.of != kind:
            break
        buildings.append(redirect.dropped["building_id"])
        now = redirect.into
    if now != record_id:
        known.led[record_id] = now
        if any(known.may_reach(one) for one in buildings):
            kept: Any = known.town.get(kind, now)
            known.led_buildings.add(kept.building_id)
    return now


def merged(
    kind: str, record: Record, changes: dict[str, Any], known: Known, base: int, n: int
) -> Merged | None:
    """An edit of a record by an id that it no longer has; None when it was called by its own.

    Where the two differed, somebody has chosen: another value is in dispute. Elsewhere the edit
    meets what was there when it was made.
    """
    said = next((one for one, now in known.led.items() if now == record.id), "")
    path = _path(said, known)
    if not path:
        return None
    since = path[-1].kept["version"]
    chosen = {field for one in path for field in one.decided}
    current, device = to_builtins(record), known.actor.device
    own, stamps = _stamps(path[0]), known.town.stamps(kind, record.id)
    applied: dict[str, Any] = {}
    disputed: dict[str, Any] = {}
    for field, value in changes.items():
        mine, last = own.get(field), stamps.get(field)
        if mine and mine.device == device and n < mine.n:
            continue
        is_new = last is not None and last.version > since
        if field in chosen and not is_new:
            last, is_new = Stamp(since + 1, "", 0), True
        seen, from_version = ({field: last}, since) if is_new else ({field: mine}, base)
        known_stamps = {name: one for name, one in seen.items() if one is not None}
        result = merge(current, known_stamps, {field: value}, from_version, device, n)
        applied |= result.applied
        disputed |= result.disputed
    return Merged(applied, disputed)


def remember(
    operation: Operation, said: Data, changed: Iterable[Record], known: Known
) -> list[Redirect]:
    """What merges remember now of both sides, after an operation that said `said`."""
    last = {one.id: one for one in changed}
    hosts = {one.id for one in last.values() if getattr(one, "merged_ids", None)}
    found: list[Redirect] = []
    for host_id in sorted(hosts | set(known.led.values())):
        after = last.get(host_id)
        before = known.town.get("resident", host_id) or known.town.get("household", host_id)
        host = after or before
        if isinstance(host, Resident | Household):
            found += _sides(operation, said, host, before, list(last.values()), known)
    return found


def _sides(
    operation: Operation,
    said: Data,
    host: Resident | Household,
    before: Record | None,
    changed: list[Record],
    known: Known,
) -> list[Redirect]:
    names = {one for one, now in known.led.items() if now == host.id}
    if not names or host.id in _named(said):
        names.add(host.id)
    after, was = to_builtins(host), to_builtins(before) if before else {}
    own = OWN[kind_of(host)]
    news = {field: after[field] for field in own if was and after[field] != was[field]}
    news |= _agreed(operation, said, after, own)
    found = []
    for redirect in tree(host, known):
        under = {redirect.id, *redirect.dropped["merged_ids"]}
        mine = names & under
        theirs = (names & _group(redirect, host, known)) - under
        now = redirect
        if mine:
            edited = _edited(redirect, operation, said, known)
            now = replace(edited, dropped={**edited.dropped, **news})
            now = replace(now, work=_work(now, operation, said, under, host, changed))
        if theirs:
            now = replace(now, kept={**now.kept, **news})
        if now != redirect:
            found.append(now)
    return found


def tree(host: Resident | Household, known: Known) -> list[Redirect]:
    """Every merge that this record has come from."""
    found = [known.redirect(one) for one in host.merged_ids]
    return [one for one in found if one is not None]


def _group(redirect: Redirect, host: Resident | Household, known: Known) -> set[str]:
    """All the ids of what this one was merged into."""
    if redirect.into == host.id:
        return {host.id, *host.merged_ids}
    above = known.redirect(redirect.into)
    return {redirect.into, *(above.dropped["merged_ids"] if above else ())}


def _agreed(
    operation: Operation, said: Data, after: Mapping[str, Any], own: Iterable[str]
) -> dict[str, Any]:
    """What an edit said and found so already: it counts for whom it was said of."""
    if not isinstance(said, ResidentChange | HouseholdChange):
        return {}
    changes = to_builtins(said.changes)
    return {name: changes[name] for name in own if name in changes and changes[name] == after[name]}


def _edited(redirect: Redirect, operation: Operation, said: Data, known: Known) -> Redirect:
    """The dropped record after an edit of it, as if nobody had merged it."""
    if not isinstance(said, ResidentChange | HouseholdChange) or said.id != redirect.id:
        return redirect
    changes = to_builtins(said.changes)
    if "categories" in changes:
        name = "categories" if redirect.of == "resident" else "own_categories"
        changes[name] = sorted(set(changes.pop("categories")))
    changes.pop("household_id", None)  # where they live now is told by the record that was kept
    device, n = known.actor.device, operation.n
    stamps = _stamps(redirect)
    result = merge(redirect.dropped, stamps, changes, operation.base or 0, device, n)
    version = redirect.dropped["version"] + 1
    by = {field: [version, device, n] for field in result.applied}
    dropped = {**redirect.dropped, **result.applied, "version": version}
    return replace(redirect, dropped=dropped, set_by={**redirect.set_by, **by})


def _work(
    redirect: Redirect,
    operation: Operation,
    said: Data,
    under: set[str],
    host: Record,
    changed: list[Record],
) -> list[list[Any]]:
    """What goes back with the dropped record, with what this operation made for it."""
    if isinstance(said, ConsentRecord):
        return [*redirect.work, ["said", operation.id]]
    inner = getattr(said, "changes", said)
    named, asked = _people(inner)
    about = {*named, *asked, *(getattr(inner, name, "") for name in _NAMES)}
    if not under & about:
        return redirect.work
    both = int(any(one not in under for one in _of_host(named, asked, host)))
    places = [place for place, one in enumerate(asked) if one in under]
    made = {operation.id, getattr(said, "id", "")}
    found = []
    for one in changed:
        kind = kind_of(one)
        if one.id in made and kind in GOES_BACK:
            more = [both, places] if kind in ("visit", "task") else []
            found.append([kind, one.id, *more])
    news = {(one[0], one[1]) for one in found}
    return [one for one in redirect.work if (one[0], one[1]) not in news] + found


def _of_host(named: Iterable[str], asked: Iterable[str], host: Record) -> set[str]:
    ids = {host.id, *getattr(host, "merged_ids", ())}
    return {*named, *asked} & ids


def _people(data: Any) -> tuple[list[str], list[str]]:
    """Whom data names, and whom it says were asked, in order."""
    named = getattr(data, "resident_ids", None)
    asked = getattr(data, "checkups", None)
    return (
        named if isinstance(named, list) else [],
        [one.resident_id for one in asked] if isinstance(asked, list) else [],
    )


def _named(said: Data) -> set[str]:
    """Every id of a person or a door that data names by itself."""
    found: set[str] = set()
    for data in (said, getattr(said, "changes", None)):
        named, asked = _people(data)
        one = {getattr(data, name, "") for name in ("household_id", "resident_id", "id")}
        found |= {*named, *asked, *(name for name in one if isinstance(name, str))}
    return found


def _path(said: str, known: Known) -> list[Redirect]:
    """The merges that lead from an id to the record that it means now."""
    found = []
    redirect = known.redirect(said) if said else None
    while redirect is not None:
        found.append(redirect)
        redirect = known.redirect(redirect.into)
    return found


def _stamps(redirect: Redirect) -> dict[str, Stamp]:
    return {field: Stamp(*values) for field, values in redirect.set_by.items()}
