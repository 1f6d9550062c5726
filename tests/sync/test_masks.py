"""What stands in for names and numbers in what leaves the office masked."""

import pytest

from sync import masks


@pytest.mark.parametrize(
    ("name", "shown"), [("黄秀珍", "黄**"), ("欧阳小凤", "欧**"), ("李", "李**"), ("", "")]
)
def test_a_name_keeps_its_first_character(name, shown):
    assert masks.name(name) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("打13800004412", "打138****4412"),
        ("020 8888 1234 或 138-0000-4412", "020****1234 或 138****4412"),
        ("电话（１３８００００４４１２）", "电话（１３８****４４１２）"),
        ("身份证44010619400302123X", "身份证****"),
        ("旧号 440106400302123", "旧号 ****"),
        ("2026-09-15 10:00 见到", "2026-09-15 10:00 见到"),
        ("3栋 2单元 502，量血压 135/80", "3栋 2单元 502，量血压 135/80"),
        ("女儿黄小梅说黄秀珍好", "女儿黄**说黄**好"),
    ],
)
def test_a_text_names_nobody_and_gives_no_number(said, shown):
    assert masks.text(said, ["黄秀珍", "黄小梅"]) == shown


def test_the_longer_name_goes_first_and_nothing_is_masked_twice():
    assert masks.text("张三丰和张三", ["张三", "张三丰", "张"]) == "张**和张**"


def test_a_name_is_no_pattern():
    assert masks.text("a.c abc", ["a.c"]) == "a** abc"
