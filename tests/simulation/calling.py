"""Who is asked after because of a warning, by whom, and that nothing that was said is lost."""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from server.store import feed
from server.store.records import all_records
from sync.records import ContactTask
from sync.weather_list import OUTCOMES, told
from tests.simulation import network
from tests.simulation.field import FIELDWORK
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town


def ask_after(town: "Town", chance: Random) -> None:
    """Somebody goes through their list, or asks after somebody who is on none."""
    phone = town.someone(chance, (*FIELDWORK, *FIELDWORK, "leader"))
    if chance.random() < 0.6:
        network.calm(town, phone)
    asked = phone.all("pair_task" if phone.role == "leader" else "contact_task")
    if not asked:
        return
    one = chance.choice(asked)
    people = one["resident_ids"]
    homes = phone.all("household")
    home = one["household_id"]
    if homes and chance.random() < 0.1:
        home, people = chance.choice(homes)["id"], []
    data: dict[str, Any] = {
        "incident_id": one["incident_id"],
        "household_id": home,
        "resident_ids": people,
        "outcome": chance.choice(OUTCOMES),
        "method": chance.choice(["phone", "phone", "door"]),
    }
    for _ in range(chance.choice([1, 1, 2])):
        phone.record(town.backend.clock.now, "alert.contact", data)
        town.backend.clock.now += timedelta(minutes=chance.choice([0, 4]))


def check(town: "Town") -> None:
    """Each task says what its contacts say; each contact is a visit of its door; a leader who is
    asked sees the task as it is."""
    backend = town.backend
    with backend.store.read() as tx:
        found = all_records(tx, backend.home, "contact_task")
        shown = {
            (person["id"], one["id"]): one
            for person in tx.rows("select id from person")
            for one in feed.shown(tx, backend.home, f"person:{person['id']}", "pair_task")
        }
    tasks = [one for one in found if isinstance(one, ContactTask)]
    visits = {
        row["id"]: row
        for row in backend.rows("select id, type, household_id, withdrawn from visit")
    }
    wanted = {}
    for task in tasks:
        demand(told(task) == task, "contact task", f"{task} is not what its contacts say")
        for one in task.contacts:
            made = visits.get(one["id"])
            is_kept = made is not None and made["type"] == "weather" and not made["withdrawn"]
            demand(is_kept, "contact task", f"{one} of {task.id} is no visit")
        if task.assigned_to and not task.is_past:
            wanted[task.assigned_to, task.id] = task.state
    seen = {key: one["state"] for key, one in shown.items()}
    demand(seen == wanted, "pair task", f"leaders see {seen}, not {wanted}")
