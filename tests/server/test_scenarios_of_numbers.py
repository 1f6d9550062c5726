"""A month through the one door for writes, against what was counted by hand beforehand."""

from datetime import UTC, datetime

import pytest

from server import months
from server.store import people
from sync.months import total
from tests.server.spine import Spine, visit_data

OCTOBER = "2026-10"


@pytest.fixture
def spine(tmp_path):
    town = Spine(tmp_path)
    yield town
    assert town.faults() == []
    town.stop()


def go_to(spine, on, hour=10):
    """To an hour of a day in Shanghai."""
    year, month, day = (int(part) for part in on.split("-"))
    spine.clock.now = datetime(year, month, day, hour - 8, tzinfo=UTC)


def kept(spine, month=OCTOBER):
    community = spine.get("community", spine.home)
    with spine.store.read() as tx:
        return months.month_of(tx, community, month, spine.clock.now.date().isoformat())


def test_scenario_2_two_workers_at_one_door_without_a_network(spine):
    """Both visits are kept, the task is done once, and the person counts once in the month."""
    first = spine.phone("worker1")
    spine.intake.do(
        spine.home,
        lambda writing: people.assign(
            writing.tx, spine.home, spine.people["worker2"], spine.building, "2026-01-01"
        ),
    )
    second = spine.phone("worker2")
    go_to(spine, "2026-10-12")
    task = spine.submit("task.add", {"household_id": spine.door, "reason": "问问用药"}).id

    met = first.visit(spine.door, resident_ids=[spine.elder], task_ids=[task])
    spine.clock.now = spine.clock.now.replace(hour=6)
    by_phone = {"result": "phone_ok", "method": "phone", "type": "phone"}
    called = second.visit(spine.door, resident_ids=[spine.elder], task_ids=[task], **by_phone)
    outcomes = [second.push(called)[0].outcome, first.push(met)[0].outcome]

    assert outcomes == ["accepted", "accepted"]
    visits = spine.rows("select result, withdrawn from visit order by true_at")
    assert [(one["result"], one["withdrawn"]) for one in visits] == [("met", 0), ("phone_ok", 0)]
    (done,) = spine.rows("select status, done_visit_id from task")
    assert done["status"] == "done"
    assert spine.get("visit", done["done_visit_id"]).result == "phone_ok"
    assert first.push(met)[0].outcome == "duplicate"
    (standing,) = kept(spine)
    assert (standing.contacts, standing.seen_on) == (2, "2026-10-12")


class Month:
    """Adds people to a building, each behind a door of their own, and what becomes of them."""

    def __init__(self, spine):
        self.spine = spine
        self.phone = spine.phone("worker1")
        self.ids = {}

    def move_in(self, name, birth_on="1955-03-03", categories=("living_alone",)):
        door_no = str(600 + len(self.ids))
        door = {"building_id": self.spine.building, "unit": "1", "door_no": door_no}
        home = self.spine.submit("household.add", door).id
        data = {"household_id": home, "name": name, "birth_on": birth_on}
        made = self.spine.submit("resident.add", {**data, "categories": list(categories)})
        self.ids[name] = (home, made.id)

    def visit(self, name, **changes):
        home, resident = self.ids[name]
        data = visit_data(home, resident_ids=[resident], **changes)
        return self.phone.record("visit.record", data)

    def see(self, name, **changes):
        assert self.phone.push(self.visit(name, **changes))[0].outcome == "accepted"


def test_scenario_7_a_month_counted_by_hand(spine):
    """October 2026.

    Counted, 8: 黄秀珍 of the spine, not seen; met twice; telephoned on the last evening; not home
    and refused, so not seen; turned eighty; moved in; back from a journey, not seen; met, but the
    phone brings it in November. Reached by 1 November: 4 of 8; when the late phone came: 5 of 8.
    Apart: 1 in hospital, 1 away, 1 refused in writing. No part: died, moved out.
    """
    go_to(spine, "2026-09-28")
    month = Month(spine)
    for name in ("两次", "月底电话", "没见到", "住院", "外出", "回来", "书面", "去世", "迁出"):
        month.move_in(name)
    month.move_in("八十", birth_on="1946-10-20")
    month.move_in("晚到")
    month.move_in("七十九", birth_on="1946-11-02", categories=["oldest_old"])
    month.see("两次")
    go_to(spine, "2026-10-03")
    for name in ("两次", "住院", "外出", "书面", "去世", "迁出"):
        month.see(name)
    month.see("没见到", result="not_home")
    month.see("外出", result="away", away_until="2026-11-05", method="phone")
    month.see("回来", result="away", away_until="2026-10-20", method="phone")
    go_to(spine, "2026-10-12")
    month.see("八十")
    month.see("两次", result="met_family")
    month.see("没见到", result="refused")
    month.see("住院", result="hospital", method="phone")
    month.see("去世", result="deceased")
    spine.submit(
        "resident.change", {"id": month.ids["迁出"][1], "changes": {"status": "moved_out"}}, base=2
    )
    said = {"resident_id": month.ids["书面"][1], "consent": "no", "method": "written"}
    spine.submit("consent.record", said)
    go_to(spine, "2026-10-29")
    month.move_in("搬来")
    month.see("搬来")
    go_to(spine, "2026-10-31", hour=20)
    month.see("月底电话", result="phone_ok", method="phone")
    late = month.visit("晚到")
    go_to(spine, "2026-11-01", hour=10)
    assert months.keep(spine.intake, spine.home) == 1

    found = total(kept(spine))
    assert (found.counted, found.reached, found.per_mille) == (8, 4, 500)
    assert found.apart == {"away": 1, "hospital": 1, "refused": 1}
    by_id = {one.resident_id: one for one in kept(spine)}
    assert by_id[month.ids["两次"][1]].contacts == 2
    eighty = by_id[month.ids["八十"][1]]
    assert (eighty.interval, "high_risk_elder" in eighty.categories) == (7, True)
    for name in ("去世", "迁出", "七十九"):
        assert month.ids[name][1] not in by_id

    go_to(spine, "2026-11-04")
    month.phone.push(late)
    month.see("两次", result="deceased")
    month.see("外出")
    months.keep(spine.intake, spine.home)
    found = total(kept(spine))
    assert (found.counted, found.reached, found.per_mille) == (8, 5, 625)
    assert found.apart == {"away": 1, "hospital": 1, "refused": 1}
