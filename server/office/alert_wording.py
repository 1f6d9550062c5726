"""What the pages of 预警文字 show: which words hold where, and what they come out as."""

import re
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from server.alerts import texts
from server.alerts.texts import Spot
from server.store import alert_texts as rows
from server.store.database import Tx
from sync.alert_checks import Measure, example_of, measured
from sync.alert_texts import MAX_BYTES, MAX_MESSAGE, MAX_SHORT, Own, defaults, name_of, say
from sync.alert_words import COLOUR_WORDS
from sync.records import Community

MAX_KIND = 20
COLOURS = {"": "不分颜色", **{code: f"{word}色" for code, word in COLOUR_WORDS.items()}}
# Kinds that have no colour come last.
PLAIN = ("火灾", "停水", "停电")
_KIND = re.compile(r"[\w·、-]*")


def is_kind(text: str) -> bool:
    """Words only: a kind stands in texts, addresses and lists."""
    return _KIND.fullmatch(text) is not None


def table(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Every kind with the state of each colour: own, ours, or as the kind has it."""
    own = {(one.kind, one.colour) for one in rows.own(tx, community_id)}
    ours = {(one.kind, one.colour) for one in defaults().guides}
    kinds = dict.fromkeys(one.kind for one in defaults().guides if one.kind not in ("", *PLAIN))
    others = sorted({kind for kind, _ in own} - set(kinds) - {"", *PLAIN})
    return [
        {
            "kind": kind,
            "word": kind or "其他各类",
            "cells": [
                {"url": url_of(Spot(kind, colour)), "word": word, "state": _state(own, ours, spot)}
                for colour, word in COLOURS.items()
                for spot in ((kind, colour),)
            ],
        }
        for kind in (*kinds, *others, *PLAIN, "")
    ]


def wording(tx: Tx, community: Community, spot: Spot) -> dict[str, Any]:
    """One text to be changed, with what it comes out as."""
    now = texts.texts_of(tx, community.id, *spot)
    own = [one for one in rows.own(tx, community.id) if (one.kind, one.colour) == spot]
    said = Own(
        kind=spot.kind,
        colour=spot.colour,
        message=now.message,
        short=now.short,
        points=now.guide,
        source=now.source,
        dated_on=now.dated_on,
    )
    return {
        "spot": spot._asdict(),
        "text": said,
        "is_own": int(bool(own)),
        "preview": preview(tx, community, said),
        "limits": {"message": MAX_MESSAGE, "short": MAX_SHORT},
    }


def preview(tx: Tx, community: Community, said: Own) -> dict[str, Any]:
    """The words filled in with an example, how long they are and what is wrong with them."""
    facts = example_of(said.kind, said.colour, said.points, community.office_phone, community.name)
    found = texts.faults(tx, community.id, said)
    return {
        "message": _shown(measured(said.message, facts, MAX_MESSAGE), found["message"]),
        "short": _shown(measured(said.short, facts, MAX_SHORT), found["short"]),
        "guide": {"points": said.points, "problems": found["guide"]},
        "source": said.source,
        "dated_on": said.dated_on,
        "lifted": say(replace(facts, closes=True)).message,
        "max_bytes": MAX_BYTES,
    }


def title_of(spot: Spot) -> str:
    if not spot.kind:
        return f"其他各类{COLOURS[spot.colour] if spot.colour else ''}"
    return name_of(spot.kind, spot.colour) if spot.colour else spot.kind


def url_of(spot: Spot) -> str:
    return f"/office/alert-texts/wording?{urlencode(spot._asdict())}"


def _state(own: set[tuple[str, str]], ours: set[tuple[str, str]], spot: tuple[str, str]) -> str:
    if spot in own:
        return "own"
    return "ours" if spot in ours else "same"


def _shown(one: Measure, problems: list[str]) -> dict[str, Any]:
    return {
        "text": one.text,
        "characters": one.characters,
        "bytes": one.bytes,
        "limit": one.limit,
        "is_cut": int(one.characters > one.limit or one.bytes > MAX_BYTES),
        "points_left_out": one.points_left_out,
        "problems": problems,
    }
