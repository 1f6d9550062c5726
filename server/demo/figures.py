"""How many of everything the demo community has, at full size and scaled."""

from dataclasses import dataclass, fields

FULL_HOUSEHOLDS = 3300
FEWEST_HOUSEHOLDS = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """Independent counts. Persons unless the name says otherwise."""

    households: int = FULL_HOUSEHOLDS
    vacant: int = 184
    residents: int = 8680
    children: int = 1215
    elders: int = 1215
    aged_65: int = 825
    aged_80: int = 190
    aged_90: int = 24
    tenant_households: int = 924
    living_alone: int = 230
    living_alone_80: int = 62
    empty_nest_couples: int = 205
    empty_nest_couples_80: int = 23
    functional_loss: int = 62
    dementia: int = 26
    dementia_in_couples: int = 2
    severe_disability: int = 38
    disability: int = 84
    special_family: int = 11
    destitute_support: int = 6
    childless_alone: int = 14
    child_in_need: int = 6
    special_with_family: int = 50
    subsistence_households: int = 42
    subsistence_persons: int = 91
    edge_households: int = 18
    edge_persons: int = 41
    hardship_households: int = 36
    veterans: int = 150
    party_members: int = 430
    volunteers: int = 620
    phone_households: int = 3036
    emergency_contacts: int = 984

    @property
    def empty_nest(self) -> int:
        return 2 * self.empty_nest_couples

    @property
    def special_elders(self) -> int:
        """Old people in special difficulty: alone, as a couple alone, or frail in a family. 690."""
        return self.living_alone + self.empty_nest + self.special_with_family

    @property
    def high_risk(self) -> int:
        """What follows by rule: 62 + 46 of 80 and over alone or as a couple, 24 more with dementia.

        132 at full size, the number the community plans with. Two of the 26 with dementia are
        among the 46; nobody is added for illness, because no category says so.
        """
        couples = 2 * self.empty_nest_couples_80
        return self.living_alone_80 + couples + self.dementia - self.dementia_in_couples


FULL = Figures()


def scaled(households: int) -> Figures:
    """The same community with fewer or more doors.

    Every count is the full one times households / 3300, rounded half up. Old people living alone
    and old couples alone never round to none, and the counts that contain others are raised to
    hold them. An old couple counts twice, so the number of people in an empty nest is even.
    """
    if households < FEWEST_HOUSEHOLDS:
        raise ValueError(f"the demo community needs at least {FEWEST_HOUSEHOLDS} households")
    size = {one.name: _share(getattr(FULL, one.name), households) for one in fields(FULL)}
    for least_one in ("living_alone", "living_alone_80", "empty_nest_couples"):
        size[least_one] = max(1, size[least_one])
    aged_80 = size["living_alone_80"] + 2 * size["empty_nest_couples_80"]
    size["aged_80"] = max(size["aged_80"], aged_80)
    size["aged_65"] = max(size["aged_65"], size["aged_80"])
    alone = size["living_alone"] + 2 * size["empty_nest_couples"]
    for few, many in (
        ("dementia_in_couples", "dementia"),
        ("dementia_in_couples", "empty_nest_couples_80"),
        ("childless_alone", "living_alone"),
        ("destitute_support", "childless_alone"),
    ):
        size[few] = min(size[few], size[many])
    with_family = size["dementia"] - size["dementia_in_couples"]
    size["special_with_family"] = max(size["special_with_family"], with_family)
    size["functional_loss"] = max(size["functional_loss"], with_family)
    size["elders"] = max(size["elders"], size["aged_65"], alone + size["special_with_family"])
    for households_of, persons in (
        ("subsistence_households", "subsistence_persons"),
        ("edge_households", "edge_persons"),
    ):
        size[persons] = max(size[persons], size[households_of]) if size[households_of] else 0
    return Figures(**size)


def _share(full: int, households: int) -> int:
    return (2 * full * households + FULL_HOUSEHOLDS) // (2 * FULL_HOUSEHOLDS)
