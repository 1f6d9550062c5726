"""JSON text cut into its members without reading them, so that one that cannot be read stops none.

A parser gives up on a whole text when something in it is nested too deeply or holds half a
character; cutting only counts brackets outside strings.
"""

import json
import re
from typing import Any, NoReturn

_BLANK = b" \t\r\n"
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["{}\[\],]', re.DOTALL)


def is_json(raw: bytes) -> bool:
    """Whether text keeps to the grammar of JSON, as far as its depth lets one tell."""
    try:
        json.loads(raw.decode(), parse_constant=_refuse, parse_int=str, parse_float=str)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def members(raw: bytes) -> dict[str, bytes]:
    """The texts of an object's values by name. Raises ValueError when it is not an object."""
    found = {}
    for part in _parts(raw, b"{", b"}"):
        name = _TOKEN.match(part)
        rest = part[name.end() :].lstrip(_BLANK) if name else b""
        if name is None or rest[:1] != b":":
            raise ValueError("a member without a name")
        found[json.loads(name.group())] = rest[1:].strip(_BLANK)
    return found


def elements(raw: bytes) -> list[bytes]:
    """The texts of an array's elements. Raises ValueError when it is not an array."""
    return _parts(raw, b"[", b"]")


def _parts(raw: bytes, opening: bytes, closing: bytes) -> list[bytes]:
    text = raw.strip(_BLANK)
    if text[:1] != opening or text[-1:] != closing:
        raise ValueError("another kind of value")
    parts, depth, start = [], 0, 1
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign == b'"' or (depth == 0 and token.start()):
            raise ValueError("not JSON")
        if sign in b"{[":
            depth += 1
        elif sign in b"}]":
            depth -= 1
        elif sign == b"," and depth == 1:
            parts.append(text[start : token.start()].strip(_BLANK))
            start = token.end()
    last = text[start:-1].strip(_BLANK)
    whole = [*parts, last] if parts or last else []
    if depth or b"" in whole:
        raise ValueError("not JSON")
    return whole


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def depth_within(value: Any, limit: int) -> bool:
    """Whether lists and objects inside a value are nested no deeper than this."""
    if not isinstance(value, (list, dict)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return limit > 0 and all(depth_within(one, limit - 1) for one in inner)
