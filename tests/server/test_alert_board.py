"""预警板: what the office sees and does while a warning is handed on, and afterwards."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from server import jobs
from server.store import alert_reach
from sync.cascade import Event
from sync.operations import stamp
from tests.alerts.channels.service import says
from tests.server import channels, dispatched
from tests.server.office import hidden, kept, rows_of
from tests.server.storms import hand_in, settle, storm
from tests.server.town import ident


def warn(town, minutes=7, **more):
    """A storm was handed in so many minutes ago; its id."""
    settle(town)
    (incident,) = hand_in(town["office1"], storm(town, **more))["incidents"]
    town.clock.pass_(minutes=minutes)
    return incident


@pytest.fixture
def warning(town):
    return warn(town)


@pytest.fixture
def at(warning):
    """Where its board is."""
    return f"/office/alerts/{warning}"


@pytest.fixture
def foreign(town):
    """One of which nobody can say whether it is ours: the community does not know where it is."""
    (incident,) = hand_in(town["office1"], storm(town))["incidents"]
    return incident


def numbers(page):
    """The three numbers of each level as the table shows them."""
    table = page.split('class="levels"')[1].split("</table>")[0]
    rows = [re.findall(r"<td>([\d,]+)</td>", row) for row in table.split("<tr>")[2:]]
    return [[int(cell.replace(",", "")) for cell in row] for row in rows]


def part(page, name):
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def forward(town, incident, building="hongmian", edition=1):
    said = {"incident_id": incident, "building_id": town.building(building), "edition": edition}
    return town.submit("leader1", "alert.forward", {**said, "channel": "wechat"})


def test_the_board_says_who_has_not_answered_and_whom_to_call(town, office, at):
    page = office.get(at).text

    assert "雷雨大风黄色预警" in page
    assert "7 分 00 秒" in page
    # of three buildings only one has a leader to whom it could be sent
    assert numbers(page) == [[1, 0, 0], [1, 0, 0], [2, 0, 0]]
    assert "还没回音 3 位" in part(page, "silent")
    assert "陈桂枝" in part(page, "silent")
    assert "网格长 关伟成" in part(page, "silent")
    assert "何书记" in part(page, "staff")


def test_what_people_say_is_on_the_board(town, office, warning, at):
    assert forward(town, warning).outcome == "accepted"
    said = {"incident_id": warning, "building_id": town.building("fenghuang"), "how": "call"}
    assert town.submit("chief", "alert.confirm", said).outcome == "accepted"

    page = office.get(at).text

    # the first grid is through, and one of its buildings is confirmed
    assert numbers(page) == [[1, 1, 0], [2, 2, 1], [3, 3, 1]]
    assert "陈桂枝" not in part(page, "silent")


def test_steps_that_were_taken_are_on_the_board(town, office, at):
    jobs.take_due_steps(town.intake)

    page = part(office.get(at).text, "steps")

    assert '再提醒 <b class="nowrap">陈桂枝</b>' in page
    assert '请网格长 <b class="nowrap">关伟成</b>' in page


@pytest.mark.parametrize(
    ("action", "fields", "hop", "seen"),
    [
        ("forwards", {"channel": "phone"}, "forwarded", "已说转发"),
        ("confirmations", {"how": "call"}, "confirmed", "已确认"),
        ("failures", {}, "unreachable", "联系不上"),
    ],
)
def test_the_office_writes_down_for_somebody(town, office, at, action, fields, hop, seen):
    building = town.building("hongmian")
    path = f"{at}?building={building}"
    given = hidden(office.get(path).text, f"{building}/{action}")

    for _ in range(2):
        answer = office.post(f"{at}/buildings/{building}/{action}", data={**given, **fields})

    assert answer.status_code == 200
    assert str(answer.url).endswith(path)
    (event,) = rows_of(town, "alert_event", hop=hop)
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
def test_what_does_not_fit_is_refused_and_nothing_kept(town, office, at, action, fields):
    building = town.building("hongmian")
    before = rows_of(town, "alert_event")

    answer = office.submit(f"{at}/buildings/{building}/{action}", **fields)

    assert answer.status_code == 422
    assert rows_of(town, "alert_event") == before


def test_a_building_that_is_not_there_is_unknown(office, at):
    nobody = ident("building", "nobody")

    answer = office.submit(f"{at}/buildings/{nobody}/forwards", channel="door", edition="1")

    assert answer.status_code in (404, 422)
    assert office.get(f"{at}?building={nobody}").status_code == 200


@pytest.mark.parametrize("page", ["", "/replay", "/report"])
@pytest.mark.parametrize("name", [ident("alert", "none"), "smoke"])
def test_a_warning_that_is_not_there_is_unknown(office, page, name):
    assert office.get(f"/office/alerts/{name}{page}").status_code == 404


def test_standing_down_needs_a_reason_and_stops_the_clock(town, office, warning, at):
    forward(town, warning)
    refused = office.submit(f"{at}/stand-downs", reason=" ")
    answer = office.submit(f"{at}/stand-downs", reason="气象台电话通知")
    town.clock.pass_(hours=3)

    assert (refused.status_code, answer.status_code) == (422, 200)
    assert kept(town, "alert", warning).state == "closed"
    page = office.get(at).text
    assert "已解除：气象台电话通知" in page
    assert "解除这次预警" not in page
    # what was said of the warning stays said, though its end is another text
    assert numbers(page)[1] == [1, 1, 0]
    assert "解除通知已转到 0 栋" in page
    forward(town, warning, edition=2)
    assert "解除通知已转到 1 栋" in office.get(at).text


def test_the_list_names_what_is_over_by_what_it_was(office, warning, at):
    office.submit(f"{at}/stand-downs", reason="气象台电话通知")

    page = office.get("/office/alerts").text

    assert "雷雨大风" in page and "解除雷雨大风" not in page


def test_to_hand_on_the_end_alone_is_not_to_hand_on_the_warning(town, office, warning, at):
    office.submit(f"{at}/stand-downs", reason="气象台电话通知")
    forward(town, warning, edition=2)

    page = office.get(at).text

    assert numbers(page)[1] == [1, 0, 0]
    assert "解除通知已转到 1 栋" in page


def test_what_is_ours_is_started_by_the_office(town, office, foreign):
    at = f"/office/alerts/{foreign}"
    page = office.get(at).text
    assert "是不是本社区的" in page
    assert "还没回音" not in page

    answer = office.submit(f"{at}/starts", reason="区气象台电话说的")
    again = office.submit(f"{at}/starts", reason="")

    assert answer.status_code == 200
    assert "还没回音 3 位" in answer.text
    assert kept(town, "alert", foreign).state == "open"
    assert again.status_code == 409
    (line,) = town.audit("alert.start")
    assert (line["target"], line["detail"]) == (foreign, "区气象台电话说的")
    assert len(rows_of(town, "alert_event", hop="sent")) == 1


def test_what_is_not_ours_is_put_away_with_a_reason(town, office, foreign):
    at = f"/office/alerts/{foreign}"
    refused = office.submit(f"{at}/dismissals", reason="")
    answer = office.submit(f"{at}/dismissals", reason="邻市的")

    assert (refused.status_code, answer.status_code) == (422, 200)
    assert kept(town, "alert", foreign).state == "dismissed"
    assert not rows_of(town, "alert_event")
    assert "不属于本社区：邻市的" in office.get(at).text


def test_late_words_after_the_end_count_with_their_own_time_and_reopen_nothing(
    town, office, warning, at
):
    office.submit(f"{at}/stand-downs", reason="解除了")
    event = Event(
        id=ident("event", "late"),
        hop="forwarded",
        building_id=town.building("hongmian"),
        at=town.clock.now - timedelta(minutes=3),
        received_at=town.clock.now + timedelta(minutes=1),
        person_id=town.person("leader1"),
        channel="wechat",
        incident_id=warning,
    )
    town.intake.do(
        town.community, lambda writing: alert_reach.add(writing.tx, town.community, [event])
    )

    page = office.get(f"{at}?building={town.building('hongmian')}").text

    assert kept(town, "alert", warning).state == "closed"
    assert "补报" in part(page, "picked")
    assert "4:00" in part(page, "picked")
    assert '离线补报</td><td class="num">1 栋' in page


def test_an_upgrade_asks_anew_and_what_was_handed_on_is_stale(town, office, warning, at):
    forward(town, warning)
    hand_in(town["office1"], storm(town, "b", colour="橙", msgType="Update", refers="a"))
    town.clock.pass_(minutes=4)

    page = office.get(at).text

    assert "雷雨大风橙色预警" in page
    assert "旧文字" in part(page, "tree")
    assert "只回过旧文字" in part(page, "silent")
    forward(town, warning, edition=2)
    assert "旧文字" not in part(office.get(at).text, "tree")


def test_new_doors_are_shown_beside_the_frozen_number(town, office, at):
    building = town.building("hongmian")
    for door in ("101", "102"):
        data = {"building_id": building, "unit": "1", "floor": 1, "door_no": door}
        town.submit("office1", "household.add", data)

    page = office.get(at).text

    assert "另有新户 +2" in page
    assert "住户 <small>4</small>" in page


def test_the_weather_list_is_counted_by_outcome(town, office, warning, at):
    due = stamp(town.clock() - timedelta(minutes=1))
    rows = [("a", "done", "safe"), ("b", "done", "needs_help"), ("c", "open", "")]
    rows += [("d", "open", "no_answer")]

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
                incident=warning,
                due=due,
                state=state,
                outcome=outcome,
            )

    town.intake.do(town.community, adding)

    page = part(office.get(at).text, "contacts")

    # The town has one door of its own that a gale asks after.
    assert "2 / 5 户" in page
    assert f"/office/alerts/{warning}/contacts" in page
    words = re.sub(r"<[^>]+>", " ", page)
    assert re.findall(r"(平安|需帮助|联系不上|还没联系|其中超时)\s+(\d+)\s+户", words) == [
        ("平安", "1"),
        ("需帮助", "1"),
        ("联系不上", "1"),
        ("还没联系", "2"),
        ("其中超时", "2"),
    ]


def test_the_replay_shows_a_minute_as_it_was(town, office, warning, at):
    forward(town, warning)

    first = office.get(f"{at}/replay").text
    last = office.get(f"{at}/replay?step=7").text

    assert numbers(first)[1] == [1, 0, 0]
    assert numbers(last)[1] == [1, 1, 0]
    assert "第 7 分钟" in last
    assert "说已转发 1 栋" in last
    for wild in ("99999", "-1", "x", "²"):
        assert office.get(f"{at}/replay", params={"step": wild}).status_code == 200


def test_the_report_is_masked_logged_and_marked(town, office, warning, at):
    forward(town, warning)

    made = office.submit(f"{at}/files", shown="masked", reason="")

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
    assert (line["target"], line["person_id"]) == (warning, town.person("office1"))
    assert "打码" in line["detail"]


def test_names_in_full_need_a_reason(town, office, at):
    assert office.submit(f"{at}/prints", shown="open", reason="").status_code == 422
    assert not town.audit("print")

    page = office.submit(f"{at}/prints", shown="open", reason="交街道存档").text

    assert "陈桂枝" in page
    (line,) = town.audit("print")
    assert "不打码：交街道存档" in line["detail"]


def test_a_drill_says_so_everywhere_and_shows_who_of_the_staff_read_it(town, office):
    at = f"/office/alerts/{warn(town, status='Exercise')}"

    pages = [office.get(f"{at}{page}").text for page in ("", "/replay", "/report")]
    pages.append(office.submit(f"{at}/prints", shown="masked", reason="").text)

    assert all("【演练】雷雨大风黄色预警" in page for page in pages)
    assert "关伟成" in part(pages[0], "staff")
    assert "陈桂枝" not in pages[0]


def test_one_that_was_merged_is_the_other(town, office, warning):
    gone = ident("alert", "gone")

    def merging(writing):
        columns = [name for name in rows_of(town, "alert")[0] if name != "id"]
        writing.tx.run(
            f"insert into alert (id, {', '.join(columns)})"
            f" select :gone, {', '.join(columns)} from alert where id = :id",
            gone=gone,
            id=warning,
        )
        writing.tx.run("update alert set merged_into = :id where id = :gone", gone=gone, id=warning)

    town.intake.do(town.community, merging)

    assert "还没回音 3 位" in office.get(f"/office/alerts/{gone}").text


def test_at_night_nobody_is_called_silent_who_was_not_asked(town, office):
    town.clock.pass_(hours=12.5)  # 22:30
    at = f"/office/alerts/{warn(town)}"

    page = office.get(at).text

    assert "夜里不叫醒住户" in page
    assert "楼长 07:00 起才收到" in part(page, "silent")
    assert "陈桂枝" not in part(page, "silent")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"errcode": 0}, "渠道已收下"),
        ({"errcode": 93000, "errmsg": "invalid webhook url"}, "拒收"),
    ],
)
def test_what_a_group_answered_is_on_the_board(town, office, service, answer, words):
    service.answers(says(answer))
    channels.add(office, "红棉苑楼长群", channels.ADDRESSES["wecom"], audience="leaders")
    at = f"/office/alerts/{warn(town, minutes=0)}"
    dispatched.look(town)

    page = part(office.get(at).text, "steps")

    assert "红棉苑楼长群" in page
    assert words in page
