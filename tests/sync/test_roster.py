"""A roster comes out as its contract says, however it was typed.

Everyone is invented; ID numbers use county codes xx0199, which are not assigned to any county.
"""

import csv
import json
from collections import Counter
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.roster_files import read_sheets
from sync.idnumbers import check_digit
from sync.refusals import SENTENCES, Refusal
from sync.roster import correct, read, summary
from sync.roster_columns import Sheet
from sync.roster_results import Draft, Place
from sync.roster_verdicts import Seen

SAMPLES = Path(__file__).parents[1] / "samples" / "roster"
EXPECTED = json.loads((SAMPLES / "roster-a.expected.json").read_text("utf-8"))
TODAY = "2026-11-23"
RESTRICTED = ("精神障碍", "社区矫正", "信访重点", "吸毒人员")
HEADER = ("小区", "楼栋", "门牌号", "姓名", "身份证号", "人员类别", "备注")


def whole(first: str) -> str:
    return first + check_digit(first)


MEI = whole("44019919500102002")
HUA = whole("44019919520304001")
LIN = whole("44019919800506003")


def sheet(*rows, header=HEADER, name="台账", above=(), spread=(), hidden=False):
    return Sheet(name, [*above, list(header), *map(list, rows)], frozenset(spread), hidden)


def person(
    door="1-502", name="何梅", number=MEI, labels="", note="", building="3栋", compound="红棉苑"
):
    return [compound, building, door, name, number, labels, note]


def read_rows(*rows, **about):
    return read([sheet(*rows, **about)], today=TODAY)


def doors(roster):
    return [one.key for one in roster.households]


def rejected(roster):
    return [(one.place.row, one.kind) for one in roster.rejected]


def skipped(roster):
    return [(one.place.row, one.kind) for one in roster.skipped]


def warned(roster):
    return [(one.place.row, one.kind) for one in roster.warnings]


def everything(roster):
    return msgspec.json.encode(roster).decode() + json.dumps(summary(roster), ensure_ascii=False)


# The sample of the contract


def sample_sheets():
    return read_sheets((SAMPLES / "roster-a.xlsx").read_bytes())


def as_csv(text_of):
    """The first sheet as Excel saves it: of a merged cell only the first has the value."""
    first = sample_sheets()[0]
    file = StringIO()
    writer = csv.writer(file)
    for at, row in enumerate(first.rows):
        blanked = ("" if (at, column) in first.spread else cell for column, cell in enumerate(row))
        writer.writerow([text_of(cell) for cell in blanked])
    return file.getvalue()


def as_excel_writes(cell):
    if isinstance(cell, datetime):
        return f"{cell.year}/{cell.month}/{cell.day}"
    if isinstance(cell, float):
        return f"{cell:.5E}"
    return "" if cell is None else str(cell)


def as_python_writes(cell):
    return "" if cell is None else str(cell)


def check_sample(roster, sheet_name):
    found = summary(roster)
    rejects = {(sheet_name, one["row"], one["class"]) for one in EXPECTED["rejects"]}

    for name in ("buildings", "households", "vacant_dwellings", "residents", "categories"):
        assert found[name] == EXPECTED[name]
    assert {tuple(one.values()) for one in found["rejected"]} == rejects
    assert len(found["rejected"]) == EXPECTED["rejected_rows_total"]
    assert Counter(one["class"] for one in found["rejected"]) == EXPECTED["rejected_rows_by_class"]
    assert found["skipped"] == EXPECTED["skipped_rows_by_class"]
    for kind, least in EXPECTED["warnings_minimum"].items():
        assert found["warnings"][kind] >= least


def test_the_sample_comes_out_exactly():
    roster = read(sample_sheets(), today=TODAY)

    check_sample(roster, "居民台账")
    grid_of = {(one.compound, one.code): one.grid_id for one in roster.buildings}
    grids = Counter(grid_of[(one.compound, one.building)] for one in roster.households)
    assert len({one.compound for one in roster.buildings}) == EXPECTED["compounds"]
    assert len(set(grid_of.values())) == EXPECTED["grids"]
    assert grids == EXPECTED["households_per_grid"]
    assert Counter(one.compound for one in roster.buildings) == EXPECTED["buildings_per_compound"]
    assert Counter(one.compound for one in roster.households) == EXPECTED["households_per_compound"]
    assert [(one.sheet, one.why) for one in roster.ignored_sheets] == [("填表说明", "no_header")]
    assert roster.ignored_columns == ()


