"""Scenario 6: 09:10, 113 leaders, six of them silent, two of those with nobody beside them.

Who is asked, in which order and when; how many households know; and a confirmation of 09:14 that
arrives at 09:40.
"""

from datetime import UTC, datetime, timedelta

import pytest

from server import jobs
from server.alerts.reading import read
from server.alerts.taking import Source, take
from server.setup import add_person
from server.store import alert_reach, alert_steps, people
from server.store.alerts import cascade
from server.store.records import all_records
from sync.cascade import reached
from sync.duties import id_of
from sync.reach import coverage, silent
from tests.alerts.messages import cap
from tests.server.spine import Phone, Spine

ISSUED = datetime(2026, 8, 7, 1, 10, tzinfo=UTC)  # 09:10 in the community
LEADERS = 113
SILENT = range(6)
ALONE = range(2)  # of the silent ones, without a deputy
STORM = """<info><language>zh-CN</language><category>Met</category><event>雷雨大风</event>
<urgency>Unknown</urgency><severity>Moderate</severity><certainty>Unknown</certainty>
<expires>2026-08-07T15:10:00+08:00</expires><headline>清龙区气象台发布雷雨大风黄色预警</headline>
<description>清龙区气象台发布雷雨大风黄色预警信号：预计未来六小时有八级大风。</description>
<area><areaDesc>清龙区</areaDesc><geocode><valueName>x</valueName><value>440304</value></geocode>
</area></info>"""


class Story:
    """The community at 09:10, on a clock that the test moves."""

    def __init__(self, folder):
        self.spine = Spine(folder)
        self.clock = self.spine.clock
        self.clock.now = ISSUED
        spine = self.spine
        spine.submit("community.change", {"changes": {"division_code": "440304001002"}})
        for building in (spine.building, spine.other):
            for door in all_doors(spine, building):
                spine.submit("household.change", gone(door), base=door.version)
        spine.intake.do(spine.home, self._people)
        self.buildings = [self._building(number) for number in range(LEADERS)]
        spine.intake.do(spine.home, self._hand_out)
        raw = cap(STORM).encode()
        spine.intake.do(
            spine.home, lambda writing: take(writing, read(raw), raw, Source(kind="api"))
        )
        (self.alert,) = all_records_of(spine, "alert")
        self.phones = {}

    def _people(self, writing):
        spine = self.spine
        for name, role in (
            ("secretary", "secretary"),
            *((f"chief{n}", "chief") for n in range(4)),
            *((f"head{n}", "leader") for n in range(LEADERS)),
            *((f"deputy{n}", "leader") for n in SILENT if n not in ALONE),
        ):
            spine.people[name] = add_person(writing, name, name, role)

    def _building(self, number):
        spine = self.spine
        made = spine.submit(
            "building.add",
            {"compound": "红棉苑", "name": f"{number + 100}栋", "grid_id": f"g{number % 4}"},
        ).id
        for door in range(1 + number % 3):
            spine.submit("household.add", {"building_id": made, "door_no": f"{door + 1}01"})
        return made

    def _hand_out(self, writing):
        spine = self.spine
        for number, building in enumerate(self.buildings):
            holders = [(f"head{number}", "2026-01-01"), (f"chief{number % 4}", "2026-01-01")]
            if number in SILENT and number not in ALONE:
                holders.append((f"deputy{number}", "2026-02-01"))
            for name, day in holders:
                people.assign(writing.tx, spine.home, spine.people[name], building, day)
        for old in (spine.building, spine.other):
            people.assign(writing.tx, spine.home, spine.people["chief0"], old, "2026-01-01")

    def phone(self, name) -> Phone:
        if name not in self.phones:
            self.phones[name] = self.spine.phone(name)
        return self.phones[name]

    def at(self, minutes):
        """Time passes; whatever falls due is asked."""
        until = ISSUED + timedelta(minutes=minutes)
        while self.clock.now < until:
            self.clock.now = min(self.clock.now + timedelta(seconds=30), until)
            jobs.take_due_steps(self.spine.intake)

    def forward(self, number):
        return self.phone(f"head{number}").record(
            "alert.forward",
            {
                "incident_id": self.alert.id,
                "building_id": self.buildings[number],
                "edition": 1,
                "channel": "wechat",
            },
        )

    def duty(self, name):
        return self.spine.get("duty", id_of(self.alert.id, self.spine.people[name]))

    def steps(self):
        """(minute, kind, who) of each step that was taken."""
        names = {person_id: name for name, person_id in self.spine.people.items()}
        with self.spine.store.read() as tx:
            rows = alert_steps.taken(tx, self.spine.home, self.alert.id)
        began = datetime.fromisoformat(self.alert.started_at)
        return [
            (
                round((datetime.fromisoformat(row["at"]) - began) / timedelta(minutes=1)),
                row["kind"],
                names[row["to_id"]],
            )
            for row in rows
        ]

    def reach(self):
        with self.spine.store.read() as tx:
            roster = cascade(tx, self.spine.home, self.alert.id).roster
            events = alert_reach.events(tx, self.spine.home, self.alert.id)
        found = reached(roster, events)
        return coverage(roster, found, ISSUED), silent(found), found


