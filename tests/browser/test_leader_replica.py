"""A building leader's phone holds names and doors: no answer, no category, no word of why."""

import json
import sqlite3
from typing import Any, get_args

import pytest

from sync.operations import Category
from tests.browser.walking import ready, sign_in

# Everything in every database of this origin, as text.
EVERYTHING = """async () => {
    const found = [];
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((resolve, reject) => {
            const opening = indexedDB.open(name);
            opening.onsuccess = () => resolve(opening.result);
            opening.onerror = () => reject(opening.error);
        });
        for (const store of db.objectStoreNames) {
            const rows = await new Promise((resolve, reject) => {
                const reading = db.transaction(store).objectStore(store).getAll();
                reading.onsuccess = () => resolve(reading.result);
                reading.onerror = () => reject(reading.error);
            });
            found.push(`${name}/${store}`, ...rows.map((row) => JSON.stringify(row)));
        }
        db.close();
    }
    return found.join("\\n");
}"""
# A flat that stands empty says so in its tenure, which leaders know.
CATEGORIES = sorted(set(get_args(Category)) - {"vacant"} | {"high_risk_elder"})

ASKED_MOST = """
    select answers.building_id, leader.username, worker.username
    from answers
    join person_building as led on led.building_id = answers.building_id
    join person as leader on leader.id = led.person_id and leader.role = 'leader'
    join person_building as held on held.building_id = answers.building_id
    join person as worker on worker.id = held.person_id and worker.role in ('worker', 'chief')
    group by 1, 2, 3
    order by count(*) desc, 1, 3 limit 1
"""


def rows(made: Any, sql: str, *given: str) -> list[Any]:
    with sqlite3.connect(made) as db:
        found = db.execute(sql, given).fetchall()
    db.close()
    return found


@pytest.fixture
def told(community):
    """A building where people were asked, and who looks after it; their names and answers."""
    ((building, leader, worker),) = rows(community.made, ASKED_MOST)
    answers = rows(community.made, "select items from answers where building_id = ?", building)
    names = rows(
        community.made,
        "select name from resident where building_id = ? and status = 'living'",
        building,
    )
    asked = {
        one["asked"]
        for (items,) in answers
        for one in json.loads(items).values()
        if one.get("asked")
    }
    assert len(asked) > 10
    return {"leader": leader, "worker": worker, "names": [one for (one,) in names], "asked": asked}


def held_by(browser: Any, origin: str, username: str) -> str:
    context = browser.new_context(base_url=origin)
    try:
        page = context.new_page()
        sign_in(page, origin, username)
        ready(page)
        text: str = page.evaluate(EVERYTHING)
    finally:
        context.close()
    # Records are kept as texts, and so their quotes as escapes within the text of a row.
    return text.replace("\\", "")


def told_in(text: str, asked: set[str]) -> set[str]:
    """What a database says of how somebody is."""
    words = {f'"{one}"' for one in CATEGORIES} | asked | {"CK-ELDER", '"consent"', '"checkups"'}
    return {one for one in words if one in text}


def test_a_leaders_phone_holds_no_answer_and_no_category(browser, community_server, told):
    leaders = held_by(browser, community_server.origin, told["leader"])

    assert all(name in leaders for name in told["names"])
    assert told_in(leaders, told["asked"]) == set()


def test_the_phone_of_who_goes_there_holds_both(browser, community_server, told):
    """So that the test above looks for what there is, and where it would be."""
    workers = held_by(browser, community_server.origin, told["worker"])

    assert told["asked"] - told_in(workers, told["asked"]) <= restricted(told["asked"])
    assert {'"consent"', '"checkups"'} <= told_in(workers, set())
    assert any(f'"{one}"' in workers for one in CATEGORIES)


def restricted(asked: set[str]) -> set[str]:
    """What is asked for the office alone: the question is on no phone as an answer."""
    return {one for one in asked if "打骂" in one}
