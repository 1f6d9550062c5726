"""The earliest of every hop is kept beside the events, as the rules would fold them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from server.store import alert_reach
from server.store.database import Store
from sync.cascade import HOPS, Building, Event, Roster, reached
from sync.operations import stamp

START = datetime(2026, 8, 7, 1, 10, tzinfo=UTC)
HOME = "home"
BUILDINGS = ("b1", "b2")
ROSTER = Roster(
    started_at=START,
    from_at=START,
    buildings=tuple(Building(id=one, label=one, grid_id="1") for one in BUILDINGS),
)


@st.composite
def events(draw):
    minute = draw(st.integers(0, 5))
    return Event(
        id=f"e{draw(st.integers(0, 30)):02}",
        hop=draw(st.sampled_from(HOPS)),
        building_id=draw(st.sampled_from(BUILDINGS)),
        at=START + timedelta(minutes=minute),
        received_at=START + timedelta(minutes=minute + draw(st.integers(0, 9))),
        person_id=draw(st.sampled_from(("p1", "p2"))),
        edition=draw(st.integers(1, 3)),
        channel=draw(st.sampled_from(("wechat", "door"))),
        incident_id="i",
    )


def kept(store, found):
    with store.write() as tx:
        tx.run("delete from alert_event")
        tx.run("delete from alert_hop")
    for one in found:
        with store.write() as tx:
            alert_reach.add(tx, HOME, [one])
    with store.read() as tx:
        return alert_reach.hops(tx, HOME, "i")


def test_events_in_any_order_keep_what_the_rules_say(tmp_path):
    store = Store(tmp_path / "jinlin.db")

    @settings(max_examples=60, deadline=None)
    @given(st.lists(events(), max_size=12, unique_by=lambda one: one.id), st.randoms())
    def check(found, chance):
        once = kept(store, found)
        chance.shuffle(found)
        assert kept(store, [*found, *found]) == once

        told = {(row["building_id"], row["hop"]): row for row in once}
        for one in reached(ROSTER, found, edition=3):
            assert {hop for place, hop in told if place == one.building.id} == set(one.hops)
            for hop, first in one.hops.items():
                row = told[one.building.id, hop]
                assert (row["event_id"], row["at"]) == (first.id, stamp(first.at))
                assert (row["person_id"], row["channel"]) == (first.person_id, first.channel)
                same = [e for e in found if (e.building_id, e.hop) == (one.building.id, hop)]
                assert row["last_at"] == stamp(max(e.at for e in same))
                assert row["newest"] == max(e.edition for e in same)
                heard = [e.received_at for e in same if e.edition == row["newest"]]
                assert row["heard_at"] == stamp(min(heard))

    check()
    store.close()
