"""A kept operation in words, and as a form from which corrected data is read back."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from server.office import forms
from server.office.forms import FormData
from sync.operations import DATA

LONG_TEXT = 200
MAX_IDS = 300
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOT_SAID = "（没有）"


class Line(NamedTuple):
    """One field of what was sent: its name and its value, ids and codes not yet translated."""

    field: str
    value: Any


class Editor(NamedTuple):
    """One input. `how` is text, area, number, select, ticks or fixed."""

    path: str
    field: str
    how: str
    value: Any
    options: tuple[str, ...] = ()
    limit: int = LONG_TEXT


def read(body: bytes) -> dict[str, Any]:
    """The envelope as far as it can be read; {} when it is no JSON object."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def raw(body: bytes) -> str:
    """The bytes as they came, set out so that a person can read them."""
    try:
        return msgspec.json.format(body, indent=2).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", errors="replace")


def data_of(envelope: Mapping[str, Any]) -> dict[str, Any]:
    data = envelope.get("data")
    return data if isinstance(data, dict) else {}


def lines(data: Mapping[str, Any]) -> list[Line]:
    """What was sent, field by field; what lies inside `changes` stands on its own line."""
    return [Line(path.rsplit(".", 1)[-1], value) for path, value in _leaves(data)]


def ids_in(value: Any) -> list[str]:
    """Every id that stands anywhere in what was sent."""
    text = msgspec.json.encode(value).decode()
    return sorted(set(_UUID.findall(text)))[:MAX_IDS]


def editors(kind: str, data: Mapping[str, Any]) -> list[Editor]:
    """The inputs for data of this kind; [] when nothing is known about the kind."""
    if kind not in DATA:
        return []
    return list(_editors(DATA[kind], data, ""))


def changed(kind: str, data: Mapping[str, Any], form: FormData) -> dict[str, Any]:
    """The data with what the form says; what the kind does not know is left out."""
    made: dict[str, Any] = {}
    for editor in editors(kind, data):
        here = made
        *above, last = editor.path.split(".")
        for name in above:
            here = here.setdefault(name, {})
        here[last] = _value(editor, form)
    return made


def _leaves(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and name == "changes":
            yield from _leaves(value, f"{path}.")
        else:
            yield path, value


def _editors(struct: Any, data: Mapping[str, Any], above: str) -> Iterator[Editor]:
    known = inspect.type_info(struct)
    assert isinstance(known, inspect.StructType)
    for field in known.fields:
        path, kind = f"{above}{field.encode_name}", _plain(field.type)
        given = data.get(field.encode_name, _NOT_SAID)
        if isinstance(kind, inspect.StructType):
            inner = given if isinstance(given, dict) else {}
            yield from _editors(kind.cls, inner, f"{path}.")
        elif given != _NOT_SAID or field.required:
            yield _editor(path, field.encode_name, kind, "" if given == _NOT_SAID else given)


def _plain(kind: Any) -> Any:
    """The type behind "this, or not given"."""
    if isinstance(kind, inspect.UnionType):
        named = [one for one in kind.types if not isinstance(one, inspect.CustomType)]
        strings = [one for one in named if isinstance(one, inspect.StrType)]
        return [*strings, *named][0]
    return kind


def _editor(path: str, field: str, kind: Any, value: Any) -> Editor:
    if isinstance(kind, inspect.LiteralType):
        return Editor(path, field, "select", value, _options(kind))
    if isinstance(kind, inspect.IntType):
        return Editor(path, field, "number", value)
    if isinstance(kind, inspect.StrType) and isinstance(value, str):
        limit = kind.max_length or LONG_TEXT
        how = "area" if limit > LONG_TEXT or len(value) > LONG_TEXT else "text"
        # Nobody types an id: whose it is can be seen, not changed.
        how = "fixed" if "{8}" in (kind.pattern or "") else how
        return Editor(path, field, how, value, limit=limit)
    if isinstance(kind, inspect.ListType) and isinstance(value, list):
        given = tuple(one for one in value if isinstance(one, str))
        coded = isinstance(kind.item_type, inspect.LiteralType)
        if coded or len(given) == len(value):
            return Editor(path, field, "ticks", value, _options(kind.item_type) or given)
    return Editor(path, field, "fixed", value)


def _options(kind: Any) -> tuple[str, ...]:
    known = isinstance(kind, inspect.LiteralType)
    return tuple(str(one) for one in kind.values) if known else ()


def _value(editor: Editor, form: FormData) -> Any:
    """What the form says for one input, or what was sent where it says nothing."""
    if editor.how == "ticks":
        return forms.many(form, editor.path)
    if editor.how == "fixed" or editor.path not in form:
        return editor.value
    said = forms.one(form, editor.path).replace("\r\n", "\n")
    if editor.how == "number":
        return int(said) if re.fullmatch(r"-?[0-9]{1,9}", said) else said
    return said
