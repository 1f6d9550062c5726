"""What is late or waits, and what a month's records came to: each number with what is behind it."""

import re

import pytest

from server import months
from server.office import kpis
from server.office import numbers_view as view
from server.store.kpis import Flag
from tests.server.office import record, rows_of

PHONE = {"name": "何嘉敏", "relation": "daughter", "phone": "19900004412"}
NOW = "2026-09-18T02:00:00.000Z"


def row(text, name):
    """The cells of a line of the tables, without their tags."""
    line = text.split(f"<td>{name}</td>")[1].split("</tr>")[0]
    return [re.sub(r"<[^>]+>", "", one).strip() for one in line.split("</td>")][:2]


@pytest.mark.parametrize(
    ("due_at", "closed_at", "expected"),
    [
        ("2026-09-17", "2026-09-16", {"judged": 1, "late": 0, "open": 0, "share": 1000}),
        ("2026-09-16", "2026-09-17", {"judged": 1, "late": 1, "open": 0, "share": 0}),
        ("2026-09-17", "", {"judged": 1, "late": 1, "open": 1, "share": 0}),
        ("2026-09-19", "", {"judged": 0, "late": 0, "open": 1, "share": -1}),
        ("", "", {"judged": 0, "late": 0, "open": 1, "share": -1}),
    ],
)
def test_what_was_red_is_in_time_late_or_not_due_yet(due_at, closed_at, expected):
    found = kpis.answered([Flag("red", "2026-09-15", due_at, closed_at)], NOW)

    assert {name: found[name] for name in expected} == expected


def test_red_answers_lead_to_a_share_and_to_their_list(town, office):
    answer = {"value": ["stroke"], "asked": "", "said": []}
    for door in ("huang", "huang"):
        checkup = {
            "resident_id": town.resident(door),
            "checklist_id": "CK-ELDER",
            "version": 1,
            "answers": {"E04": answer},
        }
        record(town, "worker1", door, resident_ids=[town.resident(door)], checkups=[checkup])
    assert row(office.get("/office/numbers").text, "过了期限的红色跟进") == ["0", "应该一件也没有"]

    town.clock.pass_(days=2)
    text = office.get("/office/numbers").text
    assert row(text, "过了期限的红色跟进")[0] == "1"
    assert row(text, "红色跟进按时") == [
        "0.0%",
        "1 件，其中马上处理的 1 件；到期限的 1 件里晚了 1 件",
    ]
    listed = office.get("/office/numbers/records?show=red").text
    assert "危险的不适" in listed and "还没办结" in listed and "door__late" in listed
    assert "危险的不适" not in office.get("/office/numbers/records?show=red&month=2026-08").text


def test_visits_that_wait_longer_than_a_day_of_work(town, office):
    """From Tuesday on; the weekend is nobody's fault."""
    record(town, "worker1", "huang", result="refused")
    town.clock.pass_(days=1)
    assert row(office.get("/office/numbers").text, "等了一个工作日以上的待审")[0] == "0"
    town.clock.pass_(days=1)
    assert row(office.get("/office/numbers").text, "等了一个工作日以上的待审") == [
        "1",
        "一共 1 条在等",
    ]
    town.clock.pass_(days=1)
    record(town, "worker1", "liang", result="refused")
    town.clock.pass_(days=2)
    # Friday's visit waits over Saturday, a holiday's working Sunday (20 September) is worked.
    assert row(office.get("/office/numbers").text, "等了一个工作日以上的待审")[0] == "1"
    town.clock.pass_(days=1)
    assert row(office.get("/office/numbers").text, "等了一个工作日以上的待审")[0] == "2"


def test_what_was_sent_back_is_listed_with_what_it_lacks(town, office):
    visit = record(town, "worker1", "huang", result="refused")
    record(town, "worker1", "liang", result="refused")
    town.submit("office1", "review.return", {"id": visit, "reason": "写上下次什么时候去"})

    assert row(office.get("/office/numbers").text, "退回补充") == [
        "50.0%",
        "要办公室看的 2 条，退回 1 次，还在等 1 条",
    ]
    assert "写上下次什么时候去" in office.get("/office/numbers/records?show=returned").text
    town.submit("worker1", "visit.correct", {"id": visit, "changes": {"note": "周三再去"}})
    assert row(office.get("/office/numbers").text, "退回补充")[0] == "50.0%"


def collide(town):
    """A number that the office and the worker changed from the same version; the dispute's id."""
    home, person = town.household("huang"), town.resident("huang")
    data = {"household_id": home, "resident_id": person, **PHONE}
    made = town.submit("office1", "contact.add", data).id
    for username, phone in (("office1", "19900007781"), ("worker1", "19900007718")):
        town.clock.pass_(minutes=5)
        town.submit(username, "contact.change", {"id": made, "changes": {"phone": phone}}, 1)
    return rows_of(town, "dispute")[0]["id"]


