"""The monthly duty towards older people in special difficulty: who counts, and who was reached.

What a month comes to is added up in `months.py`.
"""

from sync.care import PAUSED, SPECIAL_ELDER, age_on, is_active
from sync.records import Resident

OLD_FROM = 60


def is_special_elder(resident: Resident, today: str) -> bool:
    """On the register: 60 and over, or of unknown age, with a category of special difficulty."""
    age = age_on(resident.birth_on, today)
    old = age < 0 or age >= OLD_FROM
    return old and is_active(resident) and bool(SPECIAL_ELDER & set(resident.categories))


def apart(resident: Resident, on: str) -> str:
    """Why a person is shown apart on a day: the status they are away with, until it ends."""
    is_away = resident.status in PAUSED and not "" < resident.status_until < on
    return resident.status if is_away else ""


def is_reached(resident: Resident, today: str) -> bool:
    """An effective contact with this person in the month of `today`."""
    return resident.last_contact_on >= first_of_month(today)


def first_of_month(on: str) -> str:
    return on[:8] + "01"
