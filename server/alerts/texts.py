"""The words of warnings that hold in a community, and what an office writes instead."""

from typing import NamedTuple

from server import audit
from server.audit import Author
from server.intake.writing import Writing
from server.store import alert_texts as rows
from server.store.database import Tx
from sync.alert_checks import doors, guide_problems, problems
from sync.alert_texts import MAX_MESSAGE, MAX_SHORT, Own, Texts, texts_for
from sync.operations import stamp
from sync.refusals import Refusal


class Spot(NamedTuple):
    """Of which warnings a text is; "" is any kind, any colour."""

    kind: str
    colour: str


def texts_of(tx: Tx, community_id: str, kind: str, colour: str) -> Texts:
    """What a community says of such a warning, to be filled in by `sync.alert_texts.say`."""
    return texts_for(kind, colour, rows.own(tx, community_id))


def without(tx: Tx, community_id: str, spot: Spot) -> Texts:
    """What would be said if nothing were written for exactly this spot."""
    others = [one for one in rows.own(tx, community_id) if (one.kind, one.colour) != spot]
    return texts_for(spot.kind, spot.colour, others)


def faults(tx: Tx, community_id: str, said: Own) -> dict[str, list[str]]:
    """What keeps these words from being used, by field, in words for who wrote them."""
    found = {
        "message": problems(said.message, MAX_MESSAGE),
        "short": problems(said.short, MAX_SHORT),
        "guide": guide_problems(said.points),
    }
    written = {"message": said.message, "short": said.short, "guide": "\n".join(said.points)}
    for field, text in written.items():
        found[field] += [_named(name) for name in rows.names_within(tx, community_id, text)]
    return found


def private(tx: Tx, community_id: str, text: str) -> list[str]:
    """Why a text must not go to a group: the doors and residents that it names. Short names are
    left out here, since many are those of places: a warning must not be held up by one."""
    names = [one for one in rows.names_within(tx, community_id, text) if len(one) > 2]
    return doors(text) + [_named(one) for one in names]


def keep(writing: Writing, by: Author, said: Own) -> None:
    """Say it so from now on. What is as it would be anyway is left to the defaults.

    Warnings that are out keep the words they went out with.
    """
    tx, home, spot = writing.tx, writing.community_id, Spot(said.kind, said.colour)
    found = [one for field in faults(tx, home, said).values() for one in field]
    if found:
        raise Refusal("alert.text_misfit", problems="".join(found))
    kept = _as_far_as_own(said, without(tx, home, spot))
    if not (kept.message or kept.short or kept.points):
        if not rows.drop(tx, home, *spot):
            raise Refusal("nothing.changed")
    elif kept in rows.own(tx, home):
        raise Refusal("nothing.changed")
    else:
        rows.put(tx, home, kept, by.id, stamp(writing.now))
    audit.note(writing, by, "alert.text", detail=f"{said.kind} {said.colour}")


def reset(writing: Writing, by: Author, spot: Spot) -> None:
    if not rows.drop(writing.tx, writing.community_id, *spot):
        raise Refusal("nothing.changed")
    audit.note(writing, by, "alert.text", detail=f"{spot.kind} {spot.colour} -")


def _as_far_as_own(said: Own, otherwise: Texts) -> Own:
    guided = (said.points, said.source, said.dated_on)
    is_ours = guided == (otherwise.guide, otherwise.source, otherwise.dated_on)
    return Own(
        kind=said.kind,
        colour=said.colour,
        message="" if said.message == otherwise.message else said.message,
        short="" if said.short == otherwise.short else said.short,
        points=() if is_ours else said.points,
        source="" if is_ours else said.source,
        dated_on="" if is_ours else said.dated_on,
    )


def _named(name: str) -> str:
    return f"写了住户的名字“{name}”。这些文字会发到群里，不能有住户的名字。"
