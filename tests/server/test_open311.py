"""Open311 GeoReport v2: what is answered stands in the lists of the published standard, what cannot
be asked gets its errors, and nothing tells of a person, a door, a building or a written word."""

import re
from datetime import timedelta

import pytest

from sync.operations import stamp
from tests.server.geo import FORMS, ROOT, file, filed, get, ids_of, make_key, read, refused
from tests.server.town import COMMUNITY

W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

# The fields of the published standard, in its order.
SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
ATTRIBUTE = [
    *("variable", "code", "datatype", "required", "datatype_description", "order"),
    *("description", "values"),
]
FILED = {"service_request_id", "service_notice", "account_id"}
REQUEST = [
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long"),
    "media_url",
]
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}


@pytest.fixture
def key(town):
    return make_key(town)


@pytest.fixture
def asking(key, nobody):
    return nobody


# ---- what is answered ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_discovery_leads_to_the_routes(nobody, form):
    told = get(nobody, "discovery", form)

    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = told["endpoints"]
    assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith(ROOT) and endpoint["type"] == "production"
    assert set(endpoint["formats"]) == {"text/xml", "application/json"}
    assert W3.fullmatch(told["changeset"])


@pytest.mark.parametrize("form", FORMS)
def test_services_have_the_fields_of_the_standard(asking, form):
    services = get(asking, "services", form)

    assert len(services) == 13
    for one in services:
        assert list(one) == SERVICE
        assert one["type"] == "realtime" and str(one["metadata"]).lower() == "true"
        assert all(one[name] for name in SERVICE)


@pytest.mark.parametrize("form", FORMS)
def test_the_definition_of_each_service_has_the_fields_of_the_standard(asking, form):
    for service in get(asking, "services"):
        told = get(asking, f"services/{service['service_code']}", form)

        assert list(told) == ["service_code", "attributes"]
        assert told["service_code"] == service["service_code"]
        assert [str(one["order"]) for one in told["attributes"]] == ["1", "2"]
        for one in told["attributes"]:
            assert list(one) == ATTRIBUTE and one["datatype"] in DATATYPES
            assert (str(one["variable"]).lower(), str(one["required"]).lower()) == ("true", "false")


@pytest.mark.parametrize("form", FORMS)
def test_what_was_filed_is_answered_with_the_fields_of_the_standard(town, asking, key, form):
    answer = file(asking, key, form)

    (said,) = read(answer)
    assert answer.status_code == 200 and set(said) == FILED
    for path, asked in (
        ("requests", {}),
        (f"requests/{said['service_request_id']}", {}),
        ("requests", {"service_request_id": said["service_request_id"]}),
    ):
        (request,) = get(asking, path, form, **asked)
        assert list(request) == REQUEST
        assert request["service_request_id"] == said["service_request_id"]
        assert (request["status"], request["status_notes"]) == ("open", "办理中")
        assert (request["service_code"], request["service_name"]) == ("public_facility", "公共设施")
        assert request["address"] == "红棉苑, 清龙社区"
        for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
            assert W3.fullmatch(request[name]), name


# ---- what is asked for ---------------------------------------------------------------------------


@pytest.fixture
def history(town, asking, key):
    """One a month ago, one of today that is closed, one of today that is open."""
    made = {"today": filed(asking, key), "closed": filed(asking, key, service_code="order")}
    town.submit("office1", "issue.step", {"id": made["closed"], "step": "cancel", "words": "好了"})
    town.clock.pass_(days=100)
    made["later"] = filed(asking, key, service_code="environment")
    return made


def test_without_dates_the_last_ninety_days_are_answered(asking, history):
    assert ids_of(get(asking, "requests")) == [history["later"]]


def test_no_more_than_a_thousand_are_answered_the_latest_first(town, asking, key):
    first = filed(asking, key)
    with town.store.write() as tx:
        names = [row[1] for row in tx.tuples("pragma table_info(issue)")]
        asis = ", ".join(f'"{name}"' for name in names if name not in ("id", "reported_at"))
        for n in range(1001):
            tx.run(
                f"insert into issue (id, reported_at, {asis}) select :id, :at, {asis} from issue"
                " where id = :first",
                id=f"copy {n:04}",
                at=stamp(town.clock.now - timedelta(minutes=n + 1)),
                first=first,
            )

    found = ids_of(get(asking, "requests"))

    assert found == [first, *(f"copy {n:04}" for n in range(999))]


def test_dates_kinds_and_states_choose(town, asking, history):
    now = town.clock.now
    then = {"start_date": stamp(now - timedelta(days=101)), "end_date": ""}

    assert set(ids_of(get(asking, "requests", **then))) == {history["today"], history["closed"]}
    assert ids_of(get(asking, "requests", status="closed", **then)) == [history["closed"]]
    assert ids_of(get(asking, "requests", status="open", **then)) == [history["today"]]
    assert len(get(asking, "requests", status="open,closed", **then)) == 2
    assert ids_of(get(asking, "requests", service_code="order,relief", **then)) == [
        history["closed"]
    ]
    named = f"{history['today']},{history['later']}"
    assert len(get(asking, "requests", service_request_id=named, status="closed")) == 2
    until = {"end_date": stamp(now - timedelta(days=99))}
    assert len(get(asking, "requests", **until)) == 2