@pytest.mark.parametrize(("age", "field"), [(60, "residents_60_plus"), (80, "residents_80_plus")])
def test_the_ages_of_the_sample_are_counted(age, field):
    roster = read(sample_sheets(), today=TODAY)
    youngest = f"{int(EXPECTED['age_as_of'][:4]) - age}{EXPECTED['age_as_of'][4:]}"

    assert sum("" < one.birth_on <= youngest for one in roster.residents) == EXPECTED[field]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text_of", [as_excel_writes, as_python_writes])
def test_the_sample_as_a_csv_comes_out_the_same(encoding, text_of):
    sheets = read_sheets(as_csv(text_of).encode(encoding))

    check_sample(read(sheets, today=TODAY), "csv")


def test_the_sample_keeps_no_restricted_word_and_no_stray_number():
    roster = read(sample_sheets(), today=TODAY)
    kept = everything(roster)

    assert not any(word in kept for word in RESTRICTED)
    for one in roster.rejected:
        about = msgspec.json.encode((one.cells, one.draft)).decode()
        assert len(one.id_text) < 15 or one.id_text not in about


def test_the_sample_reads_households_as_people_live_in_them():
    roster = read(sample_sheets(), today=TODAY)
    door = next(one for one in roster.households if one.key == "红棉苑|1|1|102")
    people = [one for one in roster.residents if one.household == door.key]

    assert (door.head, door.floor, door.door_no) == ("潘金俊", 1, "102")
    assert [one.relation_to_head for one in people] == ["head", "spouse", "son"]
    assert [one.phone for one in people[0].contacts] == ["14001605751", "14002842731"]
    assert people[2].categories == ("child_in_need",)
    tenants = next(one for one in roster.households if one.key == "红棉苑|1|1|502")
    assert tenants.tenure == "rent"


# Where things are


@pytest.mark.parametrize("lines", [0, 1, 4, 13])
def test_a_header_is_found_wherever_it_is(lines):
    above = [["红棉苑居民台账"], [], ["填报单位：清龙社区", None, "日期：2026"], *[[]] * 10][:lines]

    roster = read_rows(person(compound=""), above=above)

    assert doors(roster) == ["红棉苑|3|1|502" if lines else "|3|1|502"]
    assert roster.residents[0].place == Place("台账", lines + 2)


def test_a_header_of_two_lines_is_one_header():
    upper = [
        "序号",
        "基本信息",
        "基本信息",
        "居住地址",
        "居住地址",
        "居住地址",
        "紧急联系人",
        "紧急联系人",
    ]
    lower = ["序号", "姓名", "身份证号", "楼栋", "单元", "房号", "姓名", "电话"]
    row = [1, "何梅", MEI, "三栋", "二单元", 502, "何小华", "14000000001"]
    merged = {(0, 2), (0, 4), (0, 5), (0, 7), (1, 0)}

    roster = read([Sheet("台账", [upper, lower, row], frozenset(merged))], today=TODAY)

    assert doors(roster) == ["|3|2|502"]
    [contact] = roster.residents[0].contacts
    assert (contact.name, contact.relation, contact.phone) == ("何小华", "other", "14000000001")


def test_a_header_of_two_lines_in_a_csv_has_blanks_instead_of_merges():
    upper = ["序号", "基本信息", "", "居住地址", "", ""]
    lower = ["", "姓名", "身份证号", "楼栋", "单元", "房号"]

    roster = read([Sheet("csv", [upper, lower, ["1", "何梅", MEI, "3", "2", "502"]])], today=TODAY)

    assert doors(roster) == ["|3|2|502"]


def test_a_header_printed_twice_at_once_is_one_header_and_one_repeated():
    roster = read_rows(HEADER, person())

    assert skipped(roster) == [(2, "repeated_header")]
    assert len(roster.residents) == 1


