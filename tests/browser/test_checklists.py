"""Checklists mean the same on the phone: expressions, what shows, what is wrong and flagged."""

import json
from typing import Any

import msgspec

from sync.checklist_rules import asked, calculated, flags, problems
from sync.checklists import Checklist
from sync.default_checklists import default_checklists
from tests import random_answers
from tests.browser.rig import VECTORS


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("utf-8"))


def test_an_expression_means_the_same_on_the_phone(blank):
    known = vectors("expressions.json")

    values, errors, used = blank.evaluate(
        """async ({ context, values, errors, names: named }) => {
            const { ExpressionError, names, parse } = await import("/phone/expressions.js");
            const { evaluate } = await import("/phone/evaluation.js");
            const answers = new Map(Object.entries(context.answers));
            const scene = { ...context, answers, isWorse: context.worse };
            const why = (text) => {
                try {
                    return parse(text);
                } catch (error) {
                    if (!(error instanceof ExpressionError)) throw error;
                    return [error.reason, error.position];
                }
            };
            const worth = ([text]) => JSON.stringify([text, evaluate(parse(text), scene)]);
            return [
                Object.values(values).map((cases) => cases.map(worth)),
                errors.map(([text]) => [text, ...why(text)]),
                named.map(([text]) => [text, [...names(parse(text))].sort()]),
            ];
        }""",
        known,
    )

    for cases, found in zip(known["values"].values(), values, strict=True):
        assert [told(json.loads(one)) for one in found] == [told(case) for case in cases]
    assert errors == known["errors"]
    assert used == known["names"]


def told(case: Any) -> Any:
    """A case with the type of its value, as true equals 1 in Python."""
    said, value = case
    return (said, isinstance(value, bool), value)


RULES = """async ([lists, cases]) => {
    const { asked, calculated, flags, problems } = await import("/phone/checklists.js");
    const known = lists.map((text) => JSON.parse(text));
    const all = [asked, problems, flags, calculated];
    return JSON.parse(cases).map(([at, ...said]) =>
        JSON.stringify(all.map((rule) => rule(known[at], ...said))));
}"""


def test_a_checklist_works_the_same_on_the_phone(blank):
    known = vectors("checklists.json")
    checklist = msgspec.convert(known["checklist"], Checklist)
    cases = [(0, one["values"], one["last"], one["facts"]) for one in known["cases"]]

    found = blank.evaluate(RULES, [[wire(checklist)], json.dumps(cases)])

    for case, said in zip(known["cases"], found, strict=True):
        shows, wrong, raised, worked = json.loads(said)
        assert shows == case["asked"], case["about"]
        assert wrong == case["problems"], case["about"]
        assert [[one["question"], one["flag"]] for one in raised] == case["flags"], case["about"]
        assert tidy(worked) == tidy(case["calculated"]), case["about"]


def test_two_thousand_visits_mean_the_same_on_the_phone(blank):
    tried = msgspec.convert(vectors("checklists.json")["checklist"], Checklist)
    lists = [*default_checklists(), tried]
    cases = [(seed % 8, *random_answers.case(seed, lists[seed % 8])) for seed in range(2400)]

    found = blank.evaluate(RULES, [[wire(one) for one in lists], json.dumps(cases)])

    for seed, ((at, *said), answer) in enumerate(zip(cases, found, strict=True)):
        rules = (asked, problems, flags, calculated)
        expected = [msgspec.to_builtins(rule(lists[at], *said)) for rule in rules]
        assert tidy(json.loads(answer)) == tidy(expected), (seed, lists[at].code)


def wire(checklist: Checklist) -> str:
    return msgspec.json.encode(checklist).decode()


def tidy(value: Any) -> str:
    """As JSON, with whole numbers written one way and names in order."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
