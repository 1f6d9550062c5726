"""The language of checklists: what a text means, and why it is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync.evaluation import Context, holds, meaning, text, value_of
from sync.expressions import ExpressionError, names, parse, readable

VECTORS = Path(__file__).parents[1] / "vectors"
KNOWN = json.loads((VECTORS / "expressions.json").read_text("utf-8"))
SAID = KNOWN["context"]
CONTEXT = Context(
    answers={name: value_of(raw) for name, raw in SAID["answers"].items()},
    facts=SAID["facts"],
    own=SAID["own"],
    last=SAID["last"],
    is_worse=SAID["worse"],
)


def told(value: Any) -> Any:
    """A value with its type, as true equals 1 in Python."""
    return (isinstance(value, bool), list(value) if isinstance(value, tuple) else value)


def worth(said: str) -> Any:
    found = meaning(said)
    assert found is not None, said
    return found(CONTEXT)


@pytest.mark.parametrize("about", KNOWN["values"])
def test_expressions_have_these_values(about):
    for said, expected in KNOWN["values"][about]:
        assert told(worth(said)) == told(expected), said


@pytest.mark.parametrize(("said", "reason", "position"), KNOWN["errors"])
def test_what_is_no_expression_says_why_and_where(said, reason, position):
    with pytest.raises(ExpressionError) as caught:
        parse(said)

    assert (caught.value.reason, caught.value.position) == (reason, position)


@pytest.mark.parametrize(("said", "used"), KNOWN["names"])
def test_an_expression_tells_which_answers_it_uses(said, used):
    assert sorted(names(parse(said))) == used


@pytest.mark.parametrize("otherwise", [True, False])
def test_what_cannot_be_read_is_left_to_the_caller(otherwise):
    assert readable("later_function(1)") is None
    assert holds("later_function(1)", CONTEXT, otherwise) is otherwise
    assert holds("", CONTEXT, otherwise) is otherwise


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3.0, "3"),
        (-0.0, "0"),
        (1e-9, "0"),
        (0.0078125, "0.007813"),
        (-0.0078125, "-0.007813"),
        (123456789012345.0, "123456789012345"),
        (999999999999999.9, "999999999999999.875"),
        (100.0, "100"),
        (True, "1"),
        (("a", "b"), "a b"),
    ],
)
def test_a_number_is_written_with_at_most_six_decimals(value, written):
    assert text(value) == written


@pytest.mark.parametrize("raw", [None, True, {}, float("nan"), float("inf"), 10**400, 1e15])
def test_what_is_no_answer_is_empty(raw):
    assert value_of(raw) == ""
