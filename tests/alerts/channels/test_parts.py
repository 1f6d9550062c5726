"""Long texts for services that count bytes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.alerts.channels.parts import MAX_PARTS, TooLong, clusters, numbered, pieces

EMOJI = (
    "⛈️",
    "👍🏽",
    "👨‍👩‍👧‍👦",
    "🇨🇳",
    "1️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🧑🏿‍🚒",
    "e\u0301",
    "\r\n",
)
LONGEST = max(len(one.encode()) for one in EMOJI)

warnings = st.lists(
    st.one_of(
        st.sampled_from(
            ["预计", "6小时内", "，", "。", "！", "\n", "”", "阵风8级", "a", "㐂", "𠮷"]
        ),
        st.sampled_from(EMOJI),
        # Nothing that belongs to the character before it, so that an emoji is known when seen.
        st.characters(exclude_categories=["Cs", "Mn", "Me", "Mc", "Cf", "Sk"]).filter(
            lambda char: not "\U0001f1e6" <= char <= "\U0001f1ff" and char not in "\r\n"
        ),
    ),
    max_size=400,
)


@given(st.text(), st.integers(4, 200))
def test_pieces_fit_and_make_the_text_again(text, limit):
    found = pieces(text, limit)

    assert all(0 < len(one.encode()) <= limit for one in found)
    assert "".join(found) == text


@given(warnings, st.integers(LONGEST, 300))
def test_no_piece_begins_or_ends_inside_an_emoji(words, limit):
    text = "".join(words)
    starts, at = set(), 0
    for word in words:
        if word in EMOJI:
            starts |= set(range(at + 1, at + len(word)))
        at += len(word)

    at = 0
    for one in pieces(text, limit):
        at += len(one)
        assert at not in starts


@given(st.text(alphabet="🇨🇳🇦⛈\ufe0f\u200d👩👧🏽e\u0301\U000e0067\U000e007f中", max_size=60))
def test_a_character_is_never_begun_by_what_belongs_to_the_one_before(text):
    found = list(clusters(text))

    assert "".join(found) == text
    for one in found[1:]:
        assert unicodedata.category(one[0]) not in {"Mn", "Me", "Mc"}
        assert one[0] not in "\u200d🏽\U000e0067\U000e007f"
    assert not [one for one in found[:-1] if one.endswith("\u200d")]


def test_marks_piled_up_without_end_are_cut_between_code_points():
    text = "e" + "\u0301" * 100

    assert "".join(pieces(text, 16)) == text
    assert all(len(one.encode()) <= 16 for one in pieces(text, 16))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("预计有大风。请关好门窗。\n1.不要外出，注意安全", "预计有大风。请关好门窗。\n"),
        ("预计有大风。请关好门窗。1不要外出注意安全", "预计有大风。请关好门窗。"),
        ("他说：“请关好门窗。”然后不要外出注意安全了", "他说：“请关好门窗。”"),
        ("预计有大风和冰雹，还有雷电以及短时强降水", "预计有大风和冰雹，"),
    ],
)
def test_it_is_cut_at_a_line_a_sentence_or_a_pause(text, first):
    assert pieces(text, 46)[0] == first


def test_a_short_text_is_one_message_without_a_number():
    assert numbered("雷雨大风黄色预警", "请关好门窗。", 2048) == ["雷雨大风黄色预警\n请关好门窗。"]
    assert numbered("", "请关好门窗。", 2048) == ["请关好门窗。"]


def test_a_text_of_just_the_limit_is_not_cut():
    assert len(numbered("", "风" * 682 + "ab", 2048)) == 1
    assert len(numbered("", "风" * 682 + "abc", 2048)) == 2


@given(warnings, st.text(max_size=30))
def test_parts_are_numbered_titled_and_within_the_limit(words, title):
    text = "".join(words)
    limit = 400
    try:
        parts = numbered(title, text, limit)
    except TooLong as problem:
        assert problem.parts > MAX_PARTS
        return

    assert all(len(one.encode()) <= limit for one in parts)
    if len(parts) > 1:
        heads = [f"（{n}/{len(parts)}）" + (f"{title}\n" if title else "") for n in range(1, 9)]
        assert all(one.startswith(head) for one, head in zip(parts, heads, strict=False))
        said = [one.removeprefix(head) for one, head in zip(parts, heads, strict=False)]
        assert "".join(said) == text


def test_more_than_five_parts_are_refused():
    with pytest.raises(TooLong):
        numbered("标题", "风" * 5000, 2048)
