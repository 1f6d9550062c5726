"""The key of an installation's pushes comes from its secret alone."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.alerts.push_keys import NOBODY, application_server_key, keys_of


def test_the_same_secret_makes_the_same_key_and_another_makes_another():
    keys = {secret: application_server_key(secret) for secret in (b"one", b"two", b"one")}

    assert len(set(keys.values())) == 2
    assert {len(one) for one in keys.values()} == {87}


def test_what_a_browser_is_given_belongs_to_what_signs():
    private = keys_of(b"one").private
    raw = base64.urlsafe_b64decode(private + "=" * (-len(private) % 4))
    number = int.from_bytes(raw)
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    public = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    assert base64.urlsafe_b64encode(public).rstrip(b"=").decode() == application_server_key(b"one")


@pytest.mark.parametrize(
    ("url", "subject"),
    [
        ("https://jinlin.example.org", "https://jinlin.example.org"),
        ("http://192.168.1.2:8484", NOBODY),
        ("", NOBODY),
    ],
)
def test_only_a_public_address_is_named_to_push_services(url, subject):
    assert keys_of(b"one", url).subject == subject
