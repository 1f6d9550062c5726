"""What is older than it may be kept goes: from records, phones and the log, and not before."""

import json
import re

import pytest

from server import forgetting, jobs
from server.store import check
from tests.server.asked_after import contact, warn
from tests.server.office import record
from tests.server.rosters import bring_in, csv_of, line
from tests.server.town import COMMUNITY, SECRET, ident

WORDS = "腰疼老毛病又犯了"
AT = "2026-09-15T09:31:00.000+08:00"


def send(worker, kind, data, n=1):
    """One operation from the worker's phone; its id."""
    said = {"id": ident("operation", f"{kind} {n}"), "n": n, "kind": kind, "at": AT, "data": data}
    assert worker.post("/sync", json={"ops": [said]}).status_code == 200
    return said["id"]


def night(town):
    """What went, by rule."""
    went = forgetting.every_rule(town.intake, COMMUNITY, SECRET)
    with town.store.read() as tx:
        assert list(check.faults(tx, town.clock.now, SECRET)) == []
    return {code: told for code, told in went.items() if told}


def one(town, sql, **values):
    with town.store.read() as tx:
        return tx.row(sql, **values)


def everything(town):
    """All that lies in the database, as one text; the trail stays for what it is."""

    def words(blob):
        return bytes.fromhex(blob[1]).decode("utf-8", "replace")

    with town.store.read() as tx:
        return re.sub("X'([0-9A-F]+)'", words, "\n".join(tx.connection.iterdump()))


def test_words_of_a_visit_go_after_five_years_and_the_visit_stays(town):
    visit = record(town, "worker1", "huang", note=WORDS, followup="看病陪一下")
    assert WORDS in everything(town)
    town.clock.pass_(days=5 * 365 - 1)
    assert night(town) == {}
    followup = one(town, "select id from followup where id = :id", id=visit)
    close = {"id": followup["id"], "result": "陪过了", "note": "大女儿一起去的"}
    town.submit("office1", "followup.close", close)
    town.clock.pass_(days=2)

    assert night(town) == {"visits": {"visits": 1}}
    town.clock.pass_(days=5 * 365)
    assert night(town) == {"visits": {"followups": 1}}

    left = one(town, "select note, followup, result from visit where id = :id", id=visit)
    assert left == {"note": "", "followup": "", "result": "met"}
    text = everything(town)
    assert not [said for said in (WORDS, "看病陪一下", "陪过了", "大女儿") if said in text]


def test_an_open_matter_holds_everything_of_its_door(town):
    record(town, "worker1", "huang", note=WORDS, followup="修灯")
    record(town, "worker1", "liang", note="都好")
    town.clock.pass_(days=5 * 365 + 1)

    assert "另有 1 条因为事情没完" in town["office1"].get("/office/retention").text
    assert night(town) == {"visits": {"visits": 1}}
    assert WORDS in everything(town)


def test_a_hold_that_never_was_does_not_end(office):
    url = "/office/retention/holds/01a20977-27f4-7315-acef-728c8ca3d0ab/ends"

    assert office.submit(url).status_code == 404


def test_a_door_that_is_held_stays_until_it_is_not(town, office):
    record(town, "worker1", "liang", note=WORDS)
    asked = {"door": "红棉苑3栋2单元301", "reason": "投诉还在查"}
    held = office.submit("/office/retention/holds", **asked)
    assert "红棉苑" in held.text and "投诉还在查" in held.text
    assert len(town.audit("retention.hold")) == 1
    town.clock.pass_(days=5 * 365 + 1)
    assert "visits" not in night(town)

    hold = one(town, "select id from retention_hold")["id"]
    for _ in range(2):
        office = town["office1"]
        office.submit(f"/office/retention/holds/{hold}/ends")
    town.clock.pass_(days=1)

    assert night(town) == {"visits": {"visits": 1}}
    assert len(town.audit("retention.release")) == 1