def test_a_header_printed_again_is_skipped_with_its_title():
    title = ["红棉苑居民台账"]

    roster = read_rows(person(), title, HEADER, person("1-503", "何华", HUA), above=[title])

    assert skipped(roster) == [(4, "repeated_header"), (5, "repeated_header")]
    assert len(roster.residents) == 2


def test_the_words_of_a_header_may_differ():
    header = ("公民身份号码", "居民姓名", "详细地址", "重点人群", "手机号", "民族")

    roster = read_rows(
        (MEI, "何梅", "红棉苑三栋一单元502", "独居", "140 0000 0001", "汉"), header=header
    )

    assert doors(roster) == ["红棉苑|3|1|502"]
    assert roster.residents[0].categories == ("living_alone",)
    assert [one.header for one in roster.ignored_columns] == ["民族"]


def test_where_somebody_is_registered_is_not_where_they_live():
    header = ("姓名", "身份证号", "户籍地址", "户主身份证号", "现住址")

    roster = read_rows(("何梅", MEI, "荔香园9栋901", HUA, "红棉苑3栋502"), header=header)

    assert doors(roster) == ["红棉苑|3||502"]
    assert roster.residents[0].id_number == MEI


def test_every_sheet_with_people_is_read_in_order_and_the_others_are_named():
    roster = read(
        [
            sheet(person(), name="红棉苑"),
            sheet(person("1-503", "何华", HUA), name="旧表", hidden=True),
            sheet(person("1-504", "何华", HUA), name="作废2024"),
            sheet(person("1-505", "何华", HUA), name="信访重点"),
            sheet(("1网格", 120), header=("网格", "户数"), name="汇总"),
            sheet(person("1-506", "何华", HUA, compound=""), name="荔香园"),
        ],
        today=TODAY,
    )

    assert doors(roster) == ["红棉苑|3|1|502", "荔香园|3|1|506"]
    assert [(one.number, one.sheet, one.why) for one in roster.ignored_sheets] == [
        (2, "旧表", "hidden"),
        (3, "作废2024", "void"),
        (4, "", "restricted"),
        (5, "汇总", "no_header"),
    ]
    assert roster.sheets == ("红棉苑", "荔香园")


@pytest.mark.parametrize(
    ("name", "compound"),
    [
        ("荔香园", "荔香园"),
        ("2.荔香园(三网格)", "荔香园"),
        ("清龙社区荔香园居民台账", "荔香园"),
        ("荔香园小区", "荔香园"),
        ("清龙社区", ""),
        ("居民台账", ""),
        ("Sheet1", ""),
    ],
)
def test_a_sheet_lends_its_compound_to_rows_without_one(name, compound):
    for about in ({"name": name}, {"name": "Sheet1", "above": [[name]]}):
        roster = read_rows(person(compound=""), **about)
        assert roster.households[0].compound == compound


def test_a_name_known_before_is_a_compound_whatever_its_word():
    roster = read(
        [sheet(person(compound=""), name="东方明珠一期")], today=TODAY, compounds=["东方明珠"]
    )

    assert doors(roster) == ["东方明珠|3|1|502"]


def test_sheets_that_say_nothing_else_are_told_apart_by_their_names():
    sheets = [
        sheet(person(compound=""), name="东方明珠"),
        sheet(person("1-502", "何华", HUA, compound=""), name="锦绣前程"),
        sheet(person("1-502", "何林", LIN, compound=""), name="流动人口"),
    ]

    roster = read(sheets, today=TODAY, default_compound="红棉苑")

    assert doors(roster) == ["东方明珠|3|1|502", "锦绣前程|3|1|502", "红棉苑|3|1|502"]


def test_a_compound_named_once_is_that_of_the_rows_without_one():
    rows = [person(), person("1-503", "何华", HUA), person("1-504", "何林", LIN, compound="")]

    assert doors(read_rows(*rows)) == ["红棉苑|3|1|502", "红棉苑|3|1|503", "红棉苑|3|1|504"]


