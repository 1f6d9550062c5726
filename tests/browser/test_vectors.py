"""What Python and the phone must agree on, from the same files."""

import json
from typing import Any

from tests.browser.rig import VECTORS


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("utf-8"))


def test_the_phone_works_out_the_same_ledger(blank):
    known = vectors("ledger.json")

    hashes, heads, codes = blank.evaluate(
        """async ({ operations }) => {
            const { hashOf, extend, code } = await import("/phone/ledger.js");
            const hashes = await Promise.all(operations.map(hashOf));
            const heads = [await extend("", [])];
            for (const one of hashes) heads.push(await extend(heads[heads.length - 1], [one]));
            return [hashes, heads, heads.map(code)];
        }""",
        known,
    )

    assert hashes == known["hashes"]
    assert heads == known["heads"]
    assert codes == known["codes"]


def test_the_phone_works_out_the_same_digest_of_a_stream(blank):
    steps = vectors("digest.json")["steps"]

    found = blank.evaluate(
        """async (steps) => {
            const { changed, digest } = await import("/phone/streams.js");
            const found = [];
            let text = "";
            for (const { changes } of steps) {
                text = changed(text, changes);
                found.push(await digest(text));
            }
            return found;
        }""",
        steps,
    )

    assert found == [step["digest"] for step in steps]


def test_a_record_is_kept_as_the_very_bytes_that_came(blank):
    records = [
        '{"a":1.0,"b":{"c":[1e2,-0,"}]\\"\\\\"]},"d":12345678901234567890}',
        '{ "spaced" : [ true , null , "\\u0041é👍" ] , "e" : { } }',
        "null",
        "{}",
    ]
    changes = ",".join(f'{{"kind":"visit", "record":{one} ,"id":"x"}}' for one in records)

    found = blank.evaluate(
        """async (text) => {
            const { items, members } = await import("/phone/raw.js");
            return items(members(text).changes).map((one) => members(one).record);
        }""",
        f'{{"epoch":"é\\"","changes": [{changes}] ,"more":false}}',
    )

    assert found == records


# What the server alone decides, and the phone does not guess (tests/sync/test_effects.py).
SERVERS_OWN = ("version", "received_at", "questions", "review")


def test_the_phone_shows_what_the_rules_will_make_of_it(blank):
    known = vectors("effects.json")

    found = blank.evaluate(
        """async ({ now, person, community, cases }) => {
            const { apply } = await import("/phone/effects.js");
            const { makeTown, overlay } = await import("/phone/town.js");
            const { DEFAULT_INTERVALS } = await import("/phone/care.js");
            const { day } = await import("/phone/days.js");
            const intervals = { ...DEFAULT_INTERVALS, ...community.intervals };
            const today = day(now, community.timezone);
            const scene = { person, community, intervals, today, now };
            return cases.map(({ before, operation }) => {
                const town = overlay(makeTown([before]));
                apply(operation, town, scene);
                return town.list();
            });
        }""",
        known,
    )

    for case, records in zip(known["cases"], found, strict=True):
        before = {(kind, one["id"]): own(one) for kind, one in case["before"]}
        after = {(kind, one["id"]): own(one) for kind, one in records}
        differs = [[kind, after[kind, id]] for kind, id in sorted(after)]
        changed = [one for one in differs if before.get((one[0], one[1]["id"])) != one[1]]
        assert changed == case["after"], case["about"]


def test_what_is_done_about_an_issue_shows_on_the_phone_at_once(blank):
    known = vectors("issue_effects.json")

    found = blank.evaluate(
        """async ({ now, person, cases }) => {
            const { apply } = await import("/phone/effects.js");
            const { makeTown, overlay } = await import("/phone/town.js");
            const scene = { person, community: {}, intervals: {}, today: now.slice(0, 10), now };
            return cases.map(({ before, operation }) => {
                const town = overlay(makeTown([before]));
                apply(operation, town, scene);
                const id = operation.data.id || operation.id;
                return { issue: town.get("issue", id), report: town.get("report", id) };
            });
        }""",
        known,
    )

    for case, held in zip(known["cases"], found, strict=True):
        for kind in ("issue", "report"):
            shown = {name: (held[kind] or {}).get(name) for name in case[kind]}
            assert shown == case[kind], (case["about"], kind)


def test_the_phone_knows_which_issues_may_be_the_same(blank):
    known = vectors("issue_effects.json")

    found = blank.evaluate(
        """async ({ now, near }) => {
            const { isNear } = await import("/phone/issues.js");
            return near.map((one) => Number(isNear(one.issue, one.building_id, one.category, now)));
        }""",
        known,
    )

    assert found == [one["near"] for one in known["near"]]
    assert set(found) == {0, 1}


def own(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value and name not in SERVERS_OWN}


def test_a_checklist_stands_the_same_on_the_phone(blank):
    cases = vectors("filling.json")

    found = blank.evaluate(
        """async (cases) => {
            const { standing } = await import("/phone/filling.js");
            const said = ({ checklist, own, same, last, facts }) =>
                standing(checklist, own, same, last, facts);
            return cases.map(said);
        }""",
        cases,
    )

    assert found == [case["standing"] for case in cases]


def test_a_form_means_the_same_on_the_phone(blank):
    cases = vectors("forms.json")

    found = blank.evaluate(
        """async ([cases, asking]) => {
            const names = ["forms", "contact_forms", "weather_forms", "issue_forms"];
            const modules = await Promise.all(names.map((name) => import(`/phone/${name}.js`)));
            const forms = Object.assign({}, ...modules);
            const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
            const given = (one) => (one === "asking" ? asking : one);
            return cases.map(({ form, args }) => forms[camel(form)](...args.map(given)));
        }""",
        [cases, vectors("forms_asking.json")],
    )

    for case, one in zip(cases, found, strict=True):
        assert one == {name: case[name] for name in ("data", "error", "field")}, case["name"]


def test_a_tap_about_a_warning_means_the_same_on_the_phone(blank):
    cases = vectors("alert_forms.json")

    found = blank.evaluate(
        """async (cases) => {
            const forms = await import("/phone/alert_forms.js");
            return cases.map(({ form, args }) => forms[form](...args));
        }""",
        cases,
    )

    for case, one in zip(cases, found, strict=True):
        assert one == {name: case[name] for name in ("data", "error", "field")}, case["name"]