def test_conflicts_per_thousand_visits_and_how_long_they_took(town, office):
    dispute = collide(town)
    record(town, "worker1", "huang")
    record(town, "worker1", "liang")
    visits = len(rows_of(town, "visit"))
    text = office.get("/office/numbers").text
    assert row(text, "还没定的冲突")[0] == "1"
    per_thousand = f"{1000 / visits:.1f}"
    assert row(text, "每千条走访的冲突") == [per_thousand, "1 处两人都改过，还有 1 处没定"]
    assert dispute in office.get("/office/numbers/records?show=conflicts").text

    town.clock.pass_(hours=30)
    town.submit("office1", "dispute.decide", {"id": dispute, "value": "14000009999"})
    assert row(office.get("/office/numbers").text, "每千条走访的冲突") == [
        per_thousand,
        "1 处两人都改过，一半在 30 小时内定了",
    ]


def test_the_slowest_visits_come_first(town, office):
    record(town, "worker1", "huang")
    with town.store.write() as tx:
        tx.run("update visit set true_at = '2026-09-15T01:00:00.000Z'")
    record(town, "worker1", "liang")

    text = office.get("/office/numbers/records?show=slow").text

    assert text.index("2单元 502") < text.index("2单元 301")


def test_how_long_records_took_month_after_month(town, office):
    record(town, "worker1", "huang")
    town.clock.pass_(days=25)
    late = record(town, "worker1", "liang")
    with town.store.write() as tx:
        tx.run("update visit set true_at = '2026-10-11T01:00:00.000Z' where id = :id", id=late)
        tx.run("update visit set received_at = '2026-10-11T01:40:59.000Z' where id = :id", id=late)
    town.clock.pass_(days=25)
    months.keep(town.intake, town.community)
    record(town, "worker1", "liang")

    text = office.get("/office/numbers/records?show=slow").text

    trend = text.split('id="delays"')[1].split("</section>")[0]
    cells = [re.sub(r"<[^>]+>", " ", one).split() for one in trend.split("<tr>")[2:]]
    assert cells == [
        ["2026年11月", "1", "0", "分钟", "0", "分钟"],
        ["2026年10月", "1", "40", "分钟", "40", "分钟"],
    ]
    assert 'id="delays"' not in office.get("/office/numbers/records?show=red").text


@pytest.mark.parametrize(
    ("longest", "marks"),
    [(0, [0, 2, 4, 6, 8, 10]), (69, [0, 15, 30, 45, 60, 75]), (20000, range(0, 20006, 4001))],
)
def test_the_curve_of_delays_holds_the_longest(longest, marks):
    here = {"month": "2026-09", "visits": 3, "median": 0, "p95": longest}
    none = {"month": "2026-10", "visits": 0, "median": 0, "p95": 0}

    found = view.drawing_of_delays([here, none])

    assert [value for value, _ in found["lines"]] == list(marks)
    assert len(found["points"]) == 1
    assert view.TOP <= found["points"][0]["y"] <= view.BOTTOM


def test_numbers_that_nobody_checked_are_listed(town, office):
    home, person = town.household("huang"), town.resident("huang")
    data = {"household_id": home, "resident_id": person, **PHONE}
    town.submit("office1", "contact.add", {**data, "verified_on": "2026-06-19"})
    town.submit("office1", "contact.add", {**data, "phone": "19900004413"})
    town.submit(
        "office1", "contact.add", {**data, "phone": "19900004414", "verified_on": "2026-06-10"}
    )
    whole, fresh = rows_of(town, "contact"), "4412"
    behind = '<a href="/office/numbers/records?show=contacts">'
    assert f"{behind}{1000 // len(whole) / 10}%" in office.get("/office/numbers").text

    text = office.get("/office/numbers/records?show=contacts&month=2026-08").text

    assert text.count("table--stack") and fresh not in text
    assert text.index("4413") < text.index("4414") and "0000" not in text
    assert "没核对过" in text and "何嘉敏" in text


def test_doors_that_are_late_by_building(town, office):
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])
    town.clock.pass_(days=12)
    late = [one for one in rows_of(town, "household") if "" < one["due_on"] < "2026-09-27"]
    assert late

    text = office.get("/office/numbers?by=building").text
    here = late[0]["building_id"]
    n = sum(one["building_id"] == here for one in late)
    assert f'<a href="/office/overdue?building={here}">{n} 户</a>' in text
    listed = office.get(f"/office/overdue?building={here}").text
    assert f"{n} 户 · 最久" in listed


def test_a_past_month_says_nothing_of_now(town, office):
    record(town, "worker1", "huang")
    town.clock.pass_(days=40)

    text = office.get("/office/numbers?month=2026-09").text

    assert "过了期限的红色跟进" not in text and "现在超期" not in text
    assert row(text, "走访")[0] == "1"


def test_one_person_who_works_here_has_no_number(town, office):
    """Neither the page nor what is behind it counts by worker, or names one."""
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])
    names = [one["name"] for one in rows_of(town, "person") if one["id"] != town.person("office1")]
    pages = ["", "?by=building", "/people?show=all"]
    pages += [f"/records?show={show}" for show in kpis.SHOWS]
    for path in pages:
        text = office.get(f"/office/numbers{path}").text
        assert not [name for name in names if name in text], path
        assert "worker" not in text
