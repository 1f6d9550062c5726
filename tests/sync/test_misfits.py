"""What does not fit is said in words that whoever recorded it can act on."""

import msgspec
import pytest

from sync.misfits import plain
from sync.operations import read_data
from sync.refusals import Refusal

DOOR = {"household_id": "01990000-0000-7000-8000-000000000001", "resident_ids": []}
VISIT = {**DOOR, "type": "routine", "method": "door", "result": "met"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"note": "x" * 1001}, "“备注”最多 1000 个字"),
        ({"result": "dancing"}, "“结果”没有“dancing”这一项"),
        ({"result": 7}, "“结果”的写法不对"),
        ({"mood": "good"}, "多了一项“mood”"),
        ({"started_at": 5}, "“时间”的写法不对"),
        ({"media": 5}, "“照片”的写法不对"),
    ],
)
def test_a_field_that_does_not_fit_is_named(change, said):
    with pytest.raises(Refusal) as refused:
        read_data("visit.record", msgspec.json.encode({**VISIT, **change}))

    assert refused.value.sentence == f"内容不合要求：{said}。请改好再发。"


@pytest.mark.parametrize("raw", [b"null", b"[]", b"5", b'{"note": "\\q"}', b"{", b'"\\ud83d"'])
def test_what_is_no_data_at_all_is_said_without_a_decoders_words(raw):
    with pytest.raises(Refusal) as refused:
        read_data("visit.record", raw)

    said = refused.value.sentence.removeprefix("内容不合要求：").removesuffix("。请改好再发。")
    assert not any(letter.isascii() and letter.isalpha() for letter in said)


def test_words_of_a_decoder_to_come_are_left_out():
    assert plain("Something new went wrong") == "有一项的写法不对"
