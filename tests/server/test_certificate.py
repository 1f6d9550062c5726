"""https for the phones of a local network."""

import ssl
import stat
from datetime import UTC, datetime

import pytest

from server import certificate, cli

NOW = datetime(2026, 9, 15, tzinfo=UTC)


def test_phones_that_trust_the_authority_trust_the_server(tmp_path):
    authority = certificate.make(tmp_path, ["192.168.1.20", "jinlin.lan"], NOW)
    chain, key = certificate.found(tmp_path)

    ssl.create_default_context(cafile=str(authority))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_new_address_keeps_the_authority_that_phones_have_installed(tmp_path):
    before = certificate.make(tmp_path, ["192.168.1.20"], NOW).read_bytes()

    assert certificate.make(tmp_path, ["192.168.1.30"], NOW).read_bytes() == before


def test_without_a_certificate_there_is_none(tmp_path):
    assert certificate.found(tmp_path) is None


def test_the_command_says_what_to_type_on_the_phone(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path))
    monkeypatch.setenv("JINLIN_PORT", "9000")
    with pytest.raises(SystemExit) as ended:
        cli.main(["certificate", "192.168.1.20"])

    assert ended.value.code == 0
    assert "手机打开 https://192.168.1.20:9000" in capsys.readouterr().err
