"""An ID number is kept only when it is right, and never shown in an error.

Numbers here use county codes xx0199, which are not assigned to any county.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.idnumbers import BadIdNumber, IdNumber, check_digit, clean, hidden, read

TODAY = "2026-11-23"


def whole(first: str) -> str:
    return first + check_digit(first)


WANG = whole("44019919450308123")


@pytest.mark.parametrize(
    "text",
    [
        WANG,
        f"'{WANG}",
        f"\t{WANG}",
        f'="{WANG}"',
        f" {WANG}\u3000",
        f"{WANG[:6]} {WANG[6:14]} {WANG[14:]}",
        "".join(chr(ord(one) + 0xFEE0) for one in WANG),
        f"\u200b{WANG}\ufeff",
    ],
)
def test_quotes_spaces_and_width_do_not_matter(text):
    assert read(text, TODAY) == IdNumber(WANG)


def test_a_small_x_is_a_large_one():
    number = next(
        one for one in (whole(f"440199194503081{n:02d}") for n in range(99)) if one[-1] == "X"
    )

    assert read(number.lower(), TODAY) == read(number.replace("X", "Ｘ"), TODAY)
    assert read(number.lower(), TODAY) == IdNumber(number)


@pytest.mark.parametrize("text", ["", "  ", "无", "-", "—", "\u3000", "--"])
def test_no_number_is_not_a_fault(text):
    assert read(text, TODAY) is None


def test_birth_and_sex_come_from_the_number():
    assert (IdNumber(WANG).birth_on, IdNumber(WANG).sex) == ("1945-03-08", "m")
    assert IdNumber(whole("44019919450308124")).sex == "f"


def test_fifteen_digits_are_upgraded():
    number = read("440199590319620", TODAY)

    assert number == IdNumber(whole("44019919590319620"), upgraded=True)
    assert number.birth_on == "1959-03-19"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (WANG[:17] + ("1" if WANG[17] != "1" else "2"), "id_checksum"),
        ("A" + WANG[1:], "id_checksum"),
        (whole("44019919631301932"), "id_birth_invalid"),
        (whole("44019919630230932"), "id_birth_invalid"),
        (whole("44019920261124001"), "id_birth_invalid"),
        (whole("44019918991231001"), "id_birth_invalid"),
        ("440199631301932", "id_birth_invalid"),
        (WANG[:17], "id_length"),
        (WANG + "1", "id_length"),
        ("4401992000****1482", "id_length"),
        ("4401992000XXXX1482", "id_length"),
        ("44019945030A123", "id_length"),
        ("不详", "id_length"),
        ("123", "id_length"),
        ("4.40199E+17", "id_precision_lost"),
        ("4.40199194608011e+17", "id_precision_lost"),
        ("４.４E+17", "id_precision_lost"),
        ("440199194608011000", "id_precision_lost"),
    ],
)
def test_a_wrong_number_has_the_class_of_the_contract(text, fault):
    with pytest.raises(BadIdNumber) as refused:
        read(text, TODAY)

    assert refused.value.fault == fault


def test_nobody_reads_a_number_from_an_error_or_a_repr():
    with pytest.raises(BadIdNumber) as refused:
        read(WANG + "7", TODAY)

    assert WANG[:14] not in str(refused.value) + repr(refused.value)
    assert WANG[:14] not in repr(IdNumber(WANG))


def test_a_number_inside_other_words_is_hidden():
    tail = "*" * 8 + WANG[-4:]

    assert hidden(f"身份证{WANG}号") == f"身份证{tail}号"
    assert hidden(f"{WANG[:6]} {WANG[6:14]} {WANG[14:]}") == tail
    assert hidden("440199590319620") == "********9620"
    assert hidden("14001605751/14002842731") == "14001605751/14002842731"


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9Xx* \t'\uff10-\uff19]{0,22}")))
def test_no_cell_breaks_the_reader(text):
    try:
        number = read(text, TODAY)
    except BadIdNumber:
        return
    assert number is None or read(clean(number.number), TODAY) == IdNumber(number.number)


@given(st.integers(0, 999), st.dates())
def test_one_wrong_digit_is_always_noticed(serial, born):
    number = whole(f"440199{born:%Y%m%d}".replace(" ", "0").ljust(14, "0")[:14] + f"{serial:03d}")
    changed = number[:16] + str((int(number[16]) + 1) % 10) + number[17]

    with pytest.raises(BadIdNumber):
        read(changed, TODAY)
