"""Web Push to a push service on this machine, read with the key that only the browser has."""

import base64
import json
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.alerts.channels import Notice, Outcome
from server.alerts.channels.webpush import (
    Keys,
    Subscription,
    WebPush,
    is_public,
    new_private_key,
    public_key,
    topic,
)
from tests.alerts.channels.service import NOON, drips, over_wire, says, serving

KEYS = Keys(private=new_private_key(), subject="mailto:office@example.org")
NOTICE = Notice(
    title="雷雨大风黄色预警",
    text="预计6小时内有8级阵风⛈️，请关好门窗。",
    incident_id="0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
    until=NOON + timedelta(hours=2),
)


class Browser:
    def __init__(self, url):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"sixteen bytes ok"
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = Subscription(
            endpoint=f"{url}/push/abc", p256dh=encoded(point), auth=encoded(self.auth)
        )

    def reads(self, body):
        told = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return json.loads(told)


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(asked):
    """What the signature vouches for; checked with the public key that stands beside it."""
    scheme, _, rest = asked.headers["authorization"].partition(" ")
    parts = dict(one.strip().split("=", 1) for one in rest.split(","))
    assert scheme == "vapid"
    assert parts["k"].rstrip("=") == public_key(KEYS.private)
    signed, _, signature = parts["t"].rpartition(".")
    raw = decoded(signature)
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"])).verify(
        encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
        signed.encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    return json.loads(decoded(signed.split(".")[1]))


def push(browser, notice=NOTICE, whole_s=8.0):
    return over_wire(
        lambda wire: WebPush(browser.subscription, KEYS, wire, lambda _: True).send(notice),
        whole_s=whole_s,
    )


@pytest.fixture
def browser(service):
    return Browser(service.url)


def test_only_the_browser_can_read_it(service, browser):
    service.answers(says(b"", status=201))

    done = push(browser)

    assert (done.outcome, done.parts_accepted) == (Outcome.ACCEPTED, 1)
    (asked,) = service.asked
    assert browser.reads(asked.body) == {
        "title": NOTICE.title,
        "text": NOTICE.text,
        "incident": NOTICE.incident_id,
    }
    assert NOTICE.title.encode() not in asked.body


def test_it_lives_as_long_as_the_warning_and_replaces_the_last_one(service, browser):
    service.answers(says(b"", status=201))
    push(browser)

    (asked,) = service.asked
    assert asked.path == "/push/abc"
    assert asked.headers["ttl"] == "7200"
    assert asked.headers["urgency"] == "high"
    assert asked.headers["topic"] == "0198a1b2c3d47e5f8a6b7c8d9e0f1a2b"
    assert asked.headers["content-encoding"] == "aes128gcm"


def test_every_push_service_is_signed_for_itself(service, browser):
    with serving() as other:
        service.answers(says(b"", status=201))
        other.answers(says(b"", status=201))
        for one in (browser, Browser(other.url)):
            push(one)

        for asked, url in ((service.asked[0], service.url), (other.asked[0], other.url)):
            claims = claims_of(asked)
            assert claims["aud"] == url
            assert claims["sub"] == KEYS.subject
            assert 0 < claims["exp"] - NOON.timestamp() <= 24 * 3600


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_left_is_gone(status, service, browser):
    service.answers(says(b"", status=status))

    assert push(browser).outcome == Outcome.GONE


def test_busy_for_as_long_as_the_service_says(service, browser):
    service.answers(says(b"", status=429, Retry_After="90"))

    done = push(browser)

    assert (done.outcome, done.retry_after_s) == (Outcome.BUSY, 90)
    assert "约 90 秒" in done.sentence


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (413, Outcome.REFUSED),
        (429, Outcome.BUSY),
        (500, Outcome.UNREACHABLE),
        (302, Outcome.UNREACHABLE),
    ],
)
def test_other_answers_are_not_accepted(status, outcome, service, browser):
    service.answers(says(b"<html></html>", status=status, Location="/elsewhere"))

    done = push(browser)

    assert (done.outcome, done.code) == (outcome, f"http_{status}")
    assert f"HTTP {status}" in done.sentence
    assert len(service.asked) == 1


def test_a_service_that_drips_is_given_up(service, browser):
    service.answers(drips(service))

    assert push(browser, whole_s=0.3).code == "timeout"


def test_what_has_expired_is_not_sent(service, browser):
    late = Notice(title="预警", text="已过", until=NOON)

    assert push(browser, late).code == "expired"
    assert service.asked == []


def test_a_long_text_is_shortened_to_what_services_take(service, browser):
    service.answers(says(b"", status=201))
    push(browser, Notice(title="预警" * 200, text="👨‍👩‍👧‍👦" * 400))

    (asked,) = service.asked
    told = browser.reads(asked.body)
    assert len(asked.body) <= 4096
    assert set(told["text"].removesuffix("…").split("👨‍👩‍👧‍👦")) == {""}
    assert told["title"].endswith("…")
    assert "topic" not in asked.headers
    assert asked.headers["ttl"] == "86400"


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", ""), ("AAAA", "AAAA"), ("好", "坏"), ("A" * 87, "A" * 22)]
)
def test_a_broken_subscription_is_refused_in_words(p256dh, auth, service):
    broken = Subscription(endpoint=service.url, p256dh=p256dh, auth=auth)

    done = over_wire(lambda wire: WebPush(broken, KEYS, wire, lambda _: True).send(NOTICE))

    assert (done.outcome, done.code) == (Outcome.REFUSED, "subscription")
    assert service.asked == []


def test_a_browser_cannot_send_us_into_our_own_network(service, browser):
    done = over_wire(lambda wire: WebPush(browser.subscription, KEYS, wire).send(NOTICE))

    assert (done.outcome, done.code) == (Outcome.REFUSED, "subscription")
    assert service.asked == []


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://push.example.org/v1/abc", True),
        ("https://push.example.org:443/v1/abc", True),
        ("http://push.example.org/v1", False),
        ("https://push.example.org:8443/v1", False),
        ("https://127.0.0.1/v1", False),
        ("https://[::1]/v1", False),
        ("https://localhost/v1", False),
        ("https://server.lan/v1", False),
        ("https://push.example.org:port/", False),
        ("https://[/", False),
        ("", False),
    ],
)
def test_only_public_names_are_pushed_to(endpoint, expected):
    assert is_public(endpoint) == expected


def test_the_public_key_is_what_browsers_want():
    key = decoded(public_key(KEYS.private))

    assert len(public_key(KEYS.private)) == 87
    assert (len(key), key[0]) == (65, 4)
    assert new_private_key() != new_private_key()


@pytest.mark.parametrize("incident", ["a" * 40, "预警1", "x y"])
def test_a_topic_fits_whatever_the_incident_is_called(incident):
    assert topic(incident) == topic(incident)
    assert len(topic(incident)) == 32
    assert topic(incident) != topic(incident + "1")
