"""Half a year of the demo community as operations, exactly as phones and the office sent them."""

import random
from collections.abc import Iterator

from server.demo import (
    calls,
    days,
    delays,
    enquiries,
    issues,
    opening,
    pairs,
    review,
    rounds,
    silence,
    storms,
    tidying,
    trouble,
    wishes,
)
from server.demo.calls import Call
from server.demo.desk import Desk
from server.demo.exceptions import Exceptions
from server.demo.findings import Findings
from server.demo.handing import Handing
from server.demo.ids import Minter
from server.demo.shapes import Town
from server.demo.story import Story
from server.demo.stream import Acts, Entry, numbered

__all__ = ["Entry", "history"]


def history(town: Town, *, with_today: bool = False) -> Iterator[Entry]:
    """Every operation in the order it was received: the roster, then visits until yesterday.

    `with_today`: and what people do in today's storm; the past stays as it is without. The same
    town gives the same bytes. Each device numbers its operations 1, 2, 3 … without a gap.
    """
    rng = random.Random(f"{town.seed}:history")
    acts = Acts(Minter(f"{town.seed}:acts"))
    opening.open_town(town, acts)

    planned = rounds.rounds_of(rng, town)
    visits = calls.calls_of(rng, town, planned)
    visits += trouble.place(rng, town, planned, visits)
    visits = days.set_times(rng, visits, acts.minter)

    desk = Desk(rng, town, acts)
    wishes.wish(rng, town, visits, desk, acts)
    findings = Findings(town, visits, desk, acts)
    findings.ask_everybody()
    silence.look_for(town, visits, acts)
    review.Review(rng, town, desk, acts).go_through(visits)
    exceptions = Exceptions(rng, town, desk, acts)
    exceptions.add_conflicts()
    exceptions.add_quarantined()
    wishes.ask_for_today(rng, town, visits, desk)
    for call in visits:
        author = call.visitor.id, call.visitor.device_id
        acts.add(author, call.at_ms, "visit.record", call.data(), act_id=call.id)
    pairs.pair(town, desk, acts)
    pairs.happen(town, acts)

    delays.receive(rng, acts.all, town.today)
    _warn(town, visits, acts)
    tidying.add(town, acts)
    issues.tell(town, acts, findings.raising)
    if with_today:
        Story(town, acts, visits).tell()
    delays.keep_order(acts.all)
    yield from numbered(acts.all)


def _warn(town: Town, visits: list[Call], acts: Acts) -> None:
    """What people did with the warnings of the half year; what it was is in `storms`."""
    arrivals = delays.Arrivals(acts.all)
    for storm in storms.storms_of(town):
        handing = Handing(town, acts, storm)
        asking = enquiries.Enquiries(town, acts, storm.id, visits, arrivals)
        for edition, part in enumerate(storm.parts, start=1):
            handing.hand_on(part, edition)
            if not part.bulletin.is_end:
                asking.ask(part.bulletin, asking.listed(part.bulletin))
