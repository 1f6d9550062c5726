"""What a person's own phone is told of its holder: rights, and work in buildings handed over."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from server.store import alerts, leaves, team
from server.store import people as rows
from sync import days
from sync.operations import stamp
from sync.pairings import told
from sync.reconcile import Follows
from sync.records import Alert, Community, Pairing, Person, Visit, only
from sync.visits import EFFECTIVE

if TYPE_CHECKING:
    from server.intake.writing import Writing

# This month and what of the last one somebody may still ask about.
TOLD_DAYS = 62


def publish(writing: Writing, person_id: str) -> None:
    """Tell a person's own phone who it belongs to and which buildings are theirs."""
    _tell(writing, person_id)
    writing.flush()


def follow(writing: Writing, follows: Follows, actor_id: str) -> None:
    """Tell leaders of their pairs, and keep an author's totals right when a visit changed that
    their phone does not hold."""
    _tell_pairs(writing, follows)
    for one in only(Alert, follows.changed):
        # The office ended it: what else there is to do is done at once.
        alerts.look_at(writing.tx, writing.community_id, one.id, stamp(writing.now))
    if writing.seeding:
        return
    visits = only(Visit, follows.changed)
    for author in sorted({one.by for one in visits if one.before_transfer or one.by != actor_id}):
        today = rows.today_of(writing.tx, writing.community_id, writing.now)
        held = rows.buildings_now(writing.tx, writing.community_id, author, today)
        if any(one.by == author and one.building_id not in held for one in visits):
            _tell(writing, author)


def _tell_pairs(writing: Writing, follows: Follows) -> None:
    """What a leader's own phone shows of those they look after."""
    for changed in only(Pairing, follows.changed):
        if not changed.leader_id:
            continue
        kept: Any = writing.records.get("pairing", changed.id)
        shown = told(kept)
        if shown is None:
            writing.feed.end(f"person:{kept.leader_id}", "pair", kept.id)
        else:
            writing.feed.tell(kept.leader_id, "pair", kept.id, to_builtins(shown))


def _tell(writing: Writing, person_id: str) -> None:
    tx, home = writing.tx, writing.community_id
    found = rows.find(tx, home, person_id)
    assert found is not None
    community: Any = writing.records.get("community", home)
    assert isinstance(community, Community)
    held = rows.buildings_now(tx, home, person_id, rows.today_of(tx, home, writing.now))
    buildings: list[Any] = [writing.records.get("building", one) for one in held]
    record = Person(
        id=person_id,
        name=found.name,
        role=found.role,
        community_name=community.name,
        office_phone=community.office_phone,
        timezone=community.timezone,
        grid_names=sorted({one.grid_name for one in buildings if one and one.grid_name}),
        building_ids=held,
        elsewhere=_elsewhere(writing, person_id, held, community.timezone),
        standing_in=_standing_in(writing, person_id),
    )
    writing.feed.tell(person_id, "person", person_id, to_builtins(record))


def _standing_in(writing: Writing, person_id: str) -> list[tuple[str, str, list[str]]]:
    tx, home = writing.tx, writing.community_id
    today = rows.today_of(tx, home, writing.now)
    found = []
    for leave in leaves.stood_in_for(tx, home, person_id, today):
        away = rows.find(tx, home, leave.person_id)
        assert away is not None
        held = rows.buildings_now(tx, home, leave.person_id, today)
        found.append((away.name, leave.until_on, held))
    return found


def _elsewhere(
    writing: Writing, person_id: str, held: list[str], timezone: str
) -> list[tuple[str, int, int, int]]:
    since = stamp(writing.now - timedelta(days=TOLD_DAYS))
    by_day: dict[str, list[tuple[str, str]]] = defaultdict(list)
    made = team.visits_made(writing.tx, writing.community_id, person_id, since)
    for true_at, building_id, household_id, result in made:
        if building_id not in held:
            by_day[days.day(true_at, timezone)].append((household_id, result))
    return [
        (
            day,
            len({household_id for household_id, _ in found}),
            len(found),
            sum(result in EFFECTIVE for _, result in found),
        )
        for day, found in sorted(by_day.items())
    ]
