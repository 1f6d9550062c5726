"""Turns what people did into numbered operations, in the order the server received them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from server.demo.ids import Minter, iso


@dataclass(slots=True)
class Act:
    """One thing somebody did on a device, before it has a number.

    `received_at` 0 means: whenever that phone next found a network.
    """

    person_id: str
    device_id: str
    at_ms: int
    kind: str
    data: dict[str, Any]
    id: str
    base: int = 0
    received_at: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as it arrived. `raw` is its text; `received_at` is milliseconds UTC."""

    id: str
    n: int
    kind: str
    person_id: str
    device_id: str
    at_ms: int
    received_at: int
    raw: bytes


@dataclass(slots=True)
class Acts:
    """Collects acts and gives each its id."""

    minter: Minter
    all: list[Act] = field(default_factory=list)

    def add(
        self,
        author: tuple[str, str],
        at_ms: int,
        kind: str,
        data: dict[str, Any],
        *,
        base: int = 0,
        act_id: str = "",
        received_at: int = 0,
    ) -> Act:
        """`author` is a person and a device."""
        act_id = act_id or self.minter.mint(at_ms)
        act = Act(*author, at_ms, kind, data, act_id, base, received_at)
        self.all.append(act)
        return act


def numbered(acts: Iterable[Act]) -> list[Entry]:
    """Every device counts its own acts 1, 2, 3 … by its clock; all of them in received order."""
    numbers: dict[str, int] = {}
    entries = []
    for act in sorted(acts, key=lambda act: (act.at_ms, act.id)):
        numbers[act.device_id] = n = numbers.get(act.device_id, 0) + 1
        entries.append(
            Entry(
                id=act.id,
                n=n,
                kind=act.kind,
                person_id=act.person_id,
                device_id=act.device_id,
                at_ms=act.at_ms,
                received_at=act.received_at,
                raw=_text(act, n),
            )
        )
    return sorted(entries, key=lambda entry: (entry.received_at, entry.device_id, entry.n))


def _text(act: Act, n: int) -> bytes:
    envelope: dict[str, Any] = {"id": act.id, "n": n, "kind": act.kind, "at": iso(act.at_ms)}
    if act.base:
        envelope["base"] = act.base
    envelope["data"] = act.data
    return msgspec.json.encode(envelope)
