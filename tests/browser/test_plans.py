"""The phone plans a door as the server does, whatever comes together at it."""

import random

from tests import random_doors

DOORS = 2000


def test_two_thousand_doors_are_planned_alike(blank):
    cases = [random_doors.case(random.Random(seed)) for seed in range(DOORS)]

    found = blank.evaluate(
        """async (cases) => {
            const { plan } = await import("/phone/plans.js");
            return cases.map((one) =>
                plan(one.household, one.residents, one.intervals, one.festivals, one.today));
        }""",
        cases,
    )

    for case, plan in zip(cases, found, strict=True):
        assert plan == random_doors.planned(case)._asdict(), case
