"""Two people at one form: the second sees what the first changed, and keeps what they typed."""

from typing import Any, NamedTuple

from server.intake import Intake
from server.office import forms
from server.office.forms import FormData
from server.people import Person
from server.store import edits
from server.store.records import Records
from sync.refusals import Refusal


class Met(NamedTuple):
    """A field that somebody else set since the form was drawn, and that this form sets, too."""

    field: str
    now: Any
    mine: Any
    who: str
    at: str


class Typed(NamedTuple):
    """What was typed into the form of one record and not saved, because others had been there."""

    id: str = ""
    values: dict[str, Any] = {}  # noqa: RUF012 never changed
    met: list[Met] = []  # noqa: RUF012 never changed


NOTHING = Typed()


def typed(
    intake: Intake,
    person: Person,
    kind: str,
    record_id: str,
    form: FormData,
    wanted: dict[str, Any],
    changes: dict[str, Any],
) -> Typed:
    """What to show again, or NOTHING where nobody set the same field meanwhile.

    `wanted` is everything the form says, `changes` what its person touched.
    """
    with intake.store.read() as tx:
        record = Records(tx, person.community_id).get(kind, forms.ident(record_id))
        if record is None:
            raise Refusal("record.unknown")
        setters = edits.setters(tx, person.community_id, record_id)
    met, values = [], dict(wanted)
    for name, mine in wanted.items():
        field = "own_categories" if kind == "household" and name == "categories" else name
        now = getattr(record, field)
        if name not in changes:
            values[name] = now  # what this person never touched is not set back
        elif now != mine and forms.one(form, f"was_{name}") != forms.as_was(now):
            by = setters.get(field, {"person_name": "", "at": ""})
            met.append(Met(field, now, mine, by["person_name"] or "别处", by["at"]))
    return Typed(record_id, values, met) if met else NOTHING
