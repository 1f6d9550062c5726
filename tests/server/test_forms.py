"""Field forms: the vectors that the phone's twin shares."""

import json
from pathlib import Path

import pytest

from server.field import alerts, contact_forms, forms, issue_forms, weather_forms
from sync.operations import read_data

VECTORS = Path(__file__).parents[1] / "vectors"
CASES = json.loads((VECTORS / "forms.json").read_text())
ABOUT_WARNINGS = json.loads((VECTORS / "alert_forms.json").read_text())
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
    "alert_contact": "alert.contact",
    "life_event": "life_event.record",
    "proposal": "resident.change",
    "acknowledging": "alert.acknowledge",
    "forwarding": "alert.forward",
    "confirming": "alert.confirm",
    "unreached": "alert.unreachable",
    "stepping": "issue.step",
}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_form_becomes_data_or_a_sentence(case):
    args = [ASKING if one == "asking" else one for one in case["args"]]
    among = (forms, contact_forms, weather_forms, issue_forms)
    taken = next(one for one in among if hasattr(one, case["form"]))
    got = getattr(taken, case["form"])(*args)

    assert got._asdict() == {name: case[name] for name in ("data", "error", "field")}
    assert bool(got.data) != bool(got.error)


@pytest.mark.parametrize("case", ABOUT_WARNINGS, ids=[case["name"] for case in ABOUT_WARNINGS])
def test_a_tap_about_a_warning_becomes_data_or_a_sentence(case):
    got = getattr(alerts, case["form"])(*case["args"])

    assert got._asdict() == {name: case[name] for name in ("data", "error", "field")}


def test_what_a_form_makes_fits_its_operation():
    """With ids as they really are, every accepted form is data that the rules can read."""
    text = json.dumps([*CASES, *ABOUT_WARNINGS], ensure_ascii=False)
    for name in ("h1", "r1", "r2", "v1", "c1", "t1", "t2", "w1", "i1", "b1", "b2"):
        number = f"{ord(name[0]):04x}{name[1]:0>8}"
        text = text.replace(f'"{name}"', f'"00000000-0000-7000-8000-{number}"')

    for case in json.loads(text):
        if case["data"]:
            kind = "issue.join" if "id" in case["data"] else "issue.raise"
            read_data(KIND.get(case["form"], kind), json.dumps(case["data"]).encode())
