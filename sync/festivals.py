"""The days of the four festivals when every old person is looked after once more.

They follow the moon, so they are a table: the community keeps those of this year and the next, and
its office may set others.
"""

from collections.abc import Sequence

# Month and day of spring, dragon boat, mid-autumn and double ninth by the Chinese calendar.
_DAYS: dict[int, tuple[str, str, str, str]] = {
    2024: ("02-10", "06-10", "09-17", "10-11"),
    2025: ("01-29", "05-31", "10-06", "10-29"),
    2026: ("02-17", "06-19", "09-25", "10-18"),
    2027: ("02-06", "06-09", "09-15", "10-08"),
    2028: ("01-26", "05-28", "10-03", "10-26"),
    2029: ("02-13", "06-16", "09-22", "10-16"),
    2030: ("02-03", "06-05", "09-12", "10-05"),
    2031: ("01-23", "06-24", "10-01", "10-24"),
    2032: ("02-11", "06-12", "09-19", "10-12"),
    2033: ("01-31", "06-01", "09-08", "10-01"),
    2034: ("02-19", "06-20", "09-27", "10-20"),
    2035: ("02-08", "06-10", "09-16", "10-09"),
}
NAMES = ("spring", "dragon_boat", "mid_autumn", "double_ninth")


def of_year(year: int) -> list[list[str]]:
    """[name, day] of a year's festivals, by day; none of a year that the table lacks."""
    days = _DAYS.get(year, ())
    return [[name, f"{year}-{day}"] for name, day in zip(NAMES, days, strict=False)]


def current(known: Sequence[Sequence[str]], today: str) -> list[list[str]]:
    """Those of this year and the next: as the community has set them, else by the table."""
    year = int(today[:4])
    found: list[list[str]] = []
    for one in (year, year + 1):
        own = [list(feast) for feast in known if feast[1].startswith(f"{one}-")]
        found += own or of_year(one)
    return sorted(found, key=lambda feast: feast[1])
