"""Words, telephone numbers and dates of birth as rosters hold them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.births import Birth, read_birth
from sync.labels import departure, is_vacant, read_labels, relation, scrub, sex, tenure
from sync.phones import read_phones

TODAY = "2026-11-23"
RESTRICTED = ["精神障碍", "社区矫正", "信访重点", "吸毒人员"]


@pytest.mark.parametrize("mark", ["、", ",", "，", "/", "／", ";", "；", " ", "\u3000", "\n", ", "])
def test_labels_are_split_on_any_mark(mark):
    labels = read_labels(f"独居老人{mark}高龄{mark}义工")

    assert labels.codes == ("living_alone", "oldest_old", "volunteer")


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("双老家庭", "empty_nest"),
        ("80岁以上", "oldest_old"),
        ("８０岁以上", "oldest_old"),
        ("半失能", "functional_loss"),
        ("认知障碍", "dementia"),
        ("二级残疾", "severe_disability"),
        ("三级残疾", "disability"),
        ("失独", "special_family"),
        ("低保对象", "subsistence_allowance"),
        ("低边户", "low_income_edge"),
        ("五保户", "destitute_support"),
        ("孤寡", "childless_alone"),
        ("困难家庭", "hardship"),
        ("留守儿童", "child_in_need"),
        ("复员军人", "veteran"),
        ("中共党员", "party_member"),
        ("义工", "volunteer"),
    ],
)
def test_a_word_of_the_table_is_its_code(word, code):
    assert read_labels(word).codes == (code,)


def test_a_word_nobody_knows_stays_as_text():
    labels = read_labels("归侨、党员、党员")

    assert (labels.codes, labels.unknown) == (("party_member",), ("归侨",))


@pytest.mark.parametrize("text", ["", "无", " ", "-", "否"])
def test_no_label_is_no_warning(text):
    assert read_labels(text) == read_labels("")


@pytest.mark.parametrize(
    "word", [*RESTRICTED, "社区矫正对象", "精神障碍患者(二级)", "精 神 障 碍", "吸\u200b毒人员"]
)
def test_a_restricted_word_is_dropped_and_counted(word):
    labels = read_labels(f"空巢、{word}，党员")

    assert labels.dropped >= 1
    kept = "".join(labels.codes + labels.unknown)
    assert not re.search("[精神障碍社区矫正信访吸毒]", kept)


def test_the_words_beside_a_restricted_one_stay():
    assert read_labels("精神障碍,双老家庭").codes == ("empty_nest",)
    assert scrub("张三(社区矫正)").text == "张三"
    assert scrub("张三(户主)") == ("张三(户主)", 0)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("户主 本人 户主本人", "head"),
        ("配偶 妻子 妻 夫 丈夫 老伴", "spouse"),
        ("子 儿子 长子 次子 之子", "son"),
        ("女 女儿 长女 次女", "daughter"),
        ("母 母亲", "mother"),
        ("父 父亲", "father"),
        ("租客 租户 合租", "tenant"),
        ("孙子 外孙", "grandson"),
        ("孙女 外孙女", "granddaughter"),
        ("儿媳 媳妇 儿媳妇", "daughter_in_law"),
        ("女婿", "son_in_law"),
        ("哥哥 妹妹 兄弟姐妹", "sibling"),
        ("岳母 奶奶 叔叔", "relative"),
        ("保姆", "carer"),
        ("其他 非亲属", "other"),
    ],
)
def test_kinship_words_become_codes(words, code):
    assert {relation(word) for word in words.split()} == {code}


def test_an_unknown_kinship_word_says_so():
    assert (relation(""), relation("无"), relation("干妹夫的表舅")) == ("", "", "?")


def test_sex_is_read_from_words_and_letters():
    assert [sex(one) for one in ("男", "男性", "M", "ｍ", "1")] == ["m"] * 5
    assert [sex(one) for one in ("女", "女性", "F", "2")] == ["f"] * 4
    assert [sex(one) for one in ("", "不详", "?")] == [""] * 3


def test_tenure_is_the_first_column_that_says_it():
    assert tenure("", "租户") == "rent"
    assert tenure("出租屋") == "rent"
    assert tenure("自住", "租户") == "own"
    assert tenure("空置") == "vacant"
    assert tenure("人在户在", "") == ""


def test_an_empty_dwelling_is_not_a_person():
    assert all(
        is_vacant(one) for one in ("空置", "空房", "未入住", "无人居住", "（空置）", "空置房")
    )
    assert not any(is_vacant(one) for one in ("", "张三", "空晓房"))


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("已故", "deceased"),
        ("2025年去世", "deceased"),
        ("于2024年不幸去世", "deceased"),
        ("死亡", "deceased"),
        ("已搬走", "moved_out"),
        ("2024年迁出", "moved_out"),
        ("搬离本小区", "moved_out"),
        ("随儿子搬走", "moved_out"),
        ("家属告知已搬走", "moved_out"),
        ("另有住处", ""),
        ("", ""),
    ],
)
def test_a_note_says_who_is_gone(note, reason):
    assert departure(note) == (reason, False)


@pytest.mark.parametrize(
    "note",
    ["丈夫2019年去世", "老伴已故,独自居住", "儿子搬走", "户口未迁出", "计划明年搬离", "户主已故"],
)
def test_a_note_about_another_removes_nobody_and_asks(note):
    assert departure(note) == ("", True)


def test_the_head_of_a_household_may_be_the_one_who_died():
    assert departure("户主已故", "head").reason == "deceased"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("14009122123", ["14009122123"]),
        ("140 0444 4548", ["14004444548"]),
        ("140-0590-3529", ["14005903529"]),
        ("+8614003944940", ["14003944940"]),
        ("86 14003944940", ["14003944940"]),
        ("１４００１２１４４４３", ["14001214443"]),
        ("14001605751.0", ["14001605751"]),
        ("14001605751/14002842731", ["14001605751", "14002842731"]),
        ("14001605751、14001605751", ["14001605751"]),
        ("14001605751 14002842731", ["14001605751", "14002842731"]),
        ("1400160575114002842731", ["14001605751", "14002842731"]),
        ("020-00001234", ["02000001234"]),
        ("(020)00001234转801", ["02000001234"]),
        ("84001234", ["84001234"]),
        ("\t14001605751", ["14001605751"]),
        ("无", []),
        ("-", []),
        ("", []),
    ],
)
def test_a_phone_cell_holds_any_number_of_numbers(text, numbers):
    phones = read_phones(text)

    assert (list(phones.numbers), phones.unreadable) == (numbers, 0)


@pytest.mark.parametrize("text", ["1400160575", "1.4E+10", "问女儿", "123"])
def test_an_unreadable_phone_is_counted_not_kept(text):
    assert read_phones(text) == ((), (), 1)


def test_a_phone_may_be_somebody_elses():
    phones = read_phones("14001605751(儿子)/14002842731")

    assert phones.relations == ("son", "self")


@pytest.mark.parametrize(
    "text",
    [
        "1945-03-08",
        "1945.3.8",
        "1945年3月8日",
        "1945 年 3 月 8 日",
        "19450308",
        "1945/3/8",
        "1945-03-08 00:00:00",
        "１９４５－０３－０８",
        "16504",
        "16504.0",
        " 1945.03.08 ",
    ],
)
def test_every_spelling_of_a_birth_is_one_day(text):
    assert read_birth(text, TODAY) == Birth("1945-03-08")


def test_a_month_is_kept_as_its_first_day_and_marked():
    for text in ("1945-03", "194503", "1945年3月", "1945.3"):
        assert read_birth(text, TODAY) == Birth("1945-03-01", exact=False)


@pytest.mark.parametrize("text", ["", "无", "-", " "])
def test_no_birth_is_not_a_fault(text):
    assert read_birth(text, TODAY) == Birth()


@pytest.mark.parametrize(
    "text", ["1945", "1945-13-01", "2026-11-24", "1899-12-31", "45.3.8", "正月初八", "99999999"]
)
def test_an_impossible_birth_is_none(text):
    assert read_birth(text, TODAY) is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9一二年月日./\- :T+()转]{0,20}")))
def test_no_cell_breaks_the_readers(text):
    read_labels(text)
    relation(text)
    sex(text)
    tenure(text)
    departure(text)
    phones = read_phones(text)
    assert all(one.isdigit() and one.isascii() for one in phones.numbers)
    birth = read_birth(text, TODAY)
    assert birth is None or birth.on <= TODAY


@given(
    st.lists(st.sampled_from([*RESTRICTED, "空巢", "、", " ", "(", "党员"]), max_size=8).map(
        "".join
    )
)
def test_no_restricted_word_survives_whatever_is_beside_it(text):
    labels = read_labels(text)

    kept = "|".join(labels.codes + labels.unknown) + scrub(text).text
    assert not any(word in kept for word in RESTRICTED)