def test_a_closed_request_says_when_it_was(town, asking, history):
    (request,) = get(asking, f"requests/{history['closed']}")

    assert (request["status"], request["status_notes"]) == ("closed", "不办理")
    assert request["updated_datetime"] == "2026-09-15T02:00:00.000Z"


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_be_asked_gets_the_errors_of_the_standard(town, asking, key, form):
    def ask(path, **asked):
        return asking.get(f"{ROOT}/{path}.{form}", params=asked)

    for path in ("services", "services/order", "requests", "requests/1"):
        refused(ask(path, jurisdiction_id="elsewhere.gov"), 404, "jurisdiction_id")
        assert ask(path, jurisdiction_id=COMMUNITY).status_code in (200, 404)
    refused(ask("services/nonsense"), 404, "service_code")
    refused(ask("requests/00000000-0000-7000-8000-000000000001"), 404, "service_request_id")
    refused(ask("requests", service_code="nonsense"), 404, "service_code")
    refused(ask("requests", status="waiting"), 400, "status")
    refused(ask("requests", api_key="guess"), 403, "api_key")
    for wrong in ("yesterday", "2026-09-01", "2026-09-01T00:00:00", "9999-12-31T23:59:59-12:00"):
        refused(ask("requests", start_date=wrong), 400, "start_date")
    span = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}
    refused(ask("requests", **span), 400, "90 days")


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_be_filed_gets_the_errors_of_the_standard(town, asking, key, form):
    def filing(**said):
        return file(asking, said.pop("api_key", key), form, **said)

    refused(filing(api_key=""), 403, "api_key")
    refused(filing(api_key="guess"), 403, "api_key")
    refused(filing(jurisdiction_id="elsewhere.gov"), 404, "jurisdiction_id")
    refused(filing(service_code=""), 400, "service_code was not provided")
    refused(filing(service_code="nonsense"), 404, "service_code")
    refused(filing(address_string=""), 400, "address_string")
    refused(filing(lat="north", long="1"), 400, "lat")
    refused(filing(lat="91", long="1"), 400, "lat")
    refused(filing(lat="nan", long="1"), 400, "lat")
    refused(filing(description="很" * 4001), 400, "4000")
    refused(filing(**{"attribute[due_date]": "soon"}), 400, "due_date")
    refused(asking.post(f"{ROOT}/requests.{form}", content=b"\xff=\xff"), 400, "UTF-8")
    refused(asking.post(f"{ROOT}/services.{form}"), 405, "address")
    assert get(asking, "requests") == []


def test_a_community_must_be_named_where_several_are_served(town, asking, key):
    with town.store.write() as tx:
        tx.run(
            "insert into api_key (community_id, id, name, key_hash, made_by, created_at,"
            " withdrawn_at) values ('other', 'k', '', '', '', '', '')"
        )

    refused(asking.get(f"{ROOT}/services.json"), 400, "jurisdiction_id was not provided")
    refused(file(asking, key), 400, "jurisdiction_id was not provided")
    assert len(get(asking, "services", jurisdiction_id=COMMUNITY)) == 13
    assert filed(asking, key, jurisdiction_id=COMMUNITY)
    refused(file(asking, key, jurisdiction_id="other"), 403, "api_key")


# ---- what is never told --------------------------------------------------------------------------

KINDS_OF_PEOPLE = ("life_safety", "dispute", "elder_need", "relief", "policy_service", "other")


def test_no_answer_holds_what_anybody_wrote(town, asking, key):
    worker, home = "worker1", town.household("huang")
    raised = {"household_id": home, "category": "fire_hazard", "text": "高血压，药在灶台边"}
    inside = town.submit(worker, "issue.raise", {**raised, "place": "502厨房"}).id
    for step in ({"step": "accept", "words": "找黄秀珍"}, {"step": "note", "inner": "失智"}):
        town.submit("office1", "issue.step", {"id": inside, **step})
    own = filed(asking, key)

    for form in FORMS:
        told = asking.get(f"{ROOT}/requests.{form}", params={"api_key": key}).text
        assert own in told and inside in told
        for one in ("高血压", "502", "黄秀珍", "失智", "3栋", "路灯", "周晓岚", "13800138000"):
            assert one not in told, one


def test_of_kinds_about_people_only_the_system_that_filed_it_hears(town, asking, key):
    other = make_key(town, "区热线")
    ids = {code: filed(asking, key, service_code=code) for code in KINDS_OF_PEOPLE}
    home = {"household_id": town.household("huang"), "text": "要救助"}
    inside = town.submit("office1", "issue.raise", {**home, "category": "relief"}).id

    assert get(asking, "requests") == [] == get(asking, "requests", api_key=other)
    assert set(ids_of(get(asking, "requests", api_key=key))) == set(ids.values())
    for one in (*ids.values(), inside):
        refused(asking.get(f"{ROOT}/requests/{one}.json"), 404, "service_request_id")
    assert get(asking, f"requests/{ids['relief']}", api_key=key)
    refused(asking.get(f"{ROOT}/requests/{inside}.json", params={"api_key": key}), 404, "not found")
