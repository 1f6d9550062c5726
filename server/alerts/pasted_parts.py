"""What a pasted text is understood as: a form for each warning that it holds."""

from msgspec import Struct, structs

from server.alerts.pasted import Confirmed, read_text
from sync.alert_parts import MOST_PARTS, parts
from sync.alert_text import MAX_TEXT, understand


class Found(Struct, frozen=True, kw_only=True):
    """One warning, and the part of the text that tells of it.

    `is_mention`: the text speaks of it in passing, perhaps as of something that is known.
    """

    form: Confirmed
    text: str
    is_mention: bool = False


def found_in(text: str, now: str) -> list[Found]:
    """One at least, of which nothing may be known. `now` as in `read_text`."""
    found: list[Found] = []
    for part in parts(text[:MAX_TEXT]) or [""]:
        form = read_text(part, now)
        if found:
            form = _completed(form, found[0].form)
        found.append(Found(form=form, text=part))
        found += [
            Found(
                form=structs.replace(
                    form, kind=other.kind, colour=other.colour, action=other.action
                ),
                text=part,
                is_mention=True,
            )
            for other in understand(part, now).others
        ]
    return found[:MOST_PARTS]


def _completed(form: Confirmed, first: Confirmed) -> Confirmed:
    """The head of a message often stands for all of it."""
    return structs.replace(
        form,
        station=form.station or first.station,
        issued_at=form.issued_at or first.issued_at,
        is_drill=form.is_drill or first.is_drill,
    )
