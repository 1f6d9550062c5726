"""What somebody means who types a name, a door in any spelling or the end of a number."""

from typing import Any

from server.store import search
from server.store.database import Tx
from sync import addresses
from sync.refusals import Refusal

MIN_DIGITS = 4
# What `addresses.rank` says of a door whose whole room was typed.
WHOLE = 2


def doors(tx: Tx, community_id: str, text: str) -> list[dict[str, Any]]:
    """Doors that answer to the text, the one that is meant first; [] when it is no door."""
    wanted = addresses.asked(text, search.compounds(tx, community_id))
    buildings = [one for one in search.buildings(tx, community_id) if _may_hold(wanted, one)]
    found = search.doors(tx, community_id, [one["id"] for one in buildings])
    answers = [(answer, door) for door in found if (answer := _answer(wanted, door))[0]]
    answers.sort(key=lambda one: one[0], reverse=True)
    return [{**door, "exact": int(rank == WHOLE)} for (rank, _), door in answers]


def one_door(tx: Tx, community_id: str, text: str) -> dict[str, Any]:
    """The single door that a text names; refused when it names none or several."""
    found = [one for one in doors(tx, community_id, text) if one["exact"]]
    if len(found) != 1:
        raise Refusal("door.unclear", said=text[:40], count=len(found))
    return found[0]


def digits_of(text: str) -> str:
    """The end of a number, as far as the text is one."""
    digits = text.replace(" ", "").replace("-", "")
    is_number = digits.isascii() and digits.isdigit() and len(digits) >= MIN_DIGITS
    return digits if is_number else ""


def _may_hold(wanted: list[addresses.Address], building: dict[str, Any]) -> bool:
    here = addresses.known(building["compound"], building["name"], "", "")
    return any(
        one.compound in here.compound and one.building in ("", here.building) for one in wanted
    )


def _answer(wanted: list[addresses.Address], door: dict[str, Any]) -> tuple[int, int]:
    """How well a door answers, and to how likely a reading of the text."""
    here = addresses.known(door["compound"], door["building"], door["unit"], door["door_no"])
    ranks = [(addresses.rank(one, here), -number) for number, one in enumerate(wanted)]
    return max(ranks, default=(0, 0))