def test_each_compound_may_write_its_doors_its_own_way():
    sheets = [
        sheet(("A1座", 502, "何梅", MEI), header=("座", "房号", "姓名", "身份证号"), name="凤凰里"),
        sheet(
            ("榕荫新村一巷3号502", "何华", HUA), header=("住址", "姓名", "身份证"), name="榕荫新村"
        ),
        sheet(("5", "0502", "何林", LIN), header=("栋号", "房间", "姓名", "身份证"), name="碧湖湾"),
        sheet(("3#2-502", "何青", ""), header=("门牌", "姓名", "身份证"), name="荔香园"),
        sheet(("龙腾阁2座301室", "何红", ""), header=("地址", "姓名", "身份证"), name="Sheet5"),
        sheet(
            ("2", "03", '="0301"', "何白", ""),
            header=("幢", "梯", "室", "名字", "证件号码"),
            name="金桂花园",
        ),
    ]

    roster = read(sheets, today=TODAY)

    assert doors(roster) == [
        "凤凰里|A1||502",
        "榕荫新村|1巷3号||502",
        "碧湖湾|5||502",
        "荔香园|3|2|502",
        "龙腾阁|2||301",
        "金桂花园|2|3|301",
    ]
    names = [one.name for one in roster.buildings]
    assert names == ["A1座", "1巷3号", "5栋", "3栋", "2座", "2栋"]
    assert [one.door_no for one in roster.households][2] == "0502"


def test_a_file_without_people_says_what_is_missing():
    with pytest.raises(Refusal) as refused:
        read([sheet(("1网格", 120), header=("网格", "户数"))], today=TODAY)

    assert "身份证号" in refused.value.sentence


# Addresses


@pytest.mark.parametrize("blank", ["", None, "同上", "〃", '"', "  "])
def test_a_blank_door_is_the_one_above(blank):
    roster = read_rows(person(), person(blank, "何华", HUA), person("1-503", "何林", LIN))

    assert [one.household for one in roster.residents] == [
        "红棉苑|3|1|502",
        "红棉苑|3|1|502",
        "红棉苑|3|1|503",
    ]


def test_a_blank_door_below_a_bad_one_is_bad_too():
    roster = read_rows(person("顶楼"), person("", "何华", HUA))

    assert rejected(roster) == [(2, "bad_address"), (3, "bad_address")]


def test_a_blank_door_in_another_building_is_bad():
    roster = read_rows(person(), person("", "何华", HUA, building="5栋"))

    assert rejected(roster) == [(3, "bad_address")]
    assert roster.rejected[0].reason == "roster.door_blank"


def test_a_merged_value_counts_for_every_row_and_a_row_of_nothing_else_is_blank():
    rows = [person(), person("1-502", "何华", HUA), ["", "3栋", "1-502", "", "", "", ""]]

    roster = read_rows(*rows, spread={(2, 1), (2, 2), (3, 1), (3, 2)})

    assert skipped(roster) == [(4, "blank_row")]
    assert len(roster.residents) == 2


def test_a_building_named_once_above_its_rows_holds_for_them():
    rows = [
        person("2-502", building="三栋"),
        person("502", "何华", HUA, building=""),
        person("101", "何林", LIN, building=""),
        person("102", "何青", "", building="5栋"),
        person("103", "何红", "", building=""),
    ]

    assert doors(read_rows(*rows)) == [
        *("红棉苑|3|2|502", "红棉苑|3||502", "红棉苑|3||101", "红棉苑|5||102", "红棉苑|5||103"),
    ]


def test_two_numbers_are_building_and_room_where_the_row_has_no_building():
    rows = [person("2-502", building="3栋"), person("2-503", "何华", HUA, building="3栋")]

    roster = read_rows(*rows, person("3-504", "何林", LIN, building=""))

    assert doors(roster) == ["红棉苑|3|2|502", "红棉苑|3|2|503", "红棉苑|3||504"]


def test_a_line_of_its_own_names_the_building_of_the_rows_below():
    header = ("门牌号", "姓名", "身份证号")

    roster = read_rows(
        ["红棉苑3栋"], ("502", "何梅", MEI), ["5栋"], ("502", "何华", HUA), header=header
    )

    assert doors(roster) == ["|3||502", "|5||502"]
    assert skipped(roster) == [(2, "blank_row"), (4, "blank_row")]


