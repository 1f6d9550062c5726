"""成批改: people and buildings down as a workbook and up again."""

import re
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from server.bulk_sheets import HEADS
from tests.server.office import hidden, rows_of

PAGE = "/office/bulk"


def workbook(**sheets):
    """Sheets by name, each a list of rows below the heads."""
    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(["填表说明"])
        sheet.append(HEADS[name])
        for line in lines:
            sheet.append(line)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def read(browser, content):
    files, data = {"file": ("b.xlsx", content)}, {"form_token": browser.form_token}
    return browser.post(PAGE, files=files, data=data)


def confirm(browser, seen):
    return browser.submit(f"{PAGE}/confirmations", **hidden(seen.text, "/confirmations"))


PEOPLE = [
    ["worker10", "方晓", "网格员", "199 0000 0010", "", "新苑 1栋、红棉苑 3栋"],
    ["leader9", "梁姨", "楼长", 19900000009, "在用", "新苑 1栋"],
]
BUILDINGS = [["新苑", "1栋", "第三网格", 1, 6, 2, 9]]


def test_a_file_is_shown_first_and_brings_people_and_buildings(town, office):
    seen = read(office, workbook(人员=PEOPLE, 楼栋=BUILDINGS))
    untouched = rows_of(town, "building", compound="新苑")
    done = confirm(office, seen)

    assert "新的 3 行" in seen.text and "“人员”第 3 行" in seen.text and not untouched
    assert "已写入 3 行" in done.text
    (building,) = rows_of(town, "building", compound="新苑")
    (worker,) = rows_of(town, "person", username="worker10")
    assert (building["grid_name"], building["floors"]) == ("第三网格", 6)
    assert (worker["role"], worker["phone"]) == ("worker", "19900000010")
    assert len(rows_of(town, "person_building", person_id=worker["id"])) == 2
    assert building["leader_name"] == "梁姨"
    assert len(town.audit("person.add")) == 2


def test_the_same_file_once_more_changes_nothing(town, office):
    content = workbook(人员=PEOPLE, 楼栋=BUILDINGS)
    confirm(office, read(office, content))
    operations = len(rows_of(town, "operation"))
    again = read(office, content)

    assert "没变 3 行" in again.text and "没有要写入的" in again.text
    assert "/confirmations" not in again.text
    assert len(rows_of(town, "operation")) == operations


def test_what_is_downloaded_is_taken_back_without_a_change(office):
    content = office.get(f"{PAGE}/file.xlsx").content
    empty = load_workbook(BytesIO(office.get(f"{PAGE}/file.xlsx?empty=1").content))
    seen = read(office, content)

    assert {sheet.title for sheet in empty} == set(HEADS)
    assert "新的 0 行 · 有改动 0 行" in seen.text
    assert load_workbook(BytesIO(content))["人员"].max_row == 11


@pytest.mark.parametrize(
    ("sheet", "line", "said"),
    [
        ("人员", ["坏 账号", "方晓", "网格员"], "小写字母"),
        ("人员", ["worker10", "", "网格员"], "请写姓名"),
        ("人员", ["worker10", "方晓", "国王"], "没有“国王”这个岗位"),
        ("人员", ["worker10", "方晓", "社区书记"], "不能管理这个账号"),
        ("人员", ["secretary", "何书记", "网格员"], "不能管理这个账号"),
        ("人员", ["worker10", "方晓", "网格员", "打我电话"], "电话应是"),
        ("人员", ["worker10", "方晓", "网格员", "", "休假"], "没有“休假”这一项"),
        ("人员", ["worker10", "方晓", "网格员", "", "", "天宫 1栋"], "没有叫“天宫 1栋”的楼栋"),
        ("楼栋", ["新苑", ""], "请填写“楼栋”"),
        ("楼栋", ["新苑", "1栋", "", "一"], "单元数"),
    ],
)
def test_what_is_wrong_is_said_by_sheet_and_row(town, office, sheet, line, said):
    before = len(rows_of(town, "person"))
    seen = read(office, workbook(**{sheet: [line]}))

    assert "要改 1 行" in seen.text and f"“{sheet}”第 3 行" in seen.text
    assert said in seen.text
    assert "/confirmations" not in seen.text and len(rows_of(town, "person")) == before


def test_rows_that_are_wrong_hold_up_no_others(town, office):
    seen = read(office, workbook(人员=[PEOPLE[1][:5], ["worker11", "", "网格员"], PEOPLE[1][:5]]))
    done = confirm(office, seen)

    assert "要改 2 行" in seen.text and "重复" in seen.text
    assert "已写入 1 行" in done.text and rows_of(town, "person", username="leader9")


def test_who_is_disabled_by_a_file_is_signed_out_and_grids_take_rights_along(town, office, worker):
    people = [["worker1", "周小岚", "网格员", "", "停用", ""]]
    seen = read(office, workbook(人员=people, 楼栋=[["凤凰里", "1栋", "第二网格"]]))
    confirm(office, seen)

    assert "姓名：周晓岚 → 周小岚" in seen.text and "状态：在用 → 停用" in seen.text
    assert "网格：第一网格 → 第二网格" in seen.text
    assert worker.get("/api/session").status_code == 401
    streams = town["worker2"].post("/sync", json={"ops": []}).json()["cursors"]
    assert f"building:{town.building('fenghuang')}" in streams


def test_what_changed_since_it_was_seen_is_seen_again(town, office):
    seen = read(office, workbook(人员=PEOPLE[1:], 楼栋=BUILDINGS))
    office.submit("/office/people", name="别人", username="leader9", role="leader")
    again = confirm(office, seen)

    assert "请再看一遍" in again.text and "姓名：别人 → 梁姨" in again.text
    assert not rows_of(town, "building", compound="新苑")


def test_a_confirmation_sent_twice_writes_once(town, office):
    seen = read(office, workbook(楼栋=BUILDINGS))
    confirm(office, seen)
    again = confirm(office, seen)

    assert "请再看一遍" in again.text
    assert len(rows_of(town, "building", compound="新苑")) == 1


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 not a book"])
def test_what_is_no_workbook_is_said(office, content):
    answer = read(office, content)

    assert answer.status_code == 422
    assert re.search("空的|不是|打不开|没有", answer.text)


def test_the_administrator_brings_people_and_no_buildings(town, admin):
    seen = read(admin, workbook(人员=[["office9", "方主任", "社区办公室"]], 楼栋=BUILDINGS))
    confirm(admin, seen)

    assert "您的岗位不能做这件事" in seen.text
    assert rows_of(town, "person", username="office9")
    assert not rows_of(town, "building", compound="新苑")


@pytest.mark.parametrize("username", ["worker1", "leader1", "street"])
def test_nobody_else_reads_or_brings_the_list(town, username):
    assert town[username].get(f"{PAGE}/file.xlsx").status_code == 403
    assert read(town[username], workbook(楼栋=BUILDINGS)).status_code == 403
