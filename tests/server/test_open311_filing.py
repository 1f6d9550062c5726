"""What a city's hotline files by Open311: an issue, once, without who called; and by which keys."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import issue_reminders
from server.api_keys import device_of
from server.intake import Form
from server.store import check
from sync.refusals import Refusal
from tests.server.geo import (
    FORMS,
    LAMP,
    ROOT,
    file,
    filed,
    get,
    ids_of,
    issue_of,
    make_key,
    read,
    refused,
)
from tests.server.town import COMMUNITY


@pytest.fixture
def key(town):
    return make_key(town)


@pytest.fixture
def asking(key, nobody):
    return nobody


# ---- what is filed -------------------------------------------------------------------------------


def test_a_request_becomes_an_issue_that_the_office_works_on(town, asking, key):
    issue_id = filed(asking, key, **{"attribute[order_number]": "GD-2026-0915"})

    issue = issue_of(town, issue_id)
    assert (issue["source"], issue["source_number"]) == ("open311", "GD-2026-0915")
    assert (issue["state"], issue["category"]) == ("reported", "public_facility")
    assert issue["building_id"] == town.building("hongmian") and issue["household_id"] == ""
    assert issue["place"] == LAMP["address_string"] and issue["by_name"] == "市12345热线"
    page = town["office1"].get(f"/office/issues/{issue_id}").text
    assert "市12345热线" in page and "城市热线系统" in page and "GD-2026-0915" in page
    with town.store.read() as tx:
        assert list(check.faults(tx, town.clock.now)) == []


def test_who_called_is_not_kept(town, asking, key):
    issue_id = filed(asking, key)

    with town.store.read() as tx:
        (body,) = tx.tuples("select body from operation where id = :id", id=issue_id)[0]
        rows = str(tx.tuples("select * from issue")) + body.decode()
    assert "路灯不亮" in rows and "［电话］" in rows
    for one in ("13800138000", "huang@example.org", "tt222111", '"秀珍"'):
        assert one not in rows


def test_the_same_request_sent_three_times_is_one_issue(town, asking, key):
    ids = {filed(asking, key) for _ in range(3)}
    numbered = {
        filed(asking, key, description=words, **{"attribute[order_number]": "7"})
        for words in ("漏水", "漏水了", "还在漏水")
    }

    assert len(ids) == len(numbered) == 1 and ids != numbered
    assert len(get(asking, "requests")) == 2


def test_what_was_put_right_and_broke_again_is_another_issue(town, asking, key):
    first = filed(asking, key)
    step = {"id": first, "step": "cancel", "words": "看过了，是好的"}
    town.submit("office1", "issue.step", step)

    second = filed(asking, key)

    assert second != first and filed(asking, key) == second
    assert [one["status"] for one in get(asking, "requests", service_request_id=first)] == [
        "closed"
    ]


def test_a_request_is_followed_to_its_end_and_late_ones_climb(town, asking, key):
    issue_id = filed(asking, key)
    notes = []

    def take(username, step, **more):
        town.submit(username, "issue.step", {"id": issue_id, "step": step, **more})
        (request,) = get(asking, f"requests/{issue_id}")
        notes.append((request["status"], request["status_notes"]))

    take("office1", "accept")
    take("office1", "call", words="请路灯所到场")
    town.clock.pass_(days=30)
    assert issue_reminders.tell_due(town.intake) > 0
    take("worker1", "done", words="换了灯泡")
    take("office1", "check", level="community")

    assert notes == [
        ("open", "办理中"),
        ("open", "部门呼叫中"),
        ("open", "已办好，等核查"),
        ("closed", "已办结"),
    ]
    with town.store.read() as tx:
        assert list(check.faults(tx, town.clock.now)) == []


def test_a_day_that_the_order_asks_for_stands_in_the_issue(town, asking, key):
    asked = {"attribute[due_date]": "2026-09-18T20:00:00+08:00"}

    assert issue_of(town, filed(asking, key, **asked))["ordered_on"] == "2026-09-18"


@pytest.mark.parametrize(
    ("said", "place", "text"),
    [
        ({"lat": "23.1290", "long": "113.2644"}, "坐标 23.129000, 113.264400", ""),
        ({"address_id": "545483"}, "地址编号 545483", ""),
        (
            {"address_string": "榕树头", "lat": "23.1", "long": "113.2"},
            "榕树头",
            "坐标 23.100000, 113.200000",
        ),
        ({"address_string": "巷" * 120}, "巷" * 100, "巷" * 120),
        (
            {"address_string": "榕树头", "media_url": "https://e.org/1.jpg"},
            "榕树头",
            "https://e.org",
        ),
    ],
)
def test_each_way_to_say_where_it_is_is_taken(town, asking, key, said, place, text):
    without = {"address_string": "", **said}

    issue = issue_of(town, filed(asking, key, **without))

    assert issue["place"] == place and text in issue["text"]


# ---- keys ----------------------------------------------------------------------------------------


def test_nothing_is_served_before_there_is_a_key(nobody):
    refused(nobody.get(f"{ROOT}/services.json"), 404, "jurisdiction_id")
    refused(nobody.get(f"{ROOT}/requests.json"), 404, "jurisdiction_id")


def test_a_key_is_shown_once_kept_as_a_hash_and_audited(town, key):
    admin = town["admin"]

    page = admin.get("/office/open311").text

    assert "市12345热线" in page and key not in page
    with town.store.read() as tx:
        assert key not in str(tx.tuples("select * from api_key"))
    assert [row["role"] for row in town.audit("api_key.make")] == ["admin"]


def test_a_key_that_was_withdrawn_opens_nothing(town, asking, key):
    made = make_key(town, "区热线")
    issue_id = filed(asking, key)
    with town.store.read() as tx:
        key_id = tx.value("select id from api_key where name = '市12345热线'")

    answer = town["admin"].submit(f"/office/open311/keys/{key_id}/withdrawals")
    again = town["admin"].submit(f"/office/open311/keys/{key_id}/withdrawals")

    refused(file(asking, key), 403, "api_key")
    assert answer.status_code == 200 and "作废" in answer.text
    assert again.status_code == 404 and len(town.audit("api_key.withdraw")) == 1
    assert ids_of(get(asking, "requests")) == [issue_id] and filed(asking, made) != issue_id


def test_a_key_files_and_does_nothing_else(town, asking, key):
    with town.store.read() as tx:
        key_id = tx.value("select id from api_key")
    bearer = {"Authorization": f"Bearer {key}"}
    issue = {"household_id": town.household("huang"), "category": "order", "text": "吵"}

    assert asking.get("/api/session", headers=bearer).status_code == 401
    assert asking.post("/sync", json={}, headers=bearer).status_code == 401
    home = {"building_id": town.building("hongmian"), "door_no": "1"}
    for kind, data, code in (
        ("issue.raise", issue, "scope.outside"),
        ("household.add", home, "role.not_allowed"),
    ):
        with pytest.raises(Refusal) as no:
            town.intake.submit(Form(COMMUNITY, key_id, device_of(key_id), kind, data))
        assert no.value.code == code


# ---- whatever is sent ----------------------------------------------------------------------------

NAMES = (
    *("api_key", "jurisdiction_id", "service_code", "lat", "long", "address_string", "address_id"),
    *("description", "media_url", "status", "start_date", "end_date", "service_request_id"),
    *("attribute[order_number]", "attribute[due_date]", "attribute[]", ""),
)
VALUES = st.one_of(
    st.sampled_from(["KEY", "order", "relief", COMMUNITY, "1e400", "-0", "open", ",,,"]),
    st.sampled_from(["2026-09-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T00:00:00Z"]),
    st.text(max_size=40),
)


def test_whatever_is_sent_gets_an_answer_of_the_standard(town, asking, key):
    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8),
        st.sampled_from(FORMS),
        st.booleans(),
    )
    def sending(pairs, form, is_filed):
        said = [(name, key if value == "KEY" else value) for name, value in pairs]
        if is_filed:
            answer = asking.post(f"{ROOT}/requests.{form}", data=dict(said))
        else:
            answer = asking.get(f"{ROOT}/requests.{form}", params=said)
        told = read(answer)
        assert answer.status_code in (200, 400, 403, 404), answer.text
        if answer.status_code != 200:
            assert [set(one) for one in told] == [{"code", "description"}]

    sending()
    assert json.dumps(get(asking, "requests"))
