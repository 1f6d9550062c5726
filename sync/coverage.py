"""The monthly duty towards older people in special difficulty: who counts, and who was reached.

The rate is the definition of the ministries: distinct people with an effective contact in the
calendar month, out of all of them less those in hospital, in an institution or away.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sync.care import PAUSED, SPECIAL_ELDER, age_on, is_active
from sync.records import Resident

OLD_FROM = 60


class Coverage(NamedTuple):
    """`counted` is what the rate is out of; `apart` says how many are not counted, by status."""

    reached: int
    counted: int
    apart: dict[str, int]

    @property
    def left(self) -> int:
        return self.counted - self.reached

    @property
    def per_mille(self) -> int:
        """Rounded down, so that only everybody is 100 %."""
        return self.reached * 1000 // self.counted if self.counted else 0


def is_special_elder(resident: Resident, today: str) -> bool:
    """On the register: 60 and over, or of unknown age, with a category of special difficulty."""
    age = age_on(resident.birth_on, today)
    old = age < 0 or age >= OLD_FROM
    return old and is_active(resident) and bool(SPECIAL_ELDER & set(resident.categories))


def apart(resident: Resident, on: str) -> str:
    """Why a person is shown apart on a day: the status they are away with, until it ends."""
    is_away = resident.status in PAUSED and not "" < resident.status_until < on
    return resident.status if is_away else ""


def is_counted(resident: Resident, today: str) -> bool:
    return is_special_elder(resident, today) and not apart(resident, today)


def is_reached(resident: Resident, today: str) -> bool:
    """An effective contact with this person in the month of `today`."""
    return resident.last_contact_on >= first_of_month(today)


def coverage(residents: Iterable[Resident], today: str) -> Coverage:
    """How far the month of `today` has come."""
    special = [one for one in residents if is_special_elder(one, today)]
    counted = [one for one in special if is_counted(one, today)]
    away = Counter(why for one in special if (why := apart(one, today)))
    reached = sum(is_reached(one, today) for one in counted)
    return Coverage(reached, len(counted), dict(sorted(away.items())))


def first_of_month(on: str) -> str:
    return on[:8] + "01"
