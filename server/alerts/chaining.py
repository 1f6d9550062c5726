"""Messages that came in become warnings: which they are of, and what happens to each.

Worked out anew from every message of the last months, so that the order in which they came decides
nothing but who was told when.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from server.alerts import cascading, stepping
from server.alerts.merging import merge
from server.intake.writing import Writing
from server.store import alert_messages
from server.store.alert_messages import Known
from sync import duties
from sync.alert_areas import Covers
from sync.alert_facts import MAX_NAME, concerns, described, place_of
from sync.alert_matches import confirms
from sync.alert_records import Alert
from sync.alert_signs import Key
from sync.incidents import Incident, incidents, wakes
from sync.operations import instant, stamp
from sync.standing_down import OVER
from sync.telling import worded_over

REMEMBERED = timedelta(days=90)


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of now, what was known of it before these messages, and its messages."""

    now: Incident
    before: Incident | None
    known: dict[
        Key, list[Known]
    ]  # more than one where a name came with other words; the last counts
    ids: list[str]  # of warnings that these messages were of so far

    @property
    def messages(self) -> list[Known]:
        return [one for known in self.known.values() for one in known]


def renew(writing: Writing, new: frozenset[str]) -> list[Alert]:
    """The warnings that these new messages are of, after what follows from them."""
    found = alert_messages.since(writing.tx, writing.community_id, stamp(writing.now - REMEMBERED))
    known: dict[Key, list[Known]] = {}
    for one in found:
        known.setdefault(one.sign.key, []).append(one)
    news = {one.sign.key for one in found if one.id in new}
    now = incidents(one[-1].sign for one in known.values())
    before = incidents(one.sign for one in found if one.id not in new)
    touched = _touched(now, known, news)
    owners = _owners(writing, touched, known)
    changed = []
    for incident in reversed(touched):
        chain = Chain(
            now=incident,
            before=next((one for one in before if one.keys & incident.keys), None),
            known={key: known[key] for key in incident.keys},
            ids=[one for one in sorted(_ids(incident, known)) if owners[one] is incident],
        )
        changed += [one for one in [_follow(writing, chain)] if one is not None]
    return changed


def _ids(incident: Incident, known: dict[Key, list[Known]]) -> set[str]:
    """The warnings that its messages were of so far."""
    return {one.incident_id for key in incident.keys for one in known[key]} - {""}


def _touched(now: list[Incident], known: dict[Key, list[Known]], news: set[Key]) -> list[Incident]:
    """Those that a new message belongs to, and those that were one with them until now."""
    ids = {found for one in now if one.keys & news for found in _ids(one, known)}
    return [one for one in now if one.keys & news or _ids(one, known) & ids]


def _owners(
    writing: Writing, touched: list[Incident], known: dict[Key, list[Known]]
) -> dict[str, Incident]:
    """Which part keeps the id when an incident falls into several: the one that was told last."""
    owners: dict[str, Incident] = {}
    for one in touched:
        for incident_id in _ids(one, known):
            alert = _alert(writing, incident_id)
            is_told = alert is not None and alert.source_id in {
                key[1][:MAX_NAME] for key in one.keys
            }
            if is_told or incident_id not in owners:
                owners[incident_id] = one
    return owners


def _follow(writing: Writing, chain: Chain) -> Alert | None:
    """Start, update or end the warning of a chain of messages."""
    tx, home = writing.tx, writing.community_id
    place = place_of(cascading.community_of(writing))
    is_ours = concerns(chain.now, place)
    known = [one for one in (_alert(writing, each) for each in chain.ids) if one is not None]
    if not known and is_ours is Covers.NO:
        return None
    zone = ZoneInfo(cascading.community_of(writing).timezone)
    ids = [one.id for one in chain.messages]
    read = alert_messages.messages(tx, home, ids)
    words = described(chain.now, {key: read[one[-1].id] for key, one in chain.known.items()}, zone)
    points = words.pop("guide")
    kept = min(known, key=_rank, default=None)
    alert = replace(
        kept or Alert(id=_new_id(writing, chain)),
        **words,
        received_at=min(one.received_at for one in chain.messages),
        is_verified=int(_is_verified(chain)),
    )
    alert_messages.belong(tx, home, ids, alert.id)
    if kept is None:
        alert = _first(writing, alert, chain, is_ours, points)
    else:
        for other in known:
            if other.id != kept.id:
                merge(writing, other, alert)
        go_on = _next if kept.started_at else _still_waiting
        alert = go_on(writing, alert, chain, is_ours, points)
    writing.waiting.release([alert.id])
    return alert