def test_floor_and_room_in_two_columns_are_one_door():
    header = ("楼栋", "楼层", "房号", "姓名", "身份证号")

    roster = read_rows(("3栋", 5, "02", "何梅", MEI), ("3栋", 6, "02", "何华", HUA), header=header)

    assert doors(roster) == ["|3||502", "|3||602"]


@pytest.mark.parametrize(
    "door", [datetime.fromisoformat("2026-02-05T00:00"), date(2026, 2, 5), "2026/2/5", "2月5日"]
)
def test_a_door_that_excel_made_a_date_is_rejected(door):
    roster = read_rows(person(door))

    assert rejected(roster) == [(2, "bad_address")]
    assert roster.rejected[0].reason in ("roster.door_is_date", "roster.bad_address")


def test_a_number_cell_is_a_door():
    assert doors(read_rows(person(502), person(502.0, "何华", HUA))) == ["红棉苑|3||502"]


def test_a_building_tells_its_size_and_its_name():
    rows = [
        person("1-101", building="3座"),
        person("2-704", "何华", HUA, building="3座"),
        person("一巷3号502", "何林", LIN, building=""),
    ]

    tower, lane = read_rows(*rows).buildings

    assert (tower.name, tower.units, tower.floors, tower.doors) == ("3座", 2, 7, 4)
    assert (lane.name, lane.code, lane.style) == ("1巷3号", "1巷3号", "lane")


# Rows that are no resident, in the contract's order


def test_an_empty_dwelling_is_kept_without_a_person():
    roster = read_rows(person("1-501", "空房", ""), person())

    assert [one.key for one in roster.vacant] == ["红棉苑|3|1|501"]
    assert (roster.vacant[0].tenure, len(roster.buildings)) == ("vacant", 1)
    assert skipped(roster) == [(2, "vacant_marker")]


def test_people_outweigh_a_mark_of_emptiness():
    roster = read_rows(person("1-502", "未入住", ""), person(), person("1-502", "空置", ""))

    assert (len(roster.households), len(roster.vacant)) == (1, 0)
    assert roster.households[0].tenure == ""
    assert warned(roster) == [(3, "vacant_with_people"), (4, "vacant_with_people")]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (person("不详", "空房", ""), "bad_address"),
        (person("不详", "何华", HUA, note="已故"), "bad_address"),
        (person("1-502", "何华", "123", note="已故"), "deceased"),
        (person("1-502", "", HUA, note="2024年迁出"), "moved_out"),
        (person("1-502", "何华(已故)", HUA), "deceased"),
        (person("1-502", "  ", "123"), "missing_name"),
        (person("1-502", "何华", HUA[:17]), "id_length"),
        (person("1-502", "何华", MEI), "id_conflict"),
        (person("1-503", "何梅", MEI), "duplicate_other_address"),
        (person("0502室", "何 梅", f" {MEI}", building="三栋1单元"), "duplicate_row"),
        (["合计", "", "1户", "1人"], "footer_row"),
        (["", "制表人：(略)", "", "", "", "审核人：(略)"], "footer_row"),
        (["", "", "", "", "", "", ""], "blank_row"),
        ([], "blank_row"),
    ],
)
def test_each_row_gets_the_first_class_that_fits(row, outcome):
    roster = read_rows(person(), row)

    assert [*rejected(roster), *skipped(roster)] == [(3, outcome)]
    assert len(roster.residents) == 1


@pytest.mark.parametrize("number", [4.40199194608011e17, 440199194608011008, 123, "4.40199E+17"])
def test_a_number_that_excel_rounded_is_rejected(number):
    roster = read_rows(person(number=number))

    assert rejected(roster) == [(2, "id_precision_lost")]
    assert "4608" not in json.dumps([roster.rejected[0].cells, str(roster.rejected[0].draft)])


def test_a_rejected_person_does_not_make_a_door():
    roster = read_rows(person(number="123"))

    assert (roster.households, roster.buildings, roster.residents) == ((), (), ())


