"""Reads what a person typed into an office form, says plainly what does not fit, and sends it."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from server.intake import Form, Intake, Receipt
from server.people import Person
from sync.refusals import Refusal

FormData = dict[str, Any]

# Nobody alive was born before, and nothing here is planned after.
FIRST_DAY, LAST_DAY = "1900-01-01", "2100-12-31"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"\+?[0-9]{3,15}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def send(
    intake: Intake,
    person: Person,
    kind: str,
    data: dict[str, Any],
    form: FormData,
    base: int | None = None,
) -> Receipt:
    """Record what a form says as this person's operation; sent twice it applies once."""
    given = one(form, "form_id")
    form_id = given if _UUID.fullmatch(given) else ""
    return intake.submit(
        Form(person.community_id, person.id, person.page_device, kind, data, base, id=form_id)
    )


def is_id(given: str) -> bool:
    return bool(_UUID.fullmatch(given))


def ident(given: str) -> str:
    """An id from a URL; one that cannot be is as unknown as one that is not there."""
    if not _UUID.fullmatch(given):
        raise Refusal("record.unknown")
    return given


def one(form: FormData, name: str) -> str:
    """The first value under a name; "" without any."""
    found = form.get(name, "")
    value = found[0] if isinstance(found, list) else found
    return str(value or "")


def many(form: FormData, name: str, limit: int = 200) -> list[str]:
    """All values under a name, as from checkboxes."""
    found = form.get(name, [])
    values = found if isinstance(found, list) else [found]
    return [str(value) for value in values if value][:limit]


def text(form: FormData, name: str, label: str, limit: int, needed: bool = False) -> str:
    value = _INVISIBLE.sub("", one(form, name).replace("\r\n", "\n")).strip()
    if needed and not value:
        raise Refusal("field.empty", field=label)
    if len(value) > limit:
        raise Refusal("field.too_long", field=label, limit=limit, length=len(value))
    return value


def code(form: FormData, name: str, label: str, allowed: Collection[str]) -> str:
    """One of the codes a select offers."""
    value = one(form, name)
    if value not in allowed:
        raise Refusal("field.unknown", field=label, value=value[:20])
    return value


def codes(form: FormData, name: str, label: str, allowed: Collection[str]) -> list[str]:
    found = many(form, name)
    for value in found:
        if value not in allowed:
            raise Refusal("field.unknown", field=label, value=value[:20])
    return sorted(set(found))


def number(form: FormData, name: str, label: str, least: int, most: int) -> int:
    value = one(form, name).strip()
    if not re.fullmatch(r"-?[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise Refusal("field.not_a_number", field=label, least=least, most=most)
    return int(value)


def day(form: FormData, name: str, label: str, first: str = FIRST_DAY, last: str = LAST_DAY) -> str:
    """A calendar day inside a range; "" when none was given."""
    value = one(form, name).strip()
    if value and not (_DAY.fullmatch(value) and first <= value <= last):
        raise Refusal("date.out_of_range", field=label, first=first, last=last, value=value[:20])
    if value and not _is_real(value):
        raise Refusal("date.unreal", value=value)
    return value


def _is_real(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def phone(form: FormData, name: str) -> str:
    value = re.sub(r"[\s\-()（）]", "", one(form, name))
    if not _PHONE.fullmatch(value):
        raise Refusal("phone.misfit")
    return value


def base_of(form: FormData) -> int:
    """The version that the form was drawn from."""
    value = one(form, "base")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def as_was(value: Any) -> str:
    """A value as the hidden `was_…` of a form holds it."""
    return ",".join(value) if isinstance(value, list) else str(value)


def changes(form: FormData, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields of `wanted` that differ from what stood there when the form was drawn.

    What somebody else changed meanwhile is not set back: a form says only what its person touched.
    """
    changed = {
        name: value for name, value in wanted.items() if one(form, f"was_{name}") != as_was(value)
    }
    if not changed:
        raise Refusal("nothing.changed")
    return changed
