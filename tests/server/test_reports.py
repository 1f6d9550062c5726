"""报表: file and print page equal the database and each other, masked unless somebody says why."""

import re
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from server.reports.catalogue import REPORTS
from server.reports.taking import at_most
from sync.refusals import Refusal
from tests.server.office import record, rows_of

ORDER = {"report": "ledger", "kind": "month", "on": "2026-09-15", "where": "", "shown": "masked"}
PHONE = "14000004412"


def book(answer):
    assert answer.status_code == 200, answer.text
    return load_workbook(BytesIO(answer.content)).active


def file(office, **order):
    """(mark, heads, lines) of a report as a file."""
    sheet = book(office.submit("/office/reports/files", **{**ORDER, **order}))
    mark, heads, *lines = sheet.iter_rows(values_only=True)
    return mark[0], list(heads), [["" if one is None else one for one in line] for line in lines]


def paper(office, **order):
    """The same of the page that is printed."""
    answer = office.submit("/office/reports/prints", **{**ORDER, **order})
    assert answer.status_code == 200, answer.text
    table = answer.text.partition("<table")[2]
    cells = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
    mark, heads, *lines = [
        [unescape(one) for one in cells.findall(row)]
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    ]
    return mark[0], heads, lines


def as_text(lines):
    return [[str(one) for one in line] for line in lines]


@pytest.fixture
def busy(town):
    """A month of three visits: two people at one, nobody at one; and a visit taken back."""
    huang = town.resident("huang")
    town.submit(
        "worker1",
        "contact.add",
        {
            "household_id": town.household("huang"),
            "resident_id": huang,
            "name": "黄小梅",
            "phone": PHONE,
            "relation": "daughter",
        },
    )
    son = town.submit(
        "office1", "resident.add", {"household_id": town.household("huang"), "name": "黄大文"}
    ).id
    both = record(
        town,
        "worker1",
        "huang",
        resident_ids=[huang, son],
        note=f"黄小梅来过，电话 {PHONE}",
        followup="给黄秀珍换灯管",
    )
    nobody = record(town, "worker1", "liang", result="not_home")
    back = record(town, "worker1", "liang")
    town.submit("worker1", "visit.withdraw", {"id": back})
    town.clock.pass_(days=3)
    far = record(town, "social1", "wu", resident_ids=[town.resident("wu")], result="phone_ok")
    return {"both": both, "nobody": nobody, "far": far}


def test_the_ledger_has_a_line_for_each_person_and_equals_the_database(town, office, busy):
    _, heads, lines = file(office, shown="open", reason="街道要原件")

    visits = [one for one in rows_of(town, "visit") if not one["withdrawn"]]
    people = {one["id"]: one["name"] for one in rows_of(town, "resident")}
    expected = [
        people.get(who, "按户")
        for one in sorted(visits, key=lambda one: (one["true_at"], one["id"]))
        for who in re.findall(r'"([0-9a-f-]{36})"', one["resident_ids"]) or [""]
    ]
    assert [line[heads.index("姓名")] for line in lines] == expected
    assert [line[0] for line in lines] == list(range(1, len(expected) + 1))
    assert heads == [
        *("序号", "探访日期", "住址", "姓名", "性别", "年龄", "人员类别", "联系电话", "探访类型"),
        *("探访方式", "探访结果", "情况记录", "跟进办理", "探访人"),
    ]
    huang = lines[expected.index("黄秀珍")]
    assert huang[1:] == [
        *("2026-09-15", "红棉苑 3栋 2单元 502", "黄秀珍", "", "86", "独居", PHONE, "例行走访"),
        *("上门", "见到本人", f"黄小梅来过，电话 {PHONE}", "要跟进：给黄秀珍换灯管", "周晓岚"),
    ]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("shown", ["masked", "open"])
def test_paper_and_file_are_the_same(office, busy, report, shown):
    order = {"report": report, "shown": shown, "reason": "核对"}

    (mark, heads, lines), (other_mark, *others) = file(office, **order), paper(office, **order)

    assert [heads, as_text(lines)] == others and lines
    assert mark.replace("导出", "打印") == other_mark