def test_without_a_number_name_birth_and_door_make_a_duplicate():
    header = ("楼栋", "门牌号", "姓名", "身份证号", "出生日期")
    rows = [
        ("3栋", "502", "何小梅", "", "2020-05-29"),
        ("3栋", "502", "何小梅", "无", "２０２０年５月２９日"),
        ("3栋", "502", "何小梅", "-", "2021-05-29"),
        ("3栋", "503", "何小梅", "", "2020-05-29"),
    ]

    roster = read_rows(*rows, header=header)

    assert skipped(roster) == [(3, "duplicate_row")]
    assert len(roster.residents) == 3
    assert warned(roster) == [(2, "id_missing"), (4, "id_missing"), (5, "id_missing")]


def test_a_second_row_may_bring_the_number_that_the_first_lacked():
    header = ("楼栋", "门牌号", "姓名", "身份证号", "出生日期")

    roster = read_rows(
        ("3栋", "502", "何梅", "", "1950-01-02"), ("3栋", "502", "何梅", MEI, ""), header=header
    )

    assert skipped(roster) == [(3, "duplicate_row")]
    assert [one.id_number for one in roster.residents] == [MEI]


# What is kept of a row


def test_the_number_decides_birth_and_sex_and_the_columns_fill_gaps():
    header = ("楼栋", "门牌号", "姓名", "身份证号", "出生日期", "性别")

    roster = read_rows(
        ("3栋", "502", "何梅", MEI, "1951-01-02", "男"),
        ("3栋", "502", "何小梅", "", 43980, "女性"),
        header=header,
    )

    assert [(one.birth_on, one.sex) for one in roster.residents] == [
        ("1950-01-02", "f"),
        ("2020-05-29", "f"),
    ]
    assert warned(roster) == [(2, "birth_differs"), (2, "sex_differs"), (3, "id_missing")]


def test_unknown_labels_stay_in_a_warning():
    roster = read_rows(person(labels="归侨、党员"))

    assert roster.residents[0].categories == ("party_member",)
    assert [(one.kind, one.text) for one in roster.warnings] == [("unknown_label", "归侨")]


@pytest.mark.parametrize("word", RESTRICTED)
def test_a_restricted_word_is_kept_nowhere(word):
    header = (
        "楼栋",
        "门牌号",
        "姓名",
        "身份证号",
        "人员类别",
        "备注",
        "户主",
        "健康",
        word,
        "住址",
    )
    row = [
        "3栋",
        "502",
        f"何梅({word})",
        "123",
        f"空巢、{word}",
        f"是{word}",
        word,
        word,
        "是",
        word,
    ]

    roster = read_rows(row, [*row[:3], MEI, *row[4:]], header=header, name="三月", above=[[word]])

    assert word not in everything(roster)
    assert rejected(roster) == [(3, "id_length")]
    assert [one.name for one in roster.residents] == ["何梅"]
    assert roster.residents[0].categories == ("empty_nest",)
    assert summary(roster)["warnings"]["restricted_label_dropped"] >= 2


def test_nobody_stands_in_a_log():
    roster = read_rows(person(), person(number="123"))

    assert "何梅" not in repr(roster.residents) + repr(roster.rejected)
    assert MEI not in repr(roster)


def test_a_rejected_row_keeps_its_cells_and_puts_the_number_apart():
    roster = read_rows(person(number=HUA[:17], note=f"配偶证号{MEI}", labels="独居"))

    [one] = roster.rejected
    assert one.cells == {
        "小区": "红棉苑",
        "楼栋": "3栋",
        "门牌号": "1-502",
        "姓名": "何梅",
        "人员类别": "独居",
        "备注": f"配偶证号{'*' * 8}{MEI[-4:]}",
    }
    assert one.id_text == HUA[:17]
    assert MEI not in everything(roster)


def test_a_conflict_says_where_the_other_row_is():
    [one] = read_rows(person(), person("1-503", "何华", MEI)).rejected

    assert SENTENCES[one.reason].format(**one.facts).count("“台账”第 2 行") == 1