def test_whoever_is_gone_a_year_is_a_surname(town):
    person, door = town.resident("huang"), town.household("huang")
    town.submit(
        "office1",
        "contact.add",
        {
            "household_id": door,
            "resident_id": person,
            "phone": "19912340702",
            "name": "黄大妹",
            "relation": "daughter",
        },
    )
    town.clock.pass_(days=400)
    gone = {"id": person, "changes": {"status": "deceased"}}
    town.submit("office1", "resident.change", gone, 1)
    town.clock.pass_(days=364)
    assert night(town) == {}
    town.clock.pass_(days=2)

    assert night(town) == {"people": {"people": 1}}
    town.clock.pass_(days=1)
    assert night(town) == {}

    left = one(town, "select name, birth_on, categories from resident where id = :id", id=person)
    assert left == {"name": "黄**", "birth_on": "", "categories": "[]"}
    text = everything(town)
    assert not [said for said in ("黄秀珍", "19912340702", "黄大妹", "1940-03-02") if said in text]


def test_who_was_merged_into_somebody_gone_goes_with_them(town):
    person = town.resident("huang")
    twin = {
        "household_id": town.household("huang"),
        "name": "黄秀贞",
        "birth_on": "1940-02-03",
    }
    twin_id = town.submit("office1", "resident.add", twin).id
    town.submit("office1", "resident.merge", {"keep": person, "drop": twin_id})
    version = one(town, "select version from resident where id = :id", id=person)["version"]
    gone = {"id": person, "changes": {"status": "deceased"}}
    town.submit("office1", "resident.change", gone, version)
    town.clock.pass_(days=366)

    assert night(town) == {"people": {"people": 1}}

    text = everything(town)
    assert not [said for said in ("黄秀珍", "黄秀贞", "1940-03-02", "1940-02-03") if said in text]


def test_phones_hear_of_it(town):
    person = town.resident("huang")
    gone = {"id": person, "changes": {"status": "moved_out"}}
    town.submit("office1", "resident.change", gone, 1)
    town.clock.pass_(days=366)
    before = one(
        town, "select seq from feed where id = :id and stream like 'building:%'", id=person
    )

    night(town)

    after = one(
        town, "select seq, record from feed where id = :id and stream like 'building:%'", id=person
    )
    assert after["seq"] > before["seq"] and json.loads(after["record"])["name"] == "黄**"


def test_what_was_sent_once_is_known_when_it_is_sent_again(town):
    """The text is forgotten; that it came is not."""
    visit = record(town, "worker1", "liang", note=WORDS)
    digest = one(town, "select hash from operation where id = :id", id=visit)["hash"]
    town.clock.pass_(days=5 * 365 + 1)
    night(town)

    kept = one(town, "select hash, emptied_at from operation where id = :id", id=visit)
    assert kept["hash"] == digest and kept["emptied_at"]


def test_the_trail_goes_after_three_years_and_the_rest_still_verifies(town, office):
    office.get(f"/office/residents/{town.resident('huang')}")
    town.clock.pass_(days=3 * 365 - 1)
    town["office1"].get(f"/office/residents/{town.resident('liang')}")
    assert night(town) == {}
    before = one(town, "select count(*) as n, max(n) as last from audit")
    town.clock.pass_(days=2)

    assert night(town)["trail"]["trail"] >= 1

    after = one(town, "select count(*) as n, max(n) as last, min(n) as first from audit")
    assert after["last"] == before["last"] and after["n"] < before["n"] and after["first"] > 1
    town["office1"].get(f"/office/households/{town.household('huang')}")
    assert "都和写下时一样" in town["office1"].submit("/office/audit/checks").text


def test_a_night_may_come_twice_and_one_that_broke_off_is_taken_up(town):
    record(town, "worker1", "liang", note=WORDS)
    town.clock.pass_(days=5 * 365 + 1)
    with town.store.write() as tx:
        tx.run(
            "insert into retention_run (community_id, code, day, at, claimed_until)"
            " values (:home, 'visits', :day, :at, :until)",
            home=COMMUNITY,
            day=town.clock.now.isoformat()[:10],
            at="2026-01-01T00:00:00.000Z",
            until="2026-01-01T00:30:00.000Z",
        )

    assert night(town) == {"visits": {"visits": 1}}
    assert forgetting.every_rule(town.intake, COMMUNITY, SECRET) == {}