@pytest.mark.parametrize("report", ["ledger", "diary", "followups"])
def test_nobody_is_named_and_no_number_given_unless_asked_for(town, office, busy, report):
    mark, _, lines = file(office, report=report)
    open_mark, _, open_lines = file(office, report=report, shown="open", reason="核对")

    said = str(lines)
    names = [one["name"] for one in rows_of(town, "resident")] + ["黄小梅"]
    assert not [name for name in names if name in said] and PHONE not in said
    assert "黄**" in said and "打码" in mark and "麦咏诗（office1）2026-09-18 10:00" in mark
    assert "黄秀珍" in str(open_lines) and "未打码" in open_mark
    assert report == "followups" or ("140****4412" in said and PHONE in str(open_lines))


def test_a_neighbour_who_is_named_in_a_note_is_hidden(town, office, busy):
    """Everybody known in the building is looked for, not only whoever lives behind the door."""
    record(town, "worker1", "liang", note="楼上黄秀珍的女儿黄小梅说这家出门了", result="not_home")

    said = str(file(office)[2])
    assert "楼上黄**的女儿黄**说这家出门了" in said
    assert "楼上黄秀珍的女儿" in str(file(office, shown="open", reason="核对")[2])


def test_a_month_that_runs_says_up_to_when_it_tells(town, office, busy):
    assert "月报 2026-09-01 至 2026-09-18（到今天为止）" in file(office, report="months")[0]
    assert "2026-09-14 至 2026-09-18（到今天为止）" in file(office, kind="week", on="2026-09-18")[0]
    town.clock.pass_(days=12)
    assert "2026-09-01 至 2026-09-30（到今天为止）" in file(office)[0]
    town.clock.pass_(days=1)
    assert "2026-09-01 至 2026-09-30 ·" in file(office)[0]


def test_names_are_only_open_for_a_reason(office, busy):
    answer = office.submit("/office/reports/files", **{**ORDER, "shown": "open", "reason": " "})

    assert answer.status_code == 422 and "请填写“为什么不打码”" in answer.text


def test_a_report_is_of_a_day_a_week_or_a_month_somewhere(town, office, busy):
    def n(**order):
        return len(file(office, **order)[2])

    assert n() == 4
    assert n(kind="day") == 3 and n(kind="day", on="2026-09-18") == 1
    assert n(kind="day", on="2026-09-16") == 0
    assert n(kind="week", on="2026-09-20") == 4 and n(kind="week", on="2026-09-13") == 0
    assert n(kind="month", on="2026-08-31") == 0
    assert n(where="grid:第一网格") == 4 and n(where="grid:第二网格") == 0
    assert n(where=f"building:{town.building('fenghuang')}") == 1
    assert n(report="followups") == 1
    assert n(report="followups", where=f"building:{town.building('fenghuang')}") == 0


def test_a_follow_up_is_listed_as_long_as_it_is_open(town, office, busy):
    def lines(**order):
        return file(office, report="followups", **order)[2]

    town.clock.pass_(days=20)
    town.submit("office1", "followup.close", {"id": busy["both"], "result": "黄大文换好了"})
    town.clock.pass_(days=40)

    (in_september,), (in_october,) = lines(on="2026-09-01"), lines(on="2026-10-01")
    assert in_september == in_october
    assert "已办结" in in_october and "黄**换好了" in in_october and "2026-10-08" in in_october
    assert not lines(on="2026-11-01") and not lines(kind="day", on="2026-09-14")


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"on": "2026-10-01", "kind": "day"}, "2026-10-01 还没有到"),
        ({"on": "2026-02-30"}, "不存在"),
        ({"on": "gestern"}, "哪一天"),
        ({"on": "1850-01-01"}, "哪一天"),
        ({"kind": "year"}, "多久"),
        ({"report": "secrets"}, "报表"),
        ({"where": "grid:没有的网格"}, "范围"),
        ({"where": "building:x"}, "范围"),
        ({"where": "compound:红棉苑"}, "范围"),
        ({"shown": ""}, "姓名电话"),
    ],
)
def test_an_order_that_cannot_be_is_refused_plainly(office, order, said):
    for path in ("files", "prints"):
        answer = office.submit(f"/office/reports/{path}", **{**ORDER, **order})
        assert answer.status_code == 422 and said in answer.text


