"""ID numbers (GB 11643): cleaned, checked, upgraded from 15 digits; never in a message or a log."""

import re
from datetime import date
from typing import NamedTuple

from sync.numerals import half_width

LENGTH = "id_length"
BIRTH = "id_birth_invalid"
CHECKSUM = "id_checksum"
PRECISION = "id_precision_lost"
FAULTS = (LENGTH, BIRTH, CHECKSUM, PRECISION)

EARLIEST_BIRTH = "1900-01-01"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_NOISE = re.compile("[\\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2060\ufeff\"'“”‘’`´]")
_MISSING = re.compile("无?|[-‐‑–—―−﹣_]+")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]*)?E\+?[0-9]{1,2}")
_INSIDE = re.compile(
    "(?<![0-9])(?:[0-9][ \t]*){14}[0-9](?:(?:[ \t]*[0-9]){2}[ \t]*[0-9Xx])?(?![0-9])"
)


class BadIdNumber(ValueError):
    """Why a number cannot be kept: `fault` is a class of the import contract."""

    def __init__(self, fault: str) -> None:
        assert fault in FAULTS
        super().__init__(fault)
        self.fault = fault


class IdNumber(NamedTuple):
    """A number that is right; `upgraded` when the roster still had its 15 digits."""

    number: str
    upgraded: bool = False

    @property
    def birth_on(self) -> str:
        return _birth(self.number)

    @property
    def sex(self) -> str:
        return "m" if int(self.number[16]) % 2 else "f"

    def __repr__(self) -> str:
        return f"IdNumber(…{self.number[-4:]})"


def read(text: str, today: str) -> IdNumber | None:
    """The number in a cell, None when the cell says there is none; else BadIdNumber.

    `today` ("YYYY-MM-DD") is there because nobody is born after it.
    """
    number = clean(text)
    if not number:
        return None
    if _SCIENTIFIC.fullmatch(number):
        raise BadIdNumber(PRECISION)
    if len(number) == 15 and _is_digits(number):
        return IdNumber(_upgraded(number, today), upgraded=True)
    if len(number) != 18 or "*" in number or number.count("X") > 1:
        raise BadIdNumber(LENGTH)
    if not EARLIEST_BIRTH <= _birth(number) <= today:
        raise BadIdNumber(BIRTH)
    if not _is_digits(number[:17]) or number[17] != check_digit(number):
        # 15 true digits and three zeros are what Excel leaves of a number it took for an amount.
        raise BadIdNumber(PRECISION if number.endswith("000") else CHECKSUM)
    return IdNumber(number)


def clean(text: str) -> str:
    """Half width, upper case, without quotes, tabs and spaces; "" when the cell says none."""
    number = _NOISE.sub("", half_width(text)).upper().removeprefix("=")
    number = number.replace("\u0425", "X")  # the Cyrillic letter
    return "" if _MISSING.fullmatch(number) else number


def check_digit(number: str) -> str:
    """The 18th character that the first 17 ask for."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK[total % 11]


def last_four(number: str) -> str:
    return number[-4:]


def hidden(text: str) -> str:
    """The text with every ID number inside it cut to its last four: notes hold them too."""
    half = half_width(text)
    return (
        _INSIDE.sub(lambda run: "*" * 8 + run.group()[-4:], half) if _INSIDE.search(half) else text
    )


def _upgraded(number: str, today: str) -> str:
    whole = f"{number[:6]}19{number[6:]}"
    if not EARLIEST_BIRTH <= _birth(whole) <= today:
        raise BadIdNumber(BIRTH)
    return whole + check_digit(whole)


def _birth(number: str) -> str:
    """The day in the number, "" when the calendar has no such day."""
    digits = number[6:14]
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return ""
    return day.isoformat() if _is_digits(digits) else ""


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