def _is_verified(chain: Chain) -> bool:
    """Whether a source said what holds now, and not only somebody who forwarded it."""
    head = chain.now.head
    return any(
        one.is_verified and (one.sign.key == head.key or confirms(one.sign, head))
        for one in chain.messages
    )


def _first(
    writing: Writing, alert: Alert, chain: Chain, is_ours: Covers, points: Iterable[str]
) -> Alert:
    """A warning that nobody here knows of yet."""
    state = chain.now.state(writing.now)
    if state != "open":
        return _keep_over(writing, alert, chain, state)
    if is_ours is Covers.YES:
        return _begin(writing, alert, points)
    return _kept(writing, cascading.in_words(writing, replace(alert, state="waiting"), points))


def _still_waiting(
    writing: Writing, alert: Alert, chain: Chain, is_ours: Covers, points: Iterable[str]
) -> Alert:
    """A warning that is known and of which nobody was told."""
    is_not_ours = alert.state == "dismissed" or is_ours is Covers.NO
    if is_not_ours and chain.now.state(writing.now) == "open":
        return _kept(writing, replace(alert, state="dismissed"))
    return _first(writing, alert, chain, is_ours, points)


def _next(
    writing: Writing, alert: Alert, chain: Chain, is_ours: Covers, points: Iterable[str]
) -> Alert:
    """A warning of which people were told, by what its messages say now."""
    state = chain.now.state(writing.now)
    if is_ours is Covers.NO:
        state = "closed"
    if alert.state in OVER:
        return _after_its_end(writing, alert, chain, state, points)
    if state == "closed":
        return cascading.end(writing, replace(alert, closes_at=_ended(writing, chain)))
    if state == "expired":
        return cascading.expire(writing, alert)
    if wakes(chain.before, chain.now) or cascading.is_sooner(writing, alert):
        return _step(writing, cascading.tell_again(writing, alert, points))
    return cascading.renew(writing, alert, points)


def _after_its_end(
    writing: Writing, alert: Alert, chain: Chain, state: str, points: Iterable[str]
) -> Alert:
    if state == "open" and _reopens(alert, chain):
        return _step(writing, cascading.tell_again(writing, alert, points))
    if state == "closed" and alert.state == "closed" and not alert.closed_by:
        alert = replace(alert, closes_at=_ended(writing, chain))
    return cascading.put_right(writing, alert)


def _ended(writing: Writing, chain: Chain) -> str:
    return stamp(min(chain.now.head.sent, writing.now))


def _reopens(alert: Alert, chain: Chain) -> bool:
    """Whether a warning that is over begins again: not by what was said before the office ended
    it, nor by what changes nothing while the text holds that the office ended."""
    if alert.state == "expired":
        return True
    ended, said = instant(alert.closes_at), chain.now.head.sent
    is_later = ended is None or said > ended
    is_new = chain.before is not None and said >= chain.before.ends_at
    return (wakes(chain.before, chain.now) or is_new) and (is_later or not alert.closed_by)


def _begin(writing: Writing, alert: Alert, points: Iterable[str]) -> Alert:
    return _step(writing, cascading.begin(writing, alert, points))


def _step(writing: Writing, alert: Alert) -> Alert:
    """Where nobody leads a building somebody else is asked at once."""
    stepping.step(writing, alert.id)
    return alert


def _keep_over(writing: Writing, alert: Alert, chain: Chain, state: str) -> Alert:
    """It was over before anybody here was told: the office can read of it."""
    over = _ended(writing, chain) if state == "closed" else stamp(chain.now.ends_at)
    alert = replace(alert, state=state, closes_at=over)
    return _kept(writing, worded_over(alert, cascading.community_of(writing)))


def _kept(writing: Writing, alert: Alert) -> Alert:
    cascading.save(writing, [alert])
    return alert


def _rank(alert: Alert) -> tuple[bool, bool, str, str]:
    """What was told stays before what was not, what goes on before what is over, then the first."""
    return not alert.started_at, alert.state in OVER, alert.received_at, alert.id


def _new_id(writing: Writing, chain: Chain) -> str:
    """The same again when a backup was restored and the message comes once more."""
    sender, identifier = chain.now.signs[0].key
    made = str(uuid5(UUID(writing.community_id), f"{sender} {identifier}"))
    if _alert(writing, made) is None:
        return made
    return duties.id_of(made, stamp(writing.now))


def _alert(writing: Writing, incident_id: str) -> Alert | None:
    found = writing.records.get("alert", incident_id)
    return found if isinstance(found, Alert) else None
