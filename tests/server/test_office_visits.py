"""走访记录: filters that find, pages that end, and a work diary that equals the database."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.server.office import hidden, record, rows_of, visit_of


def diary(office, **asked):
    answer = office.get("/office/visits/diary.xlsx", params=asked)
    assert answer.status_code == 200
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    return rows[0][0], [list(row) for row in rows[1:]]


@pytest.fixture
def three(town):
    """Three visits of two people at three doors, two days apart."""
    huang = town.resident("huang")
    first = record(town, "worker1", "huang", resident_ids=[huang], note="精神好")
    town.clock.pass_(days=2)
    second = record(town, "worker1", "liang", result="not_home")
    third = record(town, "social1", "wu", result="met_family", followup="换灯管")
    return first, second, third


def test_visits_are_found_by_building_person_day_result_and_words(town, office, three):
    def found(**asked):
        text = office.submit("/office/finds", to="/office/visits", **asked).text
        return [one for one in three if f'href="/office/visits/{one}"' in text]

    first, second, third = three
    assert found() == [first, second, third]
    assert found(building=town.building("hongmian")) == [first, second]
    assert found(person=town.person("social1")) == [third]
    assert found(last="2026-09-15") == [first]
    assert found(first="2026-09-16", last="2026-09-17") == [second, third]
    assert found(result="not_home") == [second]
    assert found(q="精神") == [first]
    assert found(q="吴丽华") == [third]
    assert found(q="凤凰里") == [third]
    assert found(q="%") == []
    assert found(household=town.household("wu")) == [third]


def test_days_are_the_days_of_the_community(town, office):
    town.clock.pass_(hours=13, minutes=59)  # 23:59 in Shanghai
    late = record(town, "worker1", "huang")
    town.clock.pass_(minutes=2)
    early = record(town, "worker1", "liang")

    text = office.get("/office/visits?first=2026-09-15&last=2026-09-15").text

    assert late in text and early not in text


def test_a_long_list_has_pages_that_end(town, office):
    for _ in range(52):
        record(town, "worker1", "huang")

    first, second = office.get("/office/visits").text, office.get("/office/visits?page=2").text

    assert first.count("见到本人</b>") == 50 and second.count("见到本人</b>") == 2
    assert "第 1 页，共 2 页" in first and "上一页" in second and "下一页" not in second
    for beyond in ("99999999", "0", "-1", "x", "٣"):
        assert office.get(f"/office/visits?page={beyond}").status_code == 200


@pytest.mark.parametrize("day", ["1850-01-01", "2026-13-40", "yesterday", "99999-01-01"])
def test_a_day_that_is_none_is_refused_plainly(office, day):
    answer = office.get("/office/visits", params={"first": day})

    assert answer.status_code == 422
    assert "从哪天" in answer.text or "不存在" in answer.text


def test_a_visit_in_1970_may_be_asked_for_and_finds_nothing(office):
    answer = office.get("/office/visits?first=1970-01-01&last=1970-12-31")

    assert answer.status_code == 200
    assert "没有这样的走访" in answer.text


def test_the_diary_equals_the_database(town, office, three):
    task = town.submit(
        "office1",
        "task.add",
        {"household_id": town.household("huang"), "reason": "问问药够不够"},
    ).id
    record(town, "worker1", "huang", task_ids=[task], note="药够")
    third = three[2]
    town.submit("office1", "followup.close", {"id": third, "result": "已换"})

    mark, rows = diary(office)

    assert rows[0] == [
        *("日期", "时间", "走访人", "住址", "今日安排", "群众信息", "采取措施", "结果反馈"),
        "联系电话",
    ]
    assert len(rows) - 1 == len(rows_of(town, "visit"))
    said = {tuple(row[:8]) for row in rows[1:]}
    where = "红棉苑 3栋 2单元 502"
    assert said == {
        (
            *("2026-09-15", "10:00", "周晓岚", where, "例行走访"),
            *("黄**（86 岁、独居）", "上门；精神好", "见到本人"),
        ),
        (
            *("2026-09-17", "10:00", "周晓岚", "红棉苑 3栋 2单元 301", "例行走访"),
            *("按户", "上门", "不在家"),
        ),
        (
            *("2026-09-17", "10:00", "卢静", "凤凰里 1栋 1单元 402", "例行走访", "按户", "上门"),
            "见到家属；要跟进：换灯管；已办结：已换",
        ),
        (
            *("2026-09-17", "10:00", "周晓岚", where, "例行走访；交办：问问药够不够"),
            *("按户", "上门；药够", "见到本人"),
        ),
    }
    assert "麦咏诗（office1）2026-09-17 10:00 导出" in mark


def test_the_diary_masks_phones_and_leaves_out_what_was_withdrawn(town, office, three):
    town.submit(
        "worker1",
        "contact.add",
        {"household_id": town.household("huang"), "phone": "19900000702", "relation": "self"},
    )
    town.submit("worker1", "visit.withdraw", {"id": three[1]})

    _, rows = diary(office)

    assert [row[8] for row in rows[1:]] == ["199****0702", None]
    assert all("不在家" not in str(row) for row in rows)


@pytest.mark.parametrize("note", ["=1+2", "+86", "-2", "@SUM(A1)", '=HYPERLINK("x")'])
def test_nothing_that_was_typed_becomes_a_formula(town, office, note):
    record(town, "worker1", "huang", method="phone", note=note)
    town.submit(
        "office1",
        "resident.change",
        {"id": town.resident("huang"), "changes": {"name": note}},
        base=1,
    )
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])

    answer = office.get("/office/visits/diary.xlsx")
    cells = [cell for row in load_workbook(BytesIO(answer.content)).active for cell in row]

    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "inlineStr"}
    marked = [cell for cell in cells if str(cell.value or "").startswith(note[0])]
    assert marked and all(cell.quotePrefix for cell in marked)


def test_a_note_with_letters_no_spreadsheet_takes_is_exported(town, office):
    record(town, "worker1", "huang", note="a\x0bb\x00c")

    _, rows = diary(office)

    assert rows[1][6] == "上门；abc"


def test_taking_the_diary_is_written_down(town, office, three):
    office.get("/office/visits/diary.xlsx?result=not_home")

    (row,) = town.audit("export")
    assert row["target"] == "diary"
    assert "result=not_home" in row["detail"]
    assert row["person_id"] == town.person("office1")


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_takes_the_diary(town, username):
    assert town[username].get("/office/visits/diary.xlsx").status_code == 403
    assert not town.audit("export")


def test_a_visit_shows_its_whole_history(town, office, three):
    town.submit("worker1", "visit.correct", {"id": three[0], "changes": {"note": "精神不错"}})
    town.submit("office1", "review.approve", {"id": three[0]})

    text = office.get(f"/office/visits/{three[0]}").text

    assert text.index("<b>走访</b>") < text.index("<b>更正走访</b>") < text.index("<b>通过</b>")
    assert "精神好" in text and "精神不错" in text


def test_a_correction_at_the_desk_needs_the_version_that_was_seen(town, office, three):
    url = f"/office/visits/{three[1]}"
    fields = {
        **hidden(office.get(url).text, "corrections"),
        **{"result": "met", "type": "routine", "method": "door", "reason": "来电更正"},
    }
    town.submit("worker1", "visit.correct", {"id": three[1], "changes": {"note": "又去了"}})

    stale = office.post(f"{url}/corrections", data=fields)
    fields["base"] = "2"
    fresh = office.post(f"{url}/corrections", data={**fields, "note": "又去了"})

    assert stale.status_code == 409 and fresh.status_code == 200
    assert visit_of(town, three[1]).result == "met"


def test_an_away_until_before_the_visit_is_refused(town, office, three):
    answer = office.submit(
        f"/office/visits/{three[0]}/corrections",
        base=1,
        result="away",
        type="routine",
        method="door",
        note="精神好",
        away_until="1970-01-01",
        reason="x",
    )

    assert answer.status_code == 422
    assert "“到哪天”应在 2026-09-15" in answer.text


def test_a_visit_that_was_never_made_is_taken_back_with_a_reason(town, office, three):
    url = f"/office/visits/{three[0]}/withdrawals"

    assert "请填写“为什么撤回”" in office.submit(url, reason="").text
    done = office.submit(url, reason="记错了户")
    again = office.submit(url, reason="记错了户")

    assert (done.status_code, again.status_code) == (200, 409)
    assert visit_of(town, three[0]).withdrawn == 1
    assert "已经撤回，不计入任何数字" in done.text


def test_answers_that_were_put_right_are_told_one_by_one(town, office):
    person = town.resident("huang")

    def asked(**said):
        answers = {
            name: {"value": value, "asked": f"{name} 怎样", "said": [word]}
            for name, (value, word) in said.items()
        }
        return [
            {
                "resident_id": person,
                "checklist_id": "CK-ELDER",
                "version": 1,
                "answers": answers,
            }
        ]

    first = asked(E02=("free", "自如"), E05=("regular", "规律"), E13=("suspected", "疑似"))
    visit_id = record(town, "worker1", "huang", resident_ids=[person], checkups=first)
    changes = {"checkups": asked(E02=("bed", "卧床"), E05=("regular", "规律"))}
    town.submit("worker1", "visit.correct", {"id": visit_id, "changes": changes})

    page = " ".join(office.get(f"/office/visits/{visit_id}").text.split())

    changed = page[page.index("更正了什么") : page.index("</table>", page.index("更正了什么"))]
    assert "黄秀珍：E02 怎样" in changed and "自如" in changed and "卧床" in changed
    assert "E05" not in changed and "E13" not in changed and "{" not in changed
