"""What somebody asks for: of which community, with which key, which requests, since when."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from server import people
from server.open311.answers import FORMATS, Problem
from server.open311.services import NAMES, PUBLIC
from server.store import api_keys
from server.store.database import Tx
from server.store.open311 import Wanted
from sync.operations import stamp

MAX_SPAN = timedelta(days=90)
MAX_NAMED = 1000
STATUSES = ("open", "closed")

# Each name with all that was said under it.
Said = Mapping[str, list[str]]


class Place(NamedTuple):
    """Whose issues are asked for, and by which key; "" for anybody."""

    community_id: str
    key_id: str


def said_of(pairs: Iterable[tuple[str, str]]) -> Said:
    """What is empty counts as not said, as the standard wants it."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def first(said: Said, name: str) -> str:
    return said.get(name, [""])[0]


def parted(name: str) -> tuple[str, str]:
    """The last part of an address without its form, and the form; JSON when it says none."""
    stem, _, form = name.rpartition(".")
    return (stem, form) if stem and form in FORMATS else (name, "json")


def place(tx: Tx, said: Said) -> Place:
    """Raises Problem for a community that is not served here, and for a key that opens nothing.

    A community is served while it has a key that works. Where several are, one must be named.
    """
    served, asked = api_keys.open_communities(tx), first(said, "jurisdiction_id")
    if asked and asked not in served:
        raise Problem(404, "jurisdiction_id was not found.")
    if not asked and len(served) > 1:
        raise Problem(400, "jurisdiction_id was not provided.")
    if not served:
        raise Problem(404, "jurisdiction_id was not found: nothing is served here yet.")
    community_id, key = asked or served[0], first(said, "api_key")
    key_id = api_keys.of_hash(tx, community_id, people.token_hash(key)) if key else ""
    if key and not key_id:
        raise Problem(403, "api_key is invalid.")
    return Place(community_id, key_id)


def wanted(said: Said, where: Place, now: datetime) -> Wanted:
    """Raises Problem for what cannot be asked. Named requests override all else."""
    since, until = _span(first(said, "start_date"), first(said, "end_date"), now)
    ids = _listed(said, "service_request_id")
    codes = _listed(said, "service_code")
    statuses = _listed(said, "status")
    if not ids and set(codes) - set(NAMES):
        raise Problem(404, "service_code was not found.")
    if not ids and set(statuses) - set(STATUSES):
        raise Problem(400, "status is open or closed.")
    both = len(set(statuses)) != 1
    return Wanted(
        key_id=where.key_id,
        public=sorted(PUBLIC),
        ids=ids,
        codes=[] if ids else codes,
        since="" if ids else since,
        until="" if ids else until,
        status="" if ids or both else statuses[0],
    )


def named(request_id: str, where: Place) -> Wanted:
    """One request, of whatever day."""
    return Wanted(where.key_id, sorted(PUBLIC), [request_id], [], "", "", "")


def moment(said: Said, name: str) -> datetime | None:
    """An instant of the standard's form; None for none. Raises Problem for anything else."""
    text = first(said, name)
    if not text:
        return None
    try:
        # A plus that was not quoted arrives as a blank.
        at = datetime.fromisoformat(text.replace(" ", "+"))
        if at.tzinfo is None:
            raise ValueError(text)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem(400, f"{name} is no date of the form 2010-01-01T00:00:00Z.") from None


def _span(start: str, end: str, now: datetime) -> tuple[str, str]:
    since = moment({"start_date": [start]}, "start_date")
    until = moment({"end_date": [end]}, "end_date")
    try:
        if since and until:
            if until - since > MAX_SPAN:
                raise Problem(400, "start_date and end_date span more than 90 days.")
        elif since:
            until = since + MAX_SPAN
        else:
            until = until or now
            since = until - MAX_SPAN
    except OverflowError:
        raise Problem(400, "start_date or end_date is no date that can be asked for.") from None
    return stamp(since), stamp(until)


def _listed(said: Said, name: str) -> list[str]:
    """What was said under a name, several times or with commas, or both."""
    found = [one.strip() for value in said.get(name, []) for one in value.split(",")]
    kept = list(dict.fromkeys(filter(None, found)))
    if len(kept) > MAX_NAMED:
        raise Problem(400, f"{name} names more than {MAX_NAMED}.")
    return kept
