"""The phone plans a door as the server does, whatever comes together at it."""

import json
import random

from tests import random_doors, random_effects
from tests.browser.test_vectors import own
from tests.sync.test_effects import CASES, follow

DOORS, VISITS = 2000, 1000


def test_two_thousand_doors_are_planned_alike(blank):
    cases = [random_doors.case(random.Random(seed)) for seed in range(DOORS)]

    found = blank.evaluate(
        """async (cases) => {
            const { plan } = await import("/phone/plans.js");
            return JSON.stringify(JSON.parse(cases).map((one) =>
                plan(one.household, one.residents, one.intervals, one.festivals, one.today)));
        }""",
        json.dumps(cases),
    )

    for case, plan in zip(cases, json.loads(found), strict=True):
        assert plan == random_doors.planned(case)._asdict(), case


def test_a_thousand_visits_near_midnight_do_the_same_on_the_phone(blank):
    """Month ends, leap days, clocks that run ahead, people away or gone, pairs, festivals."""
    cases = [random_effects.case(random.Random(seed), CASES) for seed in range(VISITS)]

    found = blank.evaluate(
        """async (cases) => {
            const { apply } = await import("/phone/effects.js");
            const { makeTown, overlay } = await import("/phone/town.js");
            const { day } = await import("/phone/days.js");
            const after = ({ now, person, community, before, operation }) => {
                const town = overlay(makeTown([before]));
                const today = day(now, community.timezone);
                const { intervals } = community;
                apply(operation, town, { person, community, intervals, today, now });
                return town.list();
            };
            return JSON.stringify(JSON.parse(cases).map(after));
        }""",
        json.dumps(cases),
    )

    for case, records in zip(cases, json.loads(found), strict=True):
        before = {(kind, one["id"]): own(one) for kind, one in case["before"]}
        after = {(kind, one["id"]): own(one) for kind, one in records}
        differs = [[kind, after[kind, id]] for kind, id in sorted(after)]
        changed = [one for one in differs if before.get((one[0], one[1]["id"])) != one[1]]
        assert changed == follow(case, case), case