def all_doors(spine, building):
    return [one for one in all_records_of(spine, "household") if one.building_id == building]


def all_records_of(spine, kind):
    with spine.store.read() as tx:
        return list(all_records(tx, spine.home, kind))


def gone(door):
    return {"id": door.id, "changes": {"status": "gone"}}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    made = Story(tmp_path_factory.mktemp("story"))
    yield made
    made.spine.stop()


def test_the_whole_morning(story):
    loud = [number for number in range(LEADERS) if number not in SILENT]
    households = [1 + number % 3 for number in range(LEADERS)]
    late = loud[-1]
    story.at(2)
    for number in loud[:-1]:
        story.phone(f"head{number}").push(story.forward(number))
    story.at(4)
    said_offline = story.forward(late)  # 09:14, in a basement
    story.at(20)

    # the town had two buildings before: leader1 is silent, too, and the other has no leader
    asked = [one for one in story.steps() if one[2] != "chief0" or one[0] > 0]
    waiting = [f"head{number}" for number in [*SILENT, late]]
    repeated = [(3, "repeat", who) for who in (*waiting, "leader1")]
    assert sorted(one for one in asked if one[1] == "repeat") == sorted(repeated)
    assert sorted(one for one in asked if one[1] == "deputy") == [
        (5, "deputy", f"deputy{number}") for number in SILENT if number not in ALONE
    ]
    # without a deputy nobody waits for one
    alone = {f"chief{number % 4}" for number in [*ALONE, late]}
    assert {who for minute, kind, who in asked if (minute, kind) == (5, "chief")} == alone
    beside = {f"chief{number % 4}" for number in SILENT if number not in ALONE}
    assert {who for minute, kind, who in asked if (minute, kind) == (8, "chief")} == beside
    assert [one for one in asked if one[1] == "secretary"] == [(10, "secretary", "secretary")]
    names = [one["id"] for one in story.duty("secretary").buildings]
    silent_ones = {story.buildings[number] for number in [*SILENT, late]}
    assert silent_ones < set(names) and len(names) == len(silent_ones) + 2

    found, still, _ = story.reach()
    assert found.households.all == sum(households)
    assert found.households.claimed == sum(households[number] for number in loud[:-1])
    assert found.households.confirmed == 0
    assert len(still) == 7 + 2

    story.at(30)
    (receipt,) = story.phone(f"head{late}").push(said_offline)
    assert receipt.outcome == "accepted"

    found, still, buildings = story.reach()
    assert found.households.claimed == sum(households[number] for number in loud)
    assert len(still) == 6 + 2
    (one,) = [each for each in buildings if each.building.id == story.buildings[late]]
    assert one.at("forwarded") - ISSUED < timedelta(minutes=4, seconds=10)
    assert one.is_late("forwarded")
    (entry,) = story.duty(f"head{late}").buildings
    assert entry["is_late"] == 1 and entry["forwarded_at"].startswith("2026-08-07T01:14")
    assert found.t50 is not None and found.t50 < timedelta(minutes=5)
    assert found.t100 is None
    assert not story.spine.faults()
