"""The office finds that two are one, and sometimes that they were two after all."""

from random import Random
from typing import TYPE_CHECKING

import msgspec

from tests.simulation.office import CALLED, _rows, submit
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

# Ways in which an operation names a person or a door.
NAMES = ("household_id", "resident_id", "id")
# What the office does to the very record that it names.
UNLED = (".remove", ".merge", ".unmerge", ".split")


def merge(town: "Town", chance: Random) -> None:
    """Two people, wherever they live, or two doors of a building become one."""
    kind = chance.choice(["resident", "resident", "household"])
    found = _rows(town, f"select id, version, building_id from {kind} order by {CALLED[kind]}, id")
    keep, drop = (chance.choice([found[0], chance.choice(found)]) for _ in range(2))
    data = {"keep": keep["id"], "drop": drop["id"], "drop_base": drop["version"]}
    if chance.random() < 0.5:
        changes = {"name": "合并后的"} if kind == "resident" else {"tenure": "own"}
        data["changes"] = changes
    phones = [phone for phone in town.phones if phone.role == "office"]
    if phones and chance.random() < 0.2:
        phone = chance.choice(phones)
        phone.record(town.backend.clock.now, f"{kind}.merge", data, base=keep["version"])
    else:
        submit(town, chance, f"{kind}.merge", data, keep["version"])


def unmerge(town: "Town", chance: Random) -> None:
    found = _rows(town, 'select id, "of" from redirect order by id')
    if found:
        one = chance.choice(found)
        submit(town, chance, f"{one['of']}.unmerge", {"id": one["id"]})


def split(town: "Town", chance: Random) -> None:
    """Some of the people of a door become a household of their own."""
    homes = _rows(town, "select id, building_id from household order by label, id")
    home = chance.choice(homes)
    people = _rows(town, f"select id from resident where household_id = '{home['id']}' order by id")
    if len(people) > 1:
        leaving = chance.sample([one["id"] for one in people], chance.randint(1, len(people) - 1))
        door = f"{chance.randint(1, 9)}09"
        data = {"id": home["id"], "resident_ids": leaving, "door_no": door}
        submit(town, chance, "household.split", {**data, "building_id": home["building_id"]})


def check(town: "Town") -> None:
    """Nothing waits, or was refused, for naming who or what was merged."""
    merged = {one["id"] for one in _rows(town, "select id from redirect")}
    for row in _rows(
        town,
        """
        select operation.id, operation.kind, operation.body, operation.code,
          coalesce(waiting.needs, '') as needs
        from operation
        left join waiting on waiting.community_id = operation.community_id
          and waiting.operation_id = operation.id
        where operation.state in ('held', 'quarantined')
        """,
    ):
        demand(row["needs"] not in merged, "F16", f"{row['kind']} {row['id']} waits for ever")
        if row["code"] == "record.gone" and not row["kind"].endswith(UNLED):
            data = msgspec.json.decode(row["body"])["data"]
            named = {data.get(name, "") for name in NAMES} | set(data.get("resident_ids", []))
            demand(not named & merged, "F16", f"{row['kind']} {row['id']} was refused")