def test_whoever_takes_a_report_is_in_the_trail(town, office, busy):
    file(office, where=f"building:{town.building('hongmian')}")
    paper(office, report="followups", kind="week", shown="open", reason="街道核对")

    (taken,), (printed,) = town.audit("export"), town.audit("print")
    assert taken["person_id"] == printed["person_id"] == town.person("office1")
    assert (taken["target"], printed["target"]) == ("ledger", "followups")
    assert taken["detail"] == "2026-09-01 至 2026-09-18（到今天为止） · 红棉苑 3栋 · 3 行 · 打码"
    assert (
        printed["detail"]
        == "2026-09-14 至 2026-09-18（到今天为止） · 全社区 · 1 行 · 不打码：街道核对"
    )
    told = office.get("/office/audit").text
    assert "探访台账" in told and "跟进清单" in told and "不打码：街道核对" in told


@pytest.mark.parametrize("username", ["worker1", "chief", "leader1", "street", "admin"])
def test_only_the_office_takes_reports(town, username):
    member = town[username]

    assert member.submit("/office/reports/files", **ORDER).status_code == 403
    assert member.submit("/office/reports/prints", **ORDER).status_code == 403
    assert len(town.audit("denied")) == 2 and not town.audit("export")


def test_the_mark_is_on_every_page_of_the_file(office, busy):
    sheet = book(office.submit("/office/reports/files", **ORDER))

    foot = sheet.oddFooter.center.text
    assert "麦咏诗（office1）" in foot and "打码" in foot and "第 &P 页，共 &N 页" in foot
    assert sheet.print_title_rows == "$1:$2" and sheet.page_setup.orientation == "landscape"


def columns(**more):
    return {"use_name": "1", "place_name": "2", "head_name": "老人姓名", **more}


def test_the_street_gets_its_own_columns_in_its_order_and_words(town, office, busy):
    url = "/office/reports/ledger/columns"
    ours = file(office)[1]
    chosen = columns(
        **{"use_label": "1", "place_label": "1", "head_label": "家庭住址"},
        **{"use_blank1": "1", "place_blank1": "3", "head_blank1": "老人签字"},
    )

    done = office.submit(url, **chosen)
    _, heads, lines = file(office)
    printed = paper(office)

    assert done.status_code == 200
    assert heads == ["家庭住址", "老人姓名", "老人签字"] == printed[1]
    assert ["红棉苑 3栋 2单元 502", "黄**", ""] in lines
    assert file(office, report="diary")[1][0] == "日期"
    assert "老人签字" in office.get(url).text
    assert [row["detail"] for row in town.audit("report.columns")] == [
        "家庭住址、老人姓名、老人签字"
    ]

    office.submit("/office/reports/ledger/column-resets")
    assert file(office)[1] == ours


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "至少要留一列"),
        (columns(head_name=""), "请填写“姓名的列名”"),
        (columns(head_name="长" * 21), "最多 20 个字"),
        (columns(place_name="first"), "“姓名的顺序”应是 1 到 99 的整数"),
    ],
)
def test_columns_that_cannot_be_are_refused_plainly(office, fields, said):
    answer = office.submit("/office/reports/ledger/columns", **fields)

    assert answer.status_code == 422 and said in answer.text


def test_a_report_that_there_is_not_has_no_columns(office):
    assert office.get("/office/reports/nothing/columns").status_code == 404


def test_columns_are_nobodys_but_the_offices(town, office):
    office.submit("/office/reports/ledger/columns", **columns())

    answer = town["worker1"].post("/sync", json={"ops": []})

    assert "老人姓名" not in answer.text


def test_a_head_that_looks_like_a_formula_is_text(office, busy):
    office.submit("/office/reports/ledger/columns", **columns(head_name="=1+2"))

    cell = book(office.submit("/office/reports/files", **ORDER))["A2"]

    assert cell.data_type in ("s", "inlineStr") and cell.quotePrefix


def test_the_month_adds_up_by_grid_and_in_a_grid_by_building(town, office, busy):
    _, heads, lines = file(office, report="months")
    _, _, inside = file(office, report="months", where="grid:第一网格")
    _, _, one = file(office, report="months", where=f"building:{town.building('hongmian')}")

    def of(line):
        return dict(zip(heads, line, strict=True))

    first, second, whole = map(of, lines)
    assert [first["网格、楼栋"], second["网格、楼栋"]] == ["第一网格", "第二网格"]
    assert first["应访人数"] == first["已访人数"] == 1 and first["月探访率"] == "100.0%"
    assert (second["应访人数"], second["月探访率"]) == (0, "—")
    visits = [one for one in rows_of(town, "visit") if not one["withdrawn"]]
    assert whole["走访次数"] == first["走访次数"] == len(visits) == 3
    assert (whole["见到或通话"], whole["新增跟进"], whole["月底未办结"]) == (2, 1, 1)
    assert [line[0] for line in inside] == ["凤凰里 1栋", "红棉苑 3栋", "合计"]
    assert inside[-1][1:] == lines[0][1:] and one[0][1:] == one[1][1:] == inside[1][1:]


