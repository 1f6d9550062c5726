"""Field forms: the vectors that the phone's twin shares."""

import json
from pathlib import Path

import pytest

from server.field import contact_forms, forms
from sync.operations import read_data

VECTORS = Path(__file__).parents[1] / "vectors"
CASES = json.loads((VECTORS / "forms.json").read_text())
# Who can be asked what, for the cases that name it.
ASKING = json.loads((VECTORS / "forms_asking.json").read_text())
KIND = {
    "visit": "visit.record",
    "correction": "visit.correct",
    "contact_change": "contact.change",
    "contact_add": "contact.add",
    "closing": "followup.close",
    "feedback": "feedback.send",
    "pairing_contact": "pairing.contact",
    "life_event": "life_event.record",
}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_form_becomes_data_or_a_sentence(case):
    args = [ASKING if one == "asking" else one for one in case["args"]]
    taken = contact_forms if case["form"].startswith("contact") else forms
    got = getattr(taken, case["form"])(*args)

    assert got._asdict() == {name: case[name] for name in ("data", "error", "field")}
    assert bool(got.data) != bool(got.error)


def test_what_a_form_makes_fits_its_operation():
    """With ids as they really are, every accepted form is data that the rules can read."""
    text = json.dumps(CASES, ensure_ascii=False)
    for name in ("h1", "r1", "r2", "v1", "c1", "t1", "t2", "w1"):
        number = f"{ord(name[0]):04x}{name[1]:0>8}"
        text = text.replace(f'"{name}"', f'"00000000-0000-7000-8000-{number}"')

    for case in json.loads(text):
        if case["data"]:
            read_data(KIND[case["form"]], json.dumps(case["data"]).encode())