def test_every_reason_has_a_sentence():
    roster = read(sample_sheets(), today=TODAY)

    assert all(SENTENCES[one.reason].format(**one.facts) for one in roster.rejected)


def test_an_emergency_contact_is_a_contact_of_the_person():
    header = ("楼栋", "门牌号", "姓名", "身份证号", "电话", "紧急联系人", "紧急联系人电话")

    roster = read_rows(
        ("3栋", "502", "何梅", MEI, "14000000001", "何华(儿子)", "14000000002"), header=header
    )

    assert [(one.name, one.relation, one.phone) for one in roster.residents[0].contacts] == [
        ("何梅", "self", "14000000001"),
        ("何华", "son", "14000000002"),
    ]


def test_summary_is_what_the_command_prints():
    found = summary(
        read_rows(person(labels="独居"), person("1-503", "", HUA), person("", "空房", ""))
    )

    assert found == {
        "buildings": 1,
        "households": 1,
        "vacant_dwellings": 1,
        "residents": 1,
        "rejected": [{"sheet": "台账", "row": 3, "class": "missing_name"}],
        "skipped": {"vacant_marker": 1},
        "warnings": {},
        "categories": {"living_alone": 1},
    }


# Correcting a rejected row in place


def test_a_corrected_row_becomes_a_resident_of_the_door_it_stood_at():
    roster = read_rows(person(), person("", "何华", HUA[:17]))
    [one] = roster.rejected

    fixed = correct(one.draft, HUA, place=one.place, seen=Seen(), today=TODAY)

    assert (doors(fixed), [who.name for who in fixed.residents]) == (["红棉苑|3|1|502"], ["何华"])
    assert fixed.residents[0].place == one.place


def test_a_corrected_row_is_judged_like_any_other():
    seen = Seen(key=lambda number: f"hash of {number}")
    seen.know(f"hash of {MEI}", "何梅", "1950-01-02", "红棉苑|3|1|502", Place("台账", 2))
    draft = Draft(building="3栋", door="1-503", name="何华", sheet_compound="红棉苑")

    assert rejected(correct(draft, MEI, place=Place("台账", 9), seen=seen, today=TODAY)) == [
        (9, "id_conflict")
    ]
    assert rejected(correct(draft, HUA[:9], place=Place("台账", 9), seen=seen, today=TODAY)) == [
        (9, "id_length")
    ]
    assert correct(draft, HUA, place=Place("台账", 9), seen=seen, today=TODAY).residents


def test_what_the_office_types_is_scrubbed_too():
    draft = Draft(
        building="3栋", door="1-503", name="何华", labels="空巢、社区矫正", note="吸毒人员"
    )

    for number in (HUA, HUA[:9]):
        fixed = correct(draft, number, place=Place("台账", 9), seen=Seen(), today=TODAY)
        assert not any(word in everything(fixed) for word in RESTRICTED)
        assert warned(fixed).count((9, "restricted_label_dropped")) == 2


# Whatever comes


CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.text(max_size=30),
    st.sampled_from(["户主", "3栋", "2-502", "同上", MEI, "空房", "合计", "独居", *RESTRICTED]),
)


@given(st.lists(st.lists(CELLS, max_size=9), max_size=8), st.booleans())
@example([["户主", "户主"]], True)
def test_no_sheet_breaks_the_reader(rows, with_header):
    lines = [list(HEADER), *rows] if with_header else [*rows, list(HEADER)]

    roster = read([Sheet("台账", lines)], today=TODAY)

    found = summary(roster)
    below = len(rows) if with_header else 0
    assert len(roster.residents) + len(roster.rejected) + len(roster.skipped) == below
    assert not any(word in everything(roster) for word in RESTRICTED)
    assert found["residents"] == len(roster.residents)


@given(st.lists(st.lists(st.one_of(CELLS, st.sampled_from(HEADER)), max_size=9), max_size=20))
def test_no_header_breaks_the_reader(rows):
    try:
        read([Sheet("台账", [*rows, list(HEADER), person()])], today=TODAY)
    except Refusal as refused:
        assert refused.code == "roster.no_header"
