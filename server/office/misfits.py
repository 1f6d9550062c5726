"""What does not fit an operation, without the words that only a programmer reads."""

import re
from functools import partial

from server.office.labels import named

_AT = r"(?: - at `\$\.?(?P<field>[^`]*)`)?"
_MISFITS = [
    (re.compile(pattern + _AT), form)
    for pattern, form in (
        (r"Expected `str` of length <= (?P<n>\d+)", "“{field}”最多 {n} 个字"),
        (r"Expected `str` of length >= (?P<n>\d+)", "“{field}”不能空着"),
        (r"Expected `array` of length <= (?P<n>\d+)", "“{field}”最多 {n} 个"),
        (r"Invalid enum value '(?P<n>[^']*)'", "“{field}”没有“{n}”这一项"),
        (r"Object contains unknown field `(?P<n>[^`]*)`", "多了一项“{n}”"),
        (r"Object missing required field `(?P<n>[^`]*)`", "少了一项“{n}”"),
        (r"Expected `str` matching regex '[^']*'", "“{field}”的写法不对"),
        (r"Expected `int` (?P<n>[<>]= \d+)", "“{field}”的数不对（应 {n}）"),
        (r"Expected `[^`]*`, got `[^`]*`", "“{field}”的写法不对"),
    )
]


def plainly(sentence: str) -> str:
    """A refusal without the words that only a programmer reads."""
    for pattern, form in _MISFITS:
        sentence = pattern.sub(partial(_fill, form), sentence)
    return sentence


def _fill(form: str, found: re.Match[str]) -> str:
    parts = {name: value or "" for name, value in found.groupdict().items()}
    path = [one for one in re.findall(r"\w+", parts.get("field", "")) if one != "changes"]
    return form.format(**{**parts, "field": named(path[-1] if path else "", "field")})
