"""Rosters come in: looked at first, written once, corrected row by row, taken back within a day."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from server import rosters
from server.identities import Vault
from server.office.imports import MAX_UPLOAD
from server.store import check
from tests.server.office import rows_of
from tests.server.rosters import (
    EXPECTED,
    RESTRICTED,
    ROSTER,
    bring_in,
    count,
    csv_of,
    id_number,
    line,
    raw_bytes,
    read,
    rows,
    take_back,
    upload,
    wait,
    xlsx_of,
)
from tests.server.town import SECRET

ELDER = id_number("1941-02-03", 2)
ELDEST = id_number("1931-04-05", 3)


@pytest.fixture
def before(town):
    """How much there was before an import."""
    kinds = ("building", "household", "resident", "contact", "operation", "identity")
    return {kind: count(town, kind) for kind in kinds}


def faults(town):
    with town.store.read() as tx:
        return list(check.faults(tx, town.clock()))


def reject(town, nth=0):
    """The path of a waiting row."""
    found = rows(
        town,
        "select batch_id, number from import_row where state = 'waiting' order by batch_id, number",
    )
    return f"/office/rejects/{found[nth]['batch_id']}/{found[nth]['number']}"


def resident(town, name):
    return rows(town, "select * from resident where name = :name", name=name)[0]


def test_the_sample_brings_exactly_what_it_holds(town, office, before):
    bring_in(office, ROSTER.read_bytes(), "roster-a.xlsx")

    assert count(town, "building") - before["building"] == EXPECTED["buildings"] - 1  # 3栋 is there
    assert count(town, "resident") - before["resident"] == EXPECTED["residents"]
    vacant = count(town, "household", tenure="vacant")
    assert vacant == EXPECTED["vacant_dwellings"]
    found = rows(town, 'select sheet, "row", class from import_row order by "row"')
    assert found == EXPECTED["rejects"]
    assert faults(town) == []


def test_importing_twice_adds_nothing(town, office):
    bring_in(office, ROSTER.read_bytes())
    stored = [rows(town, f"select * from {kind} order by id") for kind in ("resident", "household")]
    operations = count(town, "operation")

    path = read(office, ROSTER.read_bytes(), "the same.xlsx")
    answer = office.submit(f"{path}/confirmations")

    assert answer.status_code == 422
    assert count(town, "operation") == operations
    assert count(town, "import_row") == len(EXPECTED["rejects"])
    again = [rows(town, f"select * from {kind} order by id") for kind in ("resident", "household")]
    assert again == stored


def test_a_preview_writes_no_record(town, office, before):
    path = read(office, ROSTER.read_bytes())

    shown = office.get(path).text
    assert "退出来的 16 行" in shown
    assert "确认导入 295 人" in shown
    assert {kind: count(town, kind) for kind in before} == before


def test_what_is_not_confirmed_is_forgotten(town, office):
    path = read(office, xlsx_of(line("王小明")))

    assert office.submit(f"{path}/drops").status_code == 200
    assert office.get(path).status_code == 404
    assert office.submit(f"{path}/confirmations").status_code == 422
    assert rows(town, "select plan from import_batch") == [{"plan": None}]


def test_a_door_known_in_another_spelling_is_the_same_door(town, office, before):
    row = line("黄大文", "2-0502", "三幢", id=ELDER)
    row[0] = "红棉苑小区"

    bring_in(office, xlsx_of(row))

    assert count(town, "household") == before["household"]
    assert resident(town, "黄大文")["household_id"] == town.household("huang")
    assert resident(town, "黄大文")["pinyin"] == "huangdawen hdw"
    assert count(town, "identity") == 1


def test_a_later_file_changes_what_it_says_anew_and_nothing_else(town, office):
    bring_in(office, xlsx_of(line("王小明", labels="独居", phone="14000000001", id=ELDER)))
    known = resident(town, "王小明")
    changes = {"changes": {"categories": ["living_alone", "veteran"], "sex": "f"}}
    town.submit("office1", "resident.change", {"id": known["id"], **changes}, known["version"])

    later = xlsx_of(line("王晓明", labels="空巢", phone="14000000002", id=ELDER))
    bring_in(office, later, "later.xlsx")

    after = resident(town, "王晓明")
    assert after["id"] == known["id"]
    assert after["pinyin"] == "wangxiaoming wxm"
    assert after["categories"] == '["empty_nest","veteran"]'
    assert after["sex"] == "f"  # the roster says what it said before
    contacts = rows(town, "select phone from contact where resident_id = :id", id=known["id"])
    assert contacts == [{"phone": "14000000002"}]
    assert faults(town) == []


def test_what_a_preview_would_change_is_shown_with_both_values(town, office):
    bring_in(office, xlsx_of(line("王小明", labels="独居", id=ELDER)))

    path = read(office, xlsx_of(line("王晓明", labels="空巢", id=ELDER)))

    shown = office.get(f"{path}/changes?show=changed").text
    assert "王小明" in shown and "王晓明" in shown
    assert "独居" in shown and "空巢" in shown
    assert "新增" in office.get(f"{path}/changes?show=added").text


def test_a_preview_that_no_longer_holds_asks_for_another_look(town, office, before):
    first = read(office, xlsx_of(line("王小明", id=ELDER)))
    bring_in(office, xlsx_of(line("王小明", id=ELDER)))

    answer = office.submit(f"{first}/confirmations")

    assert answer.status_code == 422
    assert "再看一遍" in answer.text
    assert count(town, "resident") == before["resident"] + 1
    assert "没有要写入的" in office.get(first).text


def test_whom_a_later_file_no_longer_names_is_flagged_and_stays(town, office, before):
    bring_in(office, xlsx_of(line("王小明"), line("王大明")))

    bring_in(office, xlsx_of(line("王小明"), line("王中明")), "later.xlsx")

    assert count(town, "resident") == before["resident"] + 3
    shown = office.get("/office/missing").text
    assert "王大明" in shown
    assert "黄秀珍" not in shown  # her building is in no file
    gone = resident(town, "王大明")["id"]
    answer = office.submit(f"/office/missing/{gone}/settlements", how="visit")
    assert answer.status_code == 200
    assert "王大明" not in office.get("/office/missing").text
    assert count(town, "task", status="open") == 1


def test_who_was_merged_is_not_brought_in_again_by_a_file_that_has_both(town, office, before):
    """Twice, the second time under one name only."""
    bring_in(office, xlsx_of(line("王小明"), line("王晓明")))
    keep, drop = resident(town, "王小明")["id"], resident(town, "王晓明")["id"]
    town.submit("office1", "resident.merge", {"keep": keep, "drop": drop})

    look = read(office, xlsx_of(line("王小明"), line("王晓明"), line("王中明")), "both.xlsx")
    office.submit(f"{look}/confirmations")
    wait(office, look)
    bring_in(office, xlsx_of(line("王晓明"), line("王大明")), "one.xlsx")

    names = {row["name"] for row in rows_of(town, "resident")}
    assert count(town, "resident") == before["resident"] + 3
    assert len({"王小明", "王晓明"} & names) == 1
    shown = office.get("/office/missing").text
    assert f"/office/residents/{keep}" not in shown


def test_a_door_that_was_merged_is_found_under_both_names(town, office, before):
    bring_in(office, xlsx_of(line("王小明", "502"), line("王大明", "503")))
    doors = {row["door_no"]: row["id"] for row in rows_of(town, "household")}
    town.submit("office1", "household.merge", {"keep": doors["502"], "drop": doors["503"]})

    bring_in(office, xlsx_of(line("王小明", "502"), line("王大明", "503"), line("王中明", "503")))

    assert count(town, "household") == before["household"] + 1
    assert resident(town, "王中明")["household_id"] == doors["502"]


def test_a_number_known_behind_another_door_goes_to_the_office(town, office, before):
    bring_in(office, xlsx_of(line("王小明", "502", id=ELDER), line("王大明", "502", id=ELDEST)))

    bring_in(
        office,
        xlsx_of(line("王小明", "601", id=ELDER), line("李四", "701", id=ELDEST)),
        "later.xlsx",
    )

    assert count(town, "resident") == before["resident"] + 2
    assert count(town, "household") == before["household"] + 1
    found = rows(town, "select class, reason from import_row order by number")
    assert [one["class"] for one in found] == ["duplicate_other_address", "id_conflict"]
    assert "紫薇苑 9栋 502" in found[0]["reason"]


def test_a_corrected_row_goes_in(town, office, before):
    bring_in(office, xlsx_of(line("王小明", "不详", id=ELDER, phone="14000000001")))
    path = reject(town)
    assert "门牌读不出是哪一户" in office.get(path).text

    answer = office.submit(f"{path}/corrections", **cells(name="王小明", door="502"), id_text=ELDER)

    assert str(answer.url).endswith("/office/rejects?done=imported")
    assert resident(town, "王小明")["birth_on"] == "1941-02-03"
    assert count(town, "identity") == before["identity"] + 1
    assert rows(town, "select state, id_cipher from import_row") == [
        {"state": "imported", "id_cipher": None}
    ]
    assert (
        office.submit(f"{path}/corrections", **cells(name="王小明"), id_text="").status_code == 422
    )
    assert faults(town) == []


def test_a_row_that_is_still_wrong_stays_with_the_new_reason(town, office, before):
    bring_in(office, xlsx_of(line("王小明", "不详", id=ELDER)))
    path = reject(town)
    wrong = ELDER[:-1] + ("0" if ELDER[-1] != "0" else "1")

    answer = office.submit(f"{path}/corrections", **cells(name="王小明", door="502"), id_text=wrong)

    assert answer.url.path == path
    assert "身份证号校验不对" in office.get(path).text
    assert count(town, "resident") == before["resident"]
    assert wrong.encode() not in raw_bytes(town)


def test_a_row_is_left_out_for_a_reason_once(town, office):
    bring_in(office, xlsx_of(line("王小明", "不详")))
    path = reject(town)

    assert office.submit(f"{path}/dismissals", reason="").status_code == 422
    assert office.submit(f"{path}/dismissals", reason="不是本社区的").status_code == 200
    assert office.submit(f"{path}/dismissals", reason="又一次").status_code == 422
    assert rows(town, "select state, decision from import_row") == [
        {"state": "dismissed", "decision": "不是本社区的"}
    ]


def test_a_later_file_that_puts_a_row_right_takes_it_off_the_queue(town, office):
    bring_in(office, xlsx_of(line("王小明", "不详", id=ELDER), line("王大明")))

    bring_in(office, xlsx_of(line("王小明", "502", id=ELDER), line("王大明")), "later.xlsx")

    assert count(town, "import_row", state="waiting") == 0


def test_what_is_downloaded_for_correction_can_be_imported_again(town, office, before):
    bring_in(
        office, xlsx_of(line("", "502", phone="14000000001", id=ELDER), line("王大明", "顶楼"))
    )

    masked = office.get("/office/rejects/download")
    whole = office.submit("/office/rejects/downloads", reason="对照证件", batch="")
    sheet = load_workbook(BytesIO(whole.content)).active

    heads = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, heads["身份证号"]).value == ELDER
    assert load_workbook(BytesIO(masked.content)).active.cell(2, heads["身份证号"]).value == (
        "*" * 14 + ELDER[-4:]
    )
    assert [row["detail"] for row in town.audit("export")] == ["", "对照证件"]
    sheet.cell(2, heads["姓名"]).value = "王小明"
    sheet.cell(3, heads["住址"]).value = "紫薇苑9栋601"
    file = BytesIO()
    sheet.parent.save(file)
    bring_in(office, file.getvalue(), "corrected.xlsx")
    assert count(town, "resident") == before["resident"] + 2
    assert count(town, "import_row", state="waiting") == 0


def test_an_import_is_taken_back_whole(town, office, before):
    names = ("building", "household", "resident", "contact")
    stored = [rows(town, f"select id from {kind} order by id") for kind in names]
    path = bring_in(office, ROSTER.read_bytes())

    assert take_back(office, path).status_code == 200

    assert [rows(town, f"select id from {kind} order by id") for kind in names] == stored
    assert count(town, "identity") == 0
    assert count(town, "roster_said") == 0
    assert count(town, "import_row", state="waiting") == 0
    assert "资料和导入以前一样" in office.get(path).text
    assert faults(town) == []
    bring_in(office, ROSTER.read_bytes())
    assert count(town, "resident") == before["resident"] + EXPECTED["residents"]


def test_changes_are_taken_back_to_what_was_there(town, office):
    first = xlsx_of(line("王小明", labels="独居", phone="14000000001", id=ELDER))
    bring_in(office, first)
    later = xlsx_of(line("王晓明", labels="空巢", phone="14000000002", id=ELDER))
    path = bring_in(office, later, "later.xlsx")

    take_back(office, path)

    after = resident(town, "王小明")
    assert after["categories"] == '["living_alone"]'
    assert rows(town, "select phone from contact where resident_id = :id", id=after["id"]) == [
        {"phone": "14000000001"}
    ]
    assert "没有要写入的" in office.get(read(office, first, "again.xlsx")).text


def test_what_somebody_touched_since_stays_and_is_listed(town, office):
    path = bring_in(
        office, xlsx_of(line("王小明", "502"), line("王大明", "601"), line("王中明", "701"))
    )
    seen, changed = resident(town, "王小明"), resident(town, "王大明")
    visit = {"type": "routine", "method": "door", "result": "met", "resident_ids": [seen["id"]]}
    town.submit("office1", "visit.record", {"household_id": seen["household_id"], **visit})
    change = {"id": changed["id"], "changes": {"sex": "f"}}
    town.submit("office1", "resident.change", change, changed["version"])

    take_back(office, path)

    left = [one["name"] for one in rows(town, "select name from resident order by name")]
    assert "王小明" in left and "王大明" in left and "王中明" not in left
    assert "留着没撤的" in office.get(path).text
    assert faults(town) == []


def test_after_a_day_nothing_is_taken_back(town, office):
    path = bring_in(office, xlsx_of(line("王小明")))
    town.clock.pass_(hours=25)

    assert take_back(office, path).status_code == 422
    assert "撤回这次导入" not in office.get(path).text


def test_whoever_moves_into_a_vacant_dwelling_leaves_it_vacant_again(town, office):
    bring_in(office, xlsx_of(line("空置", "502"), line("王大明", "601")))
    path = bring_in(office, xlsx_of(line("王小明", "502"), line("王大明", "601")), "later.xlsx")
    assert count(town, "household", tenure="vacant") == 0

    take_back(office, path)

    assert count(town, "household", tenure="vacant") == 1


def test_a_writing_that_was_cut_off_goes_on_where_it_was(town, office, before, monkeypatch):
    monkeypatch.setattr(rosters.runs, "AT_ONCE", 50)
    monkeypatch.setattr(rosters, "start", lambda *all_of_it: None)
    path = read(office, ROSTER.read_bytes())
    office.submit(f"{path}/confirmations")
    batch_id = path.rpartition("/")[2]
    with town.store.read() as tx:
        cipher = rosters.runs.rows.plan_of(tx, town.community, batch_id)
    steps = rosters.plans.unlock(Vault(SECRET), batch_id, cipher).plan.steps
    for _ in range(3):  # and then the power went
        rosters.runs._piece(town.intake, Vault(SECRET), town.community, batch_id, steps)
    assert "every 1s" in office.get(path).text

    rosters.resume(town.intake, SECRET)

    assert count(town, "resident") == before["resident"] + EXPECTED["residents"]
    assert count(town, "import_step") == len(steps)
    assert faults(town) == []


def test_two_imports_are_not_written_at_once(town, office, monkeypatch):
    monkeypatch.setattr(rosters, "start", lambda *all_of_it: None)
    first, other = read(office, xlsx_of(line("王小明"))), read(office, xlsx_of(line("王大明")))

    assert office.submit(f"{first}/confirmations").status_code == 200
    answer = office.submit(f"{other}/confirmations")

    assert answer.status_code == 422
    assert "另一份名册正在写入" in answer.text
    rosters.resume(town.intake, SECRET)
    assert "再看一遍" in office.submit(f"{other}/confirmations").text  # 9栋 is there by now
    assert office.submit(f"{other}/confirmations").status_code == 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_brings_the_same_in_any_encoding(town, office, encoding):
    data = csv_of(line("王小䶮", labels="独居", id=ELDER), line("空置", "601"), encoding=encoding)

    bring_in(office, data, "名册.csv")

    assert resident(town, "王小䶮")["categories"] == '["living_alone"]'
    assert count(town, "household", tenure="vacant") == 1


def test_restricted_words_are_stored_nowhere(town, office, worker):
    named = [line("王小明", "502", labels="吸毒人员、独居", note="精神障碍，需关注")]
    named += [line("王大明", "不详", labels="社区矫正、独居", note="信访重点")]
    office_sees = bring_in(office, xlsx_of(*named), "精神障碍 社区矫正 吸毒人员 信访重点.xlsx")
    row = reject(town)
    office.submit(
        f"{row}/corrections", **cells(name="王大明", labels="吸毒人员", door="顶楼"), id_text=""
    )

    for reason in ("吸毒人员", "社区矫正"):
        office.submit("/office/rejects/downloads", reason=reason, batch="")
    office.submit(f"{reject(town)}/dismissals", reason="信访重点")

    pages = [office_sees, "/office/imports", "/office/rejects"]
    everything = "".join(office.get(path).text for path in pages)
    everything += office.get("/office/rejects/download").text
    on_disk = raw_bytes(town)
    for word in RESTRICTED:
        assert word not in everything
        assert word.encode() not in on_disk
    assert resident(town, "王小明")["categories"] == '["living_alone"]'


def test_id_numbers_stand_in_no_operation_feed_or_page(town, office):
    other = id_number("1950-05-05", 7)
    page = bring_in(
        office,
        xlsx_of(
            line("王小明", "502", id=ELDER, note=f"证号{ELDER}"), line("王大明", "不详", id=other)
        ),
        f"名册 {ELDER}.xlsx",
    )

    said = "".join(office.get(path).text for path in (page, "/office/imports", "/office/rejects"))
    for number in (ELDER, other):
        assert number.encode() not in raw_bytes(town)
        assert number not in said
    assert f"****{other[-4:]}" in said


def test_seeing_a_whole_number_for_correction_is_written_down(town, office):
    bring_in(office, xlsx_of(line("王大明", "不详", id=ELDER)))

    assert ELDER in office.get(reject(town)).text
    assert [row["outcome"] for row in town.audit("identity.view")] == ["done"]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        pytest.param(b"", "名册.xlsx", "是空的", id="empty"),
        pytest.param(ROSTER.read_bytes()[:17000], "名册.xlsx", "打不开", id="half a workbook"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls", "旧版", id="xls"
        ),
        pytest.param(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 99, "a.png", "不是表格", id="picture"
        ),
        pytest.param(b"name,id\n1,2\n", "a.csv", "没有找到名册", id="no roster"),
        pytest.param(
            b"7,x\xff\n" * (5 * 1024 * 1024), "noise.csv", "超过 16 MB", id="20 MB of noise"
        ),
    ],
)
def test_what_is_no_roster_gets_a_clear_word_and_writes_nothing(
    town, office, before, data, name, said
):
    answer = upload(office, data, name)

    assert answer.status_code == 422
    assert said in answer.text
    assert count(town, "import_batch") == 0
    assert {kind: count(town, kind) for kind in before} == before


def test_a_body_beyond_all_measure_gets_the_same_word(town, office):
    answer = upload(office, b"1" * (MAX_UPLOAD + 1), "名册.csv")

    assert answer.status_code == 422
    assert "超过 16 MB" in answer.text


def test_no_file_chosen_is_said(office):
    answer = upload(office, b"", "")

    assert answer.status_code in (400, 422)


def test_previews_nobody_confirmed_are_forgotten_after_a_day(town, office):
    path = read(office, xlsx_of(line("王小明")))
    town.clock.pass_(hours=25)

    rosters.tidy(town.intake, town.community)

    assert office.get(path).status_code == 404
    assert rows(town, "select plan from import_batch") == [{"plan": None}]


def test_the_desk_counts_what_waits(town, office):
    bring_in(office, xlsx_of(line("王小明", "不详"), line("王大明", "顶楼左手边")))

    shown = office.get("/office/imports").text

    assert re.search(r"名册导入<b>2</b>", shown)
    assert "待修正" in shown


def cells(**typed):
    """The correction form as a browser sends it: every cell, most of them empty."""
    names = "compound building unit floor door address name relation sex birth phone labels tenure"
    blank = dict.fromkeys([*names.split(), "note"], "")
    return {**blank, "compound": "紫薇苑", "building": "9栋", **typed}
