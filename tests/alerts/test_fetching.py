"""Where a document may be fetched from, and that the name on a certificate still counts."""

import asyncio
import logging
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.alerts.addresses import Unreachable, network_of, permitted
from server.alerts.fetching import fetch, new_client
from tests.alerts.station import running

PUBLIC = frozenset({"public"})
LOOPBACK = frozenset({"public", "loopback"})


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("8.8.8.8", "public"),
        ("2001:4860:4860::8888", "public"),
        ("127.0.0.1", "loopback"),
        ("127.9.9.9", "loopback"),
        ("0.0.0.0", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.0.0.1", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("2002:0a00:0001::1", "private"),
        ("fd00::1", "private"),
        ("224.0.0.1", "private"),
        ("169.254.169.254", "link"),
        ("fe80::1", "link"),
    ],
)
def test_addresses_are_told_apart(address, network):
    assert network_of(ip_address(address)) == network


def test_one_address_that_may_not_be_spoils_all():
    with pytest.raises(Unreachable):
        permitted([ip_address("8.8.8.8"), ip_address("10.0.0.1")], PUBLIC)
    with pytest.raises(Unreachable):
        permitted([], PUBLIC)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_nothing_is_asked_of_a_host_inside_on_behalf_of_one_outside(host):
    async def ask(station):
        async with new_client() as client:
            await fetch(client, station.origin.replace("127.0.0.1", host), PUBLIC)

    with running() as station:
        with pytest.raises(Unreachable, match="内部网络"):
            asyncio.run(ask(station))
        assert not station.asked


def certificate(folder, name):
    """A server's context and one that trusts only it."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(named, named, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
    )
    path = folder / "both.pem"
    path.write_bytes(pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


@pytest.mark.parametrize(("name", "is_taken"), [("localhost", True), ("elsewhere.example", False)])
def test_a_certificate_must_name_the_host_although_its_address_is_connected_to(
    tmp_path, name, is_taken
):
    server, trusting = certificate(tmp_path, name)

    async def ask(address):
        async with httpx.AsyncClient(verify=trusting, trust_env=False) as client:
            return await fetch(client, address, LOOPBACK)

    with running(server) as station:
        station.put("/a", b"text")
        address = station.origin.replace("http://127.0.0.1", "https://localhost") + "/a"
        if is_taken:
            assert asyncio.run(ask(address)).content == b"text"
        else:
            with pytest.raises(Unreachable, match="连不上"):
                asyncio.run(ask(address))


def test_no_log_tells_an_address_that_carries_a_key(caplog):
    async def ask(url):
        async with new_client() as client:
            return await fetch(client, url, LOOPBACK)

    with running() as station, caplog.at_level(logging.INFO):
        answer = asyncio.run(ask(station.put("/now?key=s3cret", "ok")))

    assert answer.content == b"ok"
    assert "s3cret" not in caplog.text
