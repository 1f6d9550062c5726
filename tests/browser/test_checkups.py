"""What phones show of checkups before the server has answered is what the rules will make of it."""

import json
from typing import Any

from tests import asking, looked_for
from tests.browser.test_vectors import vectors
from tests.vectors.asked import after, told

HISTORIES = 150

# As text: a browser takes and gives large values value by value otherwise.
FOLLOW = """async (told) => {
    const { now, person, community, before, histories } = JSON.parse(told);
    const { apply } = await import("/phone/effects.js");
    const { makeTown, overlay } = await import("/phone/town.js");
    const { DEFAULT_INTERVALS } = await import("/phone/care.js");
    const { day } = await import("/phone/days.js");
    const intervals = { ...DEFAULT_INTERVALS, ...community.intervals };
    const scene = { person, community, intervals, today: day(now, community.timezone), now };
    const after = (operations) => {
        const town = overlay(makeTown([JSON.parse(JSON.stringify(before))]));
        for (const one of operations) apply(one, town, scene);
        return town.list();
    };
    return JSON.stringify(histories.map(after));
}"""


def followed(blank: Any, histories: list[Any]) -> list[list[list[Any]]]:
    """What the phone's modules show after each history."""
    known = vectors("checkups.json")
    asked = {name: known[name] for name in ("now", "person", "community")}
    said = {**asked, "before": asking.before(), "histories": histories}
    found = json.loads(blank.evaluate(FOLLOW, json.dumps(said)))
    return [
        told((f"{kind} {one['id']}", one) for kind, one in town if kind != "checklist")
        for town in found
    ]


def test_the_phone_follows_up_what_people_answered(blank):
    cases = vectors("checkups.json")["cases"]

    found = followed(blank, [case["operations"] for case in cases])

    for case, shown in zip(cases, found, strict=True):
        assert shown == case["after"], case["about"]


def test_the_phone_and_the_rules_agree_on_made_up_histories(blank):
    histories = [asking.history(seed) for seed in range(HISTORIES)]

    found = followed(blank, histories)

    for seed, (operations, shown) in enumerate(zip(histories, found, strict=True)):
        assert shown == after(operations), f"seed {seed}"


def test_the_phone_and_the_rules_agree_on_who_is_looked_for(blank):
    histories = [looked_for.history(seed) for seed in range(HISTORIES)]

    found = followed(blank, histories)

    for seed, (operations, shown) in enumerate(zip(histories, found, strict=True)):
        assert shown == after(operations), f"seed {seed}"
