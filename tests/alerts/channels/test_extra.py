"""E-mail, ntfy, Bark and text messages through apprise, when it is installed."""

import asyncio
import socket
import sys

import pytest

from server.alerts.channels import Notice, Outcome
from server.alerts.channels.extra import KNOWN, ROBOTS, Extra
from tests.alerts.channels.service import drips, says

# One of its many services still imports it; not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOTICE = Notice(title="雷雨大风黄色预警", text="请关好门窗。")


def send(address, whole_s=30.0):
    return asyncio.run(Extra(address, whole_s).send(NOTICE))


def at(service, scheme, path):
    return service.url.replace("http://", f"{scheme}://") + path


def test_ntfy_gets_title_and_text(service):
    service.answers(says({"id": "1"}))

    done = send(at(service, "ntfy", "/warnings"))

    assert (done.outcome, done.parts_accepted) == (Outcome.ACCEPTED, 1)
    (asked,) = service.asked
    assert asked.told["topic"] == "warnings"
    assert asked.told["title"] == NOTICE.title
    assert asked.told["message"] == NOTICE.text


def test_bark_gets_no_picture_from_elsewhere(service):
    service.answers(says({"code": 200}))

    assert send(at(service, "bark", "/devicekey")).outcome == Outcome.ACCEPTED

    (asked,) = service.asked
    assert asked.told["title"] == NOTICE.title
    assert b"http" not in asked.body


@pytest.mark.parametrize("status", [302, 400, 500])
def test_what_was_not_taken_is_not_accepted(status, service):
    service.answers(says(b"", status=status, Location=f"{service.url}/elsewhere"))

    done = send(at(service, "ntfy", "/warnings"))

    assert (done.outcome, done.code) == (Outcome.UNREACHABLE, "not_sent")
    assert len(service.asked) == 1


def test_where_nobody_listens_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert send(f"ntfy://127.0.0.1:{port}/warnings").outcome == Outcome.UNREACHABLE


def test_a_service_that_drips_is_given_up(service):
    service.answers(drips(service))

    async def and_go_on():
        done = await Extra(at(service, "ntfy", "/warnings"), 0.3).send(NOTICE)
        service.ended.set()
        return done

    done = asyncio.run(and_go_on())

    assert (done.outcome, done.code) == (Outcome.UNREACHABLE, "timeout")


@pytest.mark.parametrize("scheme", sorted(ROBOTS))
def test_group_robots_never_go_this_way(scheme, service):
    done = send(at(service, scheme, "/abc"))

    assert (done.outcome, done.code) == (Outcome.REFUSED, "robot")
    assert service.asked == []


@pytest.mark.parametrize("address", ["", "json://127.0.0.1/", "syslog://", "file:///x", "ntfy://["])
def test_other_addresses_are_refused(address):
    assert send(address).code == "address"


def test_an_address_apprise_cannot_read_is_refused():
    assert send("twilio://").code == "address"


def test_every_scheme_is_one_of_apprise():
    import apprise

    theirs: set[str] = set()
    for one in apprise.Apprise().details(show_disabled=True)["schemas"]:
        for found in (one["protocols"], one["secure_protocols"]):
            theirs |= {found} if isinstance(found, str) else set(found or ())
    assert not KNOWN - theirs


def test_without_the_package_the_office_is_told_what_to_install(monkeypatch, service):
    monkeypatch.setitem(sys.modules, "apprise", None)

    done = send(at(service, "ntfy", "/warnings"))

    assert (done.outcome, done.code) == (Outcome.REFUSED, "not_installed")
    assert "jinlin[channels]" in done.sentence
    assert service.asked == []
