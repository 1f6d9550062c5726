"""Makes plans against what is stored, and keeps them locked until they are written."""

import uuid
import zlib
from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec

from server.identities import Vault
from server.pinyin import spelled
from server.store import identities, roster_steps
from server.store.database import Tx
from server.store.records import all_records
from sync.records import Household, Redirect, Resident
from sync.roster_compare import compare
from sync.roster_plan import Plan, Step, Stored, Tools
from sync.roster_results import Roster


class Kept(msgspec.Struct, frozen=True):
    """A file that was read, without the file: its roster, and what importing it would do."""

    roster: Roster
    plan: Plan


_decoder = msgspec.msgpack.Decoder(Kept)


def make(tx: Tx, vault: Vault, community_id: str, batch_id: str, roster: Roster) -> Plan:
    """The plan of a batch as things stand. Made twice while nothing changed, it is equal."""
    numbers = count(1)
    tools = Tools(
        new_id=lambda: record_id(batch_id, next(numbers)),
        id_key=hasher(vault, community_id),
        spell=spelled,
    )
    return compare(roster, stored(tx, community_id), tools)


def look(tx: Tx, vault: Vault, community_id: str, roster: Roster) -> Plan:
    """A plan that nobody will follow."""
    return make(tx, vault, community_id, str(uuid.uuid4()), roster)


def stored(tx: Tx, community_id: str) -> Stored:
    held: dict[str, list[Any]] = {
        kind: list(all_records(tx, community_id, kind))
        for kind in ("building", "household", "resident", "contact")
    }
    merged = _merged(tx, community_id, held)
    said = {**roster_steps.everything_said(tx, community_id)}
    for before, now in merged:
        if before.id in said:
            said.setdefault(now.id, said[before.id])
    return Stored(
        buildings=held["building"],
        households=held["household"],
        residents=held["resident"],
        contacts=held["contact"],
        by_id=identities.residents_by_hash(tx, community_id),
        said=said,
        merged=merged,
    )


def _merged(
    tx: Tx, community_id: str, held: dict[str, list[Any]]
) -> list[tuple[Household | Resident, Household | Resident]]:
    """Doors and people that were merged, as they were, each with what it is now."""
    kinds: dict[str, type[Household | Resident]] = {"household": Household, "resident": Resident}
    kept = {old: one for kind in kinds for one in held[kind] for old in one.merged_ids}
    found = all_records(tx, community_id, "redirect")
    return [
        (msgspec.convert(one.dropped, kinds[one.of]), kept[one.id])
        for one in found
        if isinstance(one, Redirect) and one.id in kept
    ]


def hasher(vault: Vault, community_id: str) -> Callable[[str], str]:
    return lambda number: vault.hash(community_id, number)


def step_id(batch_id: str, what: str) -> str:
    """An id that the same step of the same batch always has: begun twice, it applies once."""
    return str(uuid.uuid5(uuid.UUID(batch_id), what))


def record_id(batch_id: str, number: int) -> str:
    """As `step_id`, and sorted as the file is: a family stays in the order it was written in."""
    made = uuid.uuid5(uuid.UUID(batch_id), f"new {number}").hex
    began = batch_id[:13]
    return f"{began}-7{number >> 12 & 0xFFF:03x}-8{number & 0xFFF:03x}-{made[:12]}"


def operation_id(batch_id: str, number: int, step: Step) -> str:
    return step.record_id if step.kind.endswith(".add") else step_id(batch_id, f"step {number}")


def lock(vault: Vault, batch_id: str, kept: Kept) -> bytes:
    """As a cipher: rows hold ID numbers, and nobody has agreed to keep them yet."""
    return vault.lock(zlib.compress(msgspec.msgpack.encode(kept), 1), f"import {batch_id}")


def unlock(vault: Vault, batch_id: str, cipher: bytes) -> Kept:
    return _decoder.decode(zlib.decompress(vault.unlock(cipher, f"import {batch_id}")))
