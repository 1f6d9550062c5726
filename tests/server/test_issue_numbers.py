"""事件数字: of each number the list behind it holds as many, and both say what happened."""

import csv
import io
import re

import pytest

from server.office import issue_sums as sums
from server.store.issue_numbers import Counted
from tests.server.office import rows_of

PAGE = "/office/issues/numbers"
NOW = "2026-09-20T02:00:00.000Z"


def one(**told):
    """An issue of the 15th that is due on the 22nd, and on the 16th for a first look."""
    usual = {
        **dict.fromkeys(Counted._fields, ""),
        "reported_at": "2026-09-15T02:00:00.000Z",
        "first_due": "2026-09-16T02:00:00.000Z",
        "close_due": "2026-09-22T10:00:00.000Z",
        "reopened": 0,
        "solved_on_spot": 0,
    }
    return Counted(**{**usual, **told})


EARLY, LATE = "2026-09-15T08:00:00.000Z", "2026-09-19T08:00:00.000Z"


@pytest.mark.parametrize(
    ("told", "true"),
    [
        ({}, {"open", "slow", "begun"}),
        ({"first_at": EARLY}, {"open", "begun"}),
        ({"first_at": LATE}, {"open", "begun", "slow"}),
        ({"first_at": EARLY, "close_due": LATE}, {"open", "begun", "late", "judged"}),
        ({"suspended_at": LATE, "close_due": EARLY}, {"open"}),
        (
            {"first_at": EARLY, "ended_at": EARLY, "level": "compound"},
            {"closed", "judged", "begun", "at-compound"},
        ),
        (
            {"first_at": EARLY, "ended_at": LATE, "close_due": EARLY},
            {"closed", "judged", "late", "begun", "at-none"},
        ),
        (
            {"first_at": EARLY, "ended_at": EARLY, "suspended_at": EARLY, "satisfied": "partly"},
            {"closed", "judged", "begun", "at-none", "rated", "happy"},
        ),
        (
            {"first_at": EARLY, "reopened": 1, "satisfied": "no", "solved_on_spot": 1},
            {"open", "begun", "again", "spot", "rated", "unhappy"},
        ),
    ],
)
def test_what_is_true_of_an_issue(told, true):
    assert set(sums.marks(one(**told), NOW)) == {"all", *true}


def test_shares_are_of_what_was_to_be_done_by_now():
    found = [
        one(first_at=EARLY, ended_at=EARLY, level="building"),
        one(first_at=EARLY, ended_at=EARLY, level="street"),
        one(first_at=EARLY, ended_at=LATE, close_due=EARLY),
        one(first_at=EARLY),
    ]
    told = sums.summed(sums.Marked(issue, sums.marks(issue, NOW)) for issue in found)

    assert (told["n"]["all"], told["n"]["judged"], told["on_time"]) == (4, 3, 666)
    assert (told["prompt"], told["near"], told["happy"]) == (1000, 500, -1)


def test_months_go_back_a_year_and_others_are_as_usual():
    assert sums.months_until("2026-01-31")[0::11] == ["2025-02", "2026-01"]
    assert sums.chosen_in({"month": "2024-01"}, "2026-01-31").month == "2026-01"
    assert sums.chosen_in({"month": "2025-02", "by": "worker"}, "2026-01-31") == (
        "2025-02",
        "category",
        None,
        "all",
    )


@pytest.fixture
def worked(town, office, clock):
    """A month of issues: solved in the compound, by the street, late, merged; one of the next."""
    hongmian, lixiang = town.building("hongmian"), town.building("lixiang")

    def raised(who="worker1", category="public_facility", **more):
        data = {"category": category, "text": "路灯不亮", "building_id": hongmian, **more}
        return str(town.submit(who, "issue.raise", data).id)

    def done(issue, level):
        for code in ("accept", "start"):
            office.submit(f"/office/issues/{issue}/steps", step=code)
        office.submit(f"/office/issues/{issue}/steps", step="done", words="好了", level=level)
        town["secretary"].submit(f"/office/issues/{issue}/steps", step="check")

    lamp, bins, noise = raised(), raised(text="垃圾桶破了"), raised(text="还是路灯")
    order = raised("worker2", "order", building_id=lixiang, text="半夜装修")
    raised(category="environment", building_id="", text="路口积水")
    office.submit(f"/office/issues/{noise}/steps", step="duplicate", duplicate_of=lamp)
    done(lamp, "compound")
    done(bins, "street")
    clock.pass_(days=1)
    office.submit(f"/office/issues/{lamp}/steps", step="reopen", words="又不亮了")
    clock.pass_(days=20)
    done(order, "")
    raised(text="十月的事")
    return town


def test_the_page_says_what_became_of_a_month(worked, office):
    text = office.get(f"{PAGE}?month=2026-09").text

    assert shown(text, "公共设施") == ["2", "1", "1", "1", "50.0%", "100.0%", "1", *"00010"]
    assert shown(text, "秩序")[:5] == ["1", "1", "0", "1", "0.0%"]
    assert "9月" in text and "到今天为止" not in text


def shown(text, label):
    """The cells of the row of a group."""
    row = next(one for one in re.findall(r"<tr>.*?</tr>", text) if f"<td>{label}</td>" in one)
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r'<td class="num">.*?</td>', row)]


@pytest.mark.parametrize("by", sums.GROUPS)
def test_every_number_leads_to_as_many_issues(worked, office, by):
    text = office.get(f"{PAGE}?month=2026-09&by={by}").text
    links = re.findall(r'<a href="(/office/issues/numbers/records[^"]+)">(\d+)</a>', text)

    assert len(links) > 5
    for href, number in links:
        found = office.get(href.replace("&amp;", "&")).text
        assert f" · {number} 件" in found, href
        assert len(re.findall(r'<a href="/office/issues/[0-9a-f-]{36}">', found)) == int(number)


def test_the_running_month_and_an_empty_one(worked, office):
    assert shown(office.get(PAGE).text, "公共设施")[:3] == ["1", "0", "1"]
    assert "这个月没有报上来的事件" in office.get(f"{PAGE}?month=2026-08").text
    assert "没有这样的事件" in office.get(f"{PAGE}/records?month=2026-08").text


def taken(office, code, **asked):
    answer = office.get(f"/office/lists/{code}/csv", params=asked)
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_the_numbers_are_taken_along_with_the_months(worked, office):
    found = taken(office, "issue-numbers", month="2026-09")
    of = {(row["怎么分"], row["哪一项"]): row for row in found}

    assert of["2026-09", "全部"]["上报"] == "4"
    assert of["按类别", "公共设施"]["街道解决"] == "1"
    assert of["按小区", "没有写楼栋的"]["没办结"] == "1"
    assert of["逐月", "2026-10"]["上报"] == "1"
    assert len(taken(office, "counted-issues", month="2026-09", show="late")) == 3
    assert office.get("/office/lists/issue-numbers/xlsx").status_code == 200


def test_nobody_who_works_is_in_the_numbers(worked, office):
    names = {row["name"] for row in rows_of(worked, "person")}
    said = office.get(f"{PAGE}?month=2026-09").text
    said = said[said.index('id="body"') :] + str(taken(office, "issue-numbers", month="2026-09"))

    assert names and not [name for name in names if name in said]
