"""预警板: what the office sees and does while a warning is handed on, and afterwards."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from server.store import alert_reach
from sync.cascade import Event
from sync.operations import stamp
from tests.server.office import hidden, kept, rows_of
from tests.server.town import ident
from tests.server.warnings import WARNING, begin

BOARD = f"/office/alerts/{WARNING}"


@pytest.fixture
def warning(town):
    return begin(town, ago=7)


def numbers(page):
    """The three numbers of each level as the table shows them."""
    table = page.split('class="levels"')[1].split("</table>")[0]
    rows = [re.findall(r"<td>([\d,]+)</td>", row) for row in table.split("<tr>")[2:]]
    return [[int(cell.replace(",", "")) for cell in row] for row in rows]


def part(page, name):
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def forward(town, who="leader1", building="hongmian", **more):
    said = {"incident_id": WARNING, "building_id": town.building(building), "edition": 1}
    return town.submit(who, "alert.forward", {**said, "channel": "wechat", **more})


def test_the_board_says_who_has_not_answered_and_how_to_reach_them(town, office, warning):
    page = office.get(BOARD).text

    assert "雷雨大风黄色预警" in page
    assert "已过 <b" in page
    assert "7 分 00 秒" in page
    assert numbers(page) == [[2, 0, 0], [3, 0, 0], [4, 0, 0]]
    assert "还没回音 3 位" in part(page, "silent")
    assert "陈桂枝" in part(page, "silent")


def test_what_a_leader_says_is_on_the_board(town, office, warning):
    assert forward(town).outcome == "accepted"
    town.submit(
        "chief",
        "alert.confirm",
        {"incident_id": WARNING, "building_id": town.building("fenghuang"), "how": "call"},
    )

    page = office.get(BOARD).text

    # the first grid is through, and one of its buildings is confirmed
    assert numbers(page) == [[2, 1, 0], [3, 2, 1], [4, 3, 1]]
    assert "陈桂枝" not in part(page, "silent")


@pytest.mark.parametrize(
    ("action", "fields", "hop", "seen"),
    [
        ("forwards", {"channel": "phone"}, "forwarded", "已说转发"),
        ("confirmations", {"how": "call"}, "confirmed", "已确认"),
        ("failures", {}, "unreachable", "联系不上"),
    ],
)
def test_the_office_writes_down_for_somebody(town, office, warning, action, fields, hop, seen):
    building = town.building("hongmian")
    path = f"{BOARD}?building={building}"
    page = office.get(path).text
    given = hidden(page, f"{building}/{action}")

    for _ in range(2):
        answer = office.post(f"{BOARD}/buildings/{building}/{action}", data={**given, **fields})

    assert answer.status_code == 200
    assert str(answer.url).endswith(path)
    (event,) = [one for one in rows_of(town, "alert_event", hop=hop)]
    assert (event["building_id"], event["person_id"]) == (building, town.person("office1"))
    assert seen in part(answer.text, "picked")


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("forwards", {"channel": "smoke", "edition": "1"}),
        ("forwards", {"channel": "wechat", "edition": "first"}),
        ("confirmations", {"how": "", "edition": "1"}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_kept(town, office, warning, action, fields):
    building = town.building("hongmian")

    answer = office.submit(f"{BOARD}/buildings/{building}/{action}", **fields)

    assert answer.status_code == 422
    assert len(rows_of(town, "alert_event")) == 3


def test_a_building_that_is_not_there_is_unknown(town, office, warning):
    nobody = ident("building", "nobody")

    answer = office.submit(f"{BOARD}/buildings/{nobody}/forwards", channel="door", edition="1")

    assert answer.status_code in (404, 422)
    assert office.get(f"{BOARD}?building={nobody}").status_code == 200


@pytest.mark.parametrize("page", ["", "/replay", "/report"])
def test_a_warning_that_is_not_there_is_unknown(town, office, page):
    assert office.get(f"/office/alerts/{ident('alert', 'none')}{page}").status_code == 404
    assert office.get(f"/office/alerts/smoke{page}").status_code == 404


def test_standing_down_needs_a_reason_and_ends_the_clock(town, office, warning):
    forward(town)
    refused = office.submit(f"{BOARD}/stand-downs", reason=" ")
    answer = office.submit(f"{BOARD}/stand-downs", reason="气象台电话通知")
    town.clock.pass_(hours=3)

    assert refused.status_code == 422
    assert answer.status_code == 200
    page = office.get(BOARD).text
    assert kept(town, "alert", WARNING).state == "closed"
    assert "气象台电话通知" in page
    assert "解除这次预警" not in page
    # what was said of the warning stays said, though its end is another text
    assert numbers(page)[1] == [3, 1, 0]
    assert "解除通知已转到 0 栋" in page
    forward(town, edition=2)
    assert "解除通知已转到 1 栋" in office.get(BOARD).text


def test_a_forward_of_the_end_alone_is_no_forward_of_the_warning(town, office, warning):
    office.submit(f"{BOARD}/stand-downs", reason="气象台电话通知")
    forward(town, edition=2)

    page = office.get(BOARD).text

    assert numbers(page)[1] == [3, 0, 0]
    assert "解除通知已转到 1 栋" in page


def test_what_is_not_ours_is_put_away_with_a_reason(town, office):
    begin(town, state="waiting", started_at="", from_at="")
    page = office.get(BOARD).text
    assert "是不是本社区的" in page
    assert "还没回音" not in page

    answer = office.submit(f"{BOARD}/dismissals", reason="邻市的")

    assert answer.status_code == 200
    assert kept(town, "alert", WARNING).state == "dismissed"
    assert "不属于本社区：邻市的" in office.get(BOARD).text


def test_late_words_after_the_end_count_with_their_own_time_and_reopen_nothing(town, office):
    begin(town, ago=30)
    office.submit(f"{BOARD}/stand-downs", reason="解除了")
    said = town.clock() - timedelta(minutes=26)
    event = Event(
        id=ident("event", "late"),
        hop="forwarded",
        building_id=town.building("hongmian"),
        at=said,
        received_at=town.clock(),
        person_id=town.person("leader1"),
        channel="wechat",
        incident_id=WARNING,
    )
    town.intake.do(
        town.community, lambda writing: alert_reach.add(writing.tx, town.community, [event])
    )

    page = office.get(f"{BOARD}?building={town.building('hongmian')}").text

    assert kept(town, "alert", WARNING).state == "closed"
    assert "补报" in part(page, "picked")
    assert "4:00" in part(page, "picked")
    assert '离线补报</td><td class="num">1 栋' in page


def test_new_doors_are_shown_beside_the_frozen_number(town, office, warning):
    building = town.building("hongmian")
    for door in ("101", "102"):
        data = {"building_id": building, "unit": "1", "floor": 1, "door_no": door}
        town.submit("office1", "household.add", data)

    page = office.get(BOARD).text

    assert "另有新户 +2" in page
    assert "住户 <small>4</small>" in page


def test_the_weather_list_is_counted_by_outcome(town, office, warning):
    due = stamp(town.clock() - timedelta(minutes=1))
    rows = [("a", "done", "safe"), ("b", "done", "needs_help"), ("c", "open", "")]

    def adding(writing):
        for name, state, outcome in rows:
            writing.tx.run(
                "insert into contact_task (community_id, id, version, incident_id, household_id,"
                " building_id, resident_ids, is_red, method, checklist, assigned_to, due_at,"
                ' half_at, state, outcome, "by", by_name, at, is_late, note, is_past) values'
                " (:community, :id, 1, :incident, :id, '', '[]', 0, 'any', '', '', :due, '',"
                " :state, :outcome, '', '', '', 0, '', 0)",
                community=town.community,
                id=ident("task", name),
                incident=WARNING,
                due=due,
                state=state,
                outcome=outcome,
            )

    town.intake.do(town.community, adding)

    page = part(office.get(BOARD).text, "contacts")

    assert "2 / 3 户" in page
    words = re.sub(r"<[^>]+>", " ", page)
    assert re.findall(r"(平安|需帮助|还没联系|其中超时)\s+(\d+)\s+户", words) == [
        ("平安", "1"),
        ("需帮助", "1"),
        ("还没联系", "1"),
        ("其中超时", "1"),
    ]


def test_the_replay_shows_a_minute_as_it_was(town, office, warning):
    forward(town)

    first = office.get(f"{BOARD}/replay").text
    last = office.get(f"{BOARD}/replay?step=7").text

    assert numbers(first)[1] == [3, 0, 0]
    assert numbers(last)[1] == [3, 1, 0]
    assert "第 7 分钟" in last
    assert "说已转发 1 栋" in last
    for wild in ("99999", "-1", "x", "²"):
        assert office.get(f"{BOARD}/replay", params={"step": wild}).status_code == 200


def test_the_report_is_masked_logged_and_marked(town, office, warning):
    forward(town)

    made = office.submit(f"{BOARD}/files", shown="masked", reason="")

    book = load_workbook(BytesIO(made.content))
    words = " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    assert book.sheetnames == ["概况", "各级", "用时", "逐栋", "催办", "逐分钟"]
    assert "陈桂枝" not in words
    assert "陈**" in words
    assert "黄秀珍" not in words
    assert all("麦咏诗（office1）" in sheet["A1"].value for sheet in book)
    (line,) = town.audit("export")
    assert (line["target"], line["person_id"]) == (WARNING, town.person("office1"))
    assert "打码" in line["detail"]


def test_names_in_full_need_a_reason(town, office, warning):
    assert office.submit(f"{BOARD}/prints", shown="open", reason="").status_code == 422
    assert not town.audit("print")

    page = office.submit(f"{BOARD}/prints", shown="open", reason="交街道存档").text

    assert "陈桂枝" in page
    (line,) = town.audit("print")
    assert "不打码：交街道存档" in line["detail"]


def test_a_drill_says_so_everywhere(town, office):
    begin(town, is_drill=1)

    pages = [office.get(f"{BOARD}{page}").text for page in ("", "/replay", "/report")]
    pages.append(office.submit(f"{BOARD}/prints", shown="masked", reason="").text)

    assert all("演练" in page for page in pages)


def test_one_that_was_merged_is_the_other(town, office, warning):
    gone = ident("alert", "gone")
    begin(town, id=gone, state="merged", merged_into=WARNING)

    assert "还没回音 3 位" in office.get(f"/office/alerts/{gone}").text
