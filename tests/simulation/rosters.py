"""Rosters that the office imports, takes back, or is cut off in the middle of."""

import contextlib
import csv
from functools import cache
from io import StringIO
from random import Random
from typing import TYPE_CHECKING

from server import rosters
from server.identities import Vault
from server.store.database import Tx
from sync.refusals import Refusal
from tests.simulation.cast import BUILDINGS, OFFICE

if TYPE_CHECKING:
    from tests.simulation.town import Town

HEADS = ["小区", "楼栋", "门牌号", "姓名", "身份证号", "联系电话", "人员类别"]
SECRET = b"no secret of anybody's"


@cache
def vault() -> Vault:
    return Vault(SECRET)


def bring_in(town: "Town", chance: Random) -> None:
    """A few lines: people who are known under the same or another number, and new ones."""
    backend = town.backend
    office = rosters.Importer(backend.home, OFFICE.id, OFFICE.role)
    with contextlib.suppress(Refusal):
        batch = rosters.preview(backend.intake, vault(), office, "名册.csv", _lines(chance))
        rosters.confirm(backend.intake, vault(), office, batch)
        _write(town, chance, batch)
        town.batches.append(batch)


def take_back(town: "Town", chance: Random) -> None:
    """Undo an import: whatever nobody has touched since goes away again."""
    if not town.batches:
        return
    batch = town.batches.pop()
    office = rosters.Importer(town.backend.home, OFFICE.id, OFFICE.role)
    with contextlib.suppress(Refusal):
        rosters.undo(town.backend.intake, office, batch)
        _write(town, chance, batch)


def _write(town: "Town", chance: Random, batch: str) -> None:
    """Do the work, perhaps with a crash in it; the next server goes on with it."""
    backend = town.backend
    if chance.random() < 0.7:
        rosters.run(backend.intake, vault(), backend.home, batch)
        return
    with backend.doomed(chance.randrange(400)), contextlib.suppress(Tx.trouble):
        rosters.run(backend.intake, vault(), backend.home, batch)
    rosters.resume(backend.intake, SECRET)


def _lines(chance: Random) -> bytes:
    text = StringIO(newline="")
    table = csv.writer(text)
    table.writerow(HEADS)
    for number in range(chance.randint(1, 4)):
        order, building = chance.choice([*enumerate(BUILDINGS)])
        floor = chance.choice([1, 2, 2, 3])
        known = f"黄{'甲乙丙'[order]}{'一二三'[floor - 1]}"
        name = chance.choice([known, f"客{'甲乙丙丁'[number]}{chance.choice('子丑寅卯')}"])
        phone = f"139{chance.getrandbits(26):08d}"
        label = chance.choice(["", "独居老人", "低保"])
        table.writerow(["红棉苑", building, f"{floor}01", name, "", phone, label])
    return text.getvalue().encode()
