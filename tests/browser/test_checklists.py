"""Checklists mean the same on the phone: expressions, what shows, what is wrong, what is flagged."""

import json
from typing import Any

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