def test_a_month_is_told_alike_by_its_report_and_by_the_page_of_numbers(town, office, busy):
    text = office.get("/office/numbers").text
    _, heads, lines = file(office, report="months")

    whole = dict(zip(heads, lines[-1], strict=True))
    assert f"见到 {whole['已访人数']} / {whole['应访人数']} 人" in text


@pytest.mark.parametrize("kind", ["day", "week"])
def test_the_month_has_no_report_of_a_day(office, kind):
    answer = office.submit("/office/reports/files", **{**ORDER, "report": "months", "kind": kind})

    assert answer.status_code == 422 and "“月报”只能按一个月出" in answer.text


def test_a_month_that_was_never_counted_is_not_told_as_nobody(office, busy):
    _, heads, lines = file(office, report="months", on="2026-03-01")

    whole = dict(zip(heads, lines[-1], strict=True))
    assert (whole["应访人数"], whole["月探访率"], whole["走访次数"]) == ("—", "—", 0)


ASPECTS = ("health", "family", "economy", "safety", "needs")


def asked(town, **said):
    """A visit that asked a person; its consent is that of `consent`."""
    consent = said.pop("consent", "yes")
    checkup = {
        "resident_id": town.resident("huang"),
        "checklist_id": "CK-ELDER",
        "version": 1,
        "consent": consent,
        "answers": {name: {"value": value} for name, value in said.items()},
    }
    people = [town.resident("huang")]
    return record(town, "worker1", "huang", resident_ids=people, checkups=[checkup])


def aspects(office):
    fields = {f"use_{one}": "1" for one in ASPECTS}
    fields |= {f"place_{one}": str(place) for place, one in enumerate(ASPECTS, 1)}
    office.submit(
        "/office/reports/ledger/columns", **fields, **{f"head_{one}": one for one in ASPECTS}
    )
    return file(office)[2]


def test_answers_come_in_the_respects_of_the_streets_form_if_it_asks(town, office):
    asked(town, E02="cane", E12="valid", E13="suspected", E14="paid", E16=["wire"], E25=["meals"])

    (line,) = aspects(office)

    assert line == [
        *("走路、起身怎么样？拄杖", "紧急联系人的电话还对吗？有效"),
        *("养老金、补贴、低保到账吗？正常", "家里用电安全吗？线路破损", "需要什么服务？助餐"),
    ]


def test_who_took_consent_back_is_in_no_column_of_answers(town, office):
    asked(town, E02="cane")
    town.clock.pass_(hours=1)
    town.submit(
        "office1", "consent.record", {"resident_id": town.resident("huang"), "consent": "no"}
    )

    assert aspects(office) == [["", "", "", "", ""]]


def test_what_an_answer_asks_for_is_listed_with_its_limit_and_a_secret_is_not(town, office):
    asked(town, E03=1, E13="suspected")
    town.clock.pass_(days=10)

    _, heads, lines = file(office, report="followups")

    kept = rows_of(town, "followup")
    assert {one["item"] for one in kept} == {"CK-ELDER.E03", "CK-ELDER.E13"}
    (line,) = [dict(zip(heads, one, strict=True)) for one in lines]
    (flag,) = [one for one in kept if not one["restricted"]]
    assert (line["姓名"], line["跟进事项"], line["状态"]) == ("黄**", flag["what"], "未办结")
    assert (line["轻重"], line["种类"]) == ("红色", "复查")
    assert (line["期限"], line["超过期限"]) == ("2026-09-18 10:00", "是")


def test_a_report_that_does_not_fit_is_refused_and_never_cut():
    lines = [[number] for number in range(4)]

    assert list(at_most(iter(lines), 4)) == lines
    with pytest.raises(Refusal) as refused:
        list(at_most(iter(lines), 3))
    assert "一次最多出 3 行" in refused.value.sentence
