"""What pages say, words, care and respect: the same on the phone, from the same files."""

import json
from typing import Any

import pytest

from server.field.shelf import empty
from server.field.words import LOCALE
from sync import days
from sync.records import KINDS
from tests import drawn
from tests.browser.rig import VECTORS


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("utf-8"))


def test_a_page_says_the_same_on_the_phone(blank):
    cases = drawn.cases()
    shelves = {name: drawn.records(name) for name in drawn.READERS}

    found = blank.evaluate(
        """async ([cases, shelves]) => {
            const { VIEWS } = await import("/phone/views/index.js");
            const { makeShelf } = await import("/phone/shelf.js");
            const said = ({ view, shelf, params, now, settings }) =>
                VIEWS[view](makeShelf(shelves[shelf]), params, now, settings);
            return cases.map(said);
        }""",
        [cases, shelves],
    )

    for case, context in zip(cases, found, strict=True):
        assert context == vectors(f"views/{case['name']}.json"), case["name"]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_words_are_the_same_on_the_phone(blank, lang):
    known = vectors("words.json")[lang]
    files = [json.loads((LOCALE / name).read_text("utf-8")) for name in ("labels.json", "en.json")]

    found = blank.evaluate(
        """async ([lang, labels, english, known]) => {
            const { makeWords } = await import("/phone/words.js");
            const { filters, globals } = makeWords({ labels, english, lang });
            const say = { ...filters, ...globals };
            const answer = (name) => known[name].map((one) => say[name](...one.slice(0, -1)));
            return Object.fromEntries(Object.keys(known).map((name) => [name, answer(name)]));
        }""",
        [lang, *files, known],
    )

    assert found == {name: [case[-1] for case in cases] for name, cases in known.items()}


def test_a_door_is_due_the_same_day_on_the_phone(blank):
    known = vectors("care.json")

    found = blank.evaluate(
        """async ({ today, intervals, doors, early }) => {
            const care = await import("/phone/care.js");
            const { plan } = await import("/phone/plans.js");
            const said = ({ household, residents, festivals }) => {
                const at = plan(household, residents, intervals, festivals, today);
                return {
                    household, residents, festivals, plan: at, sign: care.sign(at.interval),
                    categories: care.householdCategories(household, residents, today),
                    ages: residents.map((one) => care.ageOn(one.birth_on, today)),
                };
            };
            const may = ([on, days]) => [on, days, Number(care.mayBeEarly(on, days, today))];
            const { DEFAULT_INTERVALS } = care;
            const found = { doors: doors.map(said), early: early.map(may) };
            return { today, intervals: DEFAULT_INTERVALS, ...found };
        }""",
        known,
    )

    assert found == known


def test_a_household_is_spared_the_same_on_the_phone(blank):
    known = vectors("respect.json")

    found = blank.evaluate(
        """async ({ community, cases }) => {
            const { advice, knocksInWeek } = await import("/phone/respect.js");
            return cases.map((one) => ({
                ...one,
                knocks: knocksInWeek(one.visits, one.now.slice(0, 10), community.timezone),
                advice: advice(one.rest_until, one.visits, one.now, community),
            }));
        }""",
        known,
    )

    assert found == known["cases"]


def test_an_unknown_name_of_a_record_is_the_same_emptiness(blank):
    found = blank.evaluate('async () => (await import("/phone/shelf.js")).EMPTY')

    on_phones = KINDS.keys() - {"redirect"}
    assert found == {kind: empty(kind) for kind in on_phones}


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "UTC"])
def test_a_day_is_the_same_day_on_the_phone(blank, zone):
    instants = [f"{day}T{clock}.000Z" for day in DAYS for clock in CLOCKS]
    found = blank.evaluate(
        """async ([instants, zone]) => {
            const days = await import("/phone/days.js");
            return instants.map((one) => {
                const at = days.local(one, zone);
                const on = at.slice(0, 10);
                const week = [days.weekday(on), days.weekOf(on), days.after(on, 40)];
                return [at, ...week, days.between(on, "2026-01-01")];
            });
        }""",
        [instants, zone],
    )

    for instant, said in zip(instants, found, strict=True):
        at = days.local(instant, zone)
        on = at[:10]
        week = [days.weekday(on), days.week_of(on), days.after(on, 40)]
        assert said == [at, *week, days.between(on, "2026-01-01")]


DAYS = ["1970-01-01", "1990-07-01", "2024-02-29", "2026-03-08", "2026-11-01", "2026-12-31"]
CLOCKS = ["00:00:00", "05:59:59", "06:30:00", "07:00:00", "15:59:59", "16:00:00", "18:14:59"]


def test_words_of_an_issue_propose_the_same_on_the_phone(blank):
    known = vectors("issue_words.json")

    found = blank.evaluate(
        """async (said) => {
            const { QUICK, RULES, proposed } = await import("/phone/issue_words.js");
            return { quick: QUICK, rules: RULES, said: said.map(([one]) => [one, proposed(one)]) };
        }""",
        known["said"],
    )

    assert found == known
