"""A warning wakes the phones of those who are asked something, as far as they let us."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from server.store import pushes
from sync.operations import stamp
from tests.alerts.channels.service import says
from tests.alerts.channels.test_webpush import Browser
from tests.server.dispatched import accepted, attempts, lifted, look, warn
from tests.server.town import ident
from tests.server.warned import INCIDENT, duty_of, put


@pytest.fixture
def browser(town, service):
    """leader1's phone lets itself be woken."""
    found = Browser("https://push.example.org")
    subscribe(town, "leader1", found)
    return found


def subscribe(town, username, found):
    town.token(username)  # signed in on it
    keys = {"p256dh": found.subscription.p256dh, "auth": found.subscription.auth}
    where, device = found.subscription.endpoint, ident("device", username)
    town.intake.do(
        town.community,
        lambda writing: pushes.keep(
            writing.tx, town.community, town.person(username), device, where, keys, town.clock()
        ),
    )


def test_a_leader_is_woken_once_for_each_time_of_asking(town, service, browser):
    service.answers(says(b"", status=201))
    alert = warn(town)
    duty = duty_of(town, alert, "leader1", "leader", "hongmian", is_own=1)
    put(town, duty)
    look(town)
    put(town, replace(duty, message="不吵醒人的改动"))
    look(town)
    town.clock.pass_(minutes=3)
    put(town, replace(duty, repeated_at=stamp(town.clock())))
    look(town)
    over = lifted(town, alert)
    ended = {"state": "closed", "edition": 2, "asked_at": stamp(town.clock())}
    put(town, replace(duty, title=over.title, short=over.message, why="stand_down", **ended))
    look(town)

    said = [browser.reads(asked.body) for asked in service.asked]
    assert [one["text"] for one in said] == [alert.short, alert.short, over.message]
    assert {one["incident"] for one in said} == {INCIDENT}
    assert {asked.headers["topic"] for asked in service.asked} == {INCIDENT.replace("-", "")}
    ttl = [int(asked.headers["ttl"]) for asked in service.asked]
    assert ttl == [6 * 3600, 6 * 3600 - 180, 2 * 3600]
    assert accepted(town) == {"hongmian"}


def test_a_chief_is_told_how_many_to_telephone_and_no_names(town, service):
    service.answers(says(b"", status=201))
    found = Browser("https://push.example.org")
    subscribe(town, "chief", found)
    put(town, duty_of(town, warn(town), "chief", "chief", "hongmian", "fenghuang"))

    look(town)

    (asked,) = service.asked
    assert found.reads(asked.body)["text"] == "2 栋没有回音，请打开近邻走访，逐栋打电话。"
    assert accepted(town) == set()


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(town, service, browser, status):
    service.answers(says(b"", status=status))
    put(town, duty_of(town, warn(town), "leader1", "leader", "hongmian", is_own=1))
    look(town)
    town.clock.pass_(minutes=5)
    look(town)

    assert len(service.asked) == 1 and accepted(town) == set()
    assert attempts(town) == [("gone", f"http_{status}")]
    with town.store.read() as tx:
        assert tx.value("select count(*) from push_subscription") == 0


def test_a_server_that_was_away_wakes_for_what_still_holds(town, service, browser):
    service.answers(says(b"", status=201))
    put(town, duty_of(town, warn(town), "leader1", "leader", "hongmian", is_own=1))
    town.clock.pass_(hours=2)

    look(town)

    (asked,) = service.asked
    assert int(asked.headers["ttl"]) == 4 * 3600


def test_at_night_no_leader_is_woken_because_it_is_over(town, service, browser):
    service.answers(says(b"", status=201))
    alert = warn(town)
    duty = duty_of(town, alert, "leader1", "leader", "hongmian", is_own=1)
    morning = town.clock() + timedelta(hours=5)
    lifted(town, alert, from_at=stamp(morning))
    put(town, replace(duty, state="closed", edition=2, from_at=stamp(morning)))
    look(town)
    assert service.asked == []
    town.clock.now = morning
    look(town)

    (asked,) = service.asked
    assert asked.headers["urgency"] == "normal"


def test_who_signed_out_is_woken_no_more(town, service, browser):
    leader = town["leader1"]
    leader.submit("/me/signouts")
    put(town, duty_of(town, warn(town), "leader1", "leader", "hongmian", is_own=1))

    look(town)

    assert service.asked == []