def test_the_page_counts_first_and_tells_afterwards(town, office):
    record(town, "worker1", "liang", note=WORDS)
    town.clock.pass_(days=5 * 365 + 1)
    counted = town["office1"].get("/office/retention").text
    jobs.every_night(town.intake, SECRET)
    told = town["office1"].get("/office/retention").text

    assert "1 次走访的文字" in counted and "还没有到期的" in counted
    assert "走访、跟进、交办、事件里写的话，待核、冲突和导入里留下的原文：1 次走访的文字" in told


@pytest.mark.parametrize(
    ("code", "days", "takes"),
    [("visits", 400, True), ("visits", 364, False), ("answers", 731, False), ("trail", 90, False)],
)
def test_a_community_decides_within_what_the_law_allows(town, office, code, days, takes):
    answer = office.submit("/office/retention/changes", **{code: str(days), f"was_{code}": "1"})

    assert (answer.status_code == 200) is takes
    assert [row["detail"] for row in town.audit("retention.change")] == [f"{code} {days}"] * takes


@pytest.mark.parametrize("role", ["worker1", "leader1", "street", "admin"])
def test_nobody_else_decides(town, role):
    for path in ("/changes", "/holds"):
        assert town[role].submit(f"/office/retention{path}").status_code == 403


YEARS = 5 * 365


def left_of(town, *words):
    text = everything(town)
    return [one for one in words if one in text]


def test_what_was_refused_goes_with_its_words(town, office, worker):
    visit = {
        "household_id": town.household("zhong"),
        "type": "routine",
        "method": "door",
        "result": "met",
        "note": WORDS,
    }
    key = send(worker, "visit.record", visit)
    refused = {"key": key, "decision": "refuse", "reason": "不是他那栋，找钟伯问过"}
    town.submit("office1", "quarantine.decide", refused)
    waiting = send(worker, "visit.record", {**visit, "note": "还没有定的话"}, 2)
    town.clock.pass_(days=YEARS - 1)
    assert night(town) == {}
    town.clock.pass_(days=2)

    assert night(town) == {"visits": {"kept": 1}}
    town.clock.pass_(days=1)
    assert night(town) == {}

    jobs.age_notices(town.intake, COMMUNITY)
    said = (WORDS, "找钟伯问过", "还没有定的话")
    assert left_of(town, *said) == ["还没有定的话"]
    text = town["office1"].get("/office/quarantine").text
    assert "还没有定的话" in text and waiting in text
    again = {"id": key, "n": 1, "kind": "visit.record", "at": AT, "data": visit}
    answer = town["worker1"].post("/sync", json={"ops": [again]}).json()
    assert answer["receipts"][0]["outcome"] == "duplicate"


def test_both_sides_of_a_conflict_go_once_it_is_long_decided(town):
    person = town.resident("liang")
    for who, name in (("office1", "梁大明白"), ("worker1", "梁小明白")):
        town.submit(who, "resident.change", {"id": person, "changes": {"name": name}}, 1)
    dispute = one(town, "select id from dispute")["id"]
    town.submit("office1", "dispute.decide", {"id": dispute, "value": "梁明"})
    town.clock.pass_(days=YEARS + 1)

    assert night(town)["visits"] == {"disputes": 1}

    row = one(town, "select current, proposed, value, state from dispute")
    assert row == {"current": '""', "proposed": '""', "value": "", "state": "decided"}


def test_lines_that_no_import_took_go(town, office):
    bring_in(office, csv_of(line("林某某", id="440199199001011234", note="门牌不清楚"), line("")))
    assert left_of(town, "门牌不清楚")
    town.clock.pass_(days=YEARS + 1)

    assert night(town)["visits"]["imports"] == 1

    assert not left_of(town, "门牌不清楚", "林某某")
    assert "imports" not in night(town).get("visits", {})


def test_notes_of_past_weather_go(town):
    warn(town)
    contact(town, "worker1", "safe", note=WORDS)
    town.clock.pass_(days=YEARS + 1)

    assert night(town)["visits"] == {"visits": 1, "weather": 1}

    assert not left_of(town, WORDS)
