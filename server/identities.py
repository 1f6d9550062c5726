"""ID numbers: encrypted, known by a keyed hash, shown by their last four.

They stand in no operation, record, feed, log or export. Whoever reveals one writes an audit row.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.settings import SettingsProblem
from server.store import identities as rows
from server.store.database import Tx
from sync.idnumbers import last_four

NONCE_BYTES = 12


class WrongSecret(SettingsProblem):
    """What is kept was locked with another secret than this installation has now."""

    def __init__(self) -> None:
        super().__init__(
            "身份证号解不开：JINLIN_SECRET（或数据目录里的 secret 文件）和存的时候不一样。"
        )


class Vault:
    """Locks and unlocks with keys that come from the installation's secret and are stored nowhere.

    `about` binds a cipher to what it belongs to: moved to another row, it no longer opens.
    """

    def __init__(self, secret: bytes) -> None:
        self._locking = AESGCM(_derived(secret, b"jinlin identity cipher 1"))
        self._hashing = _derived(secret, b"jinlin identity hash 1")

    def lock(self, plain: bytes, about: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._locking.encrypt(nonce, plain, about.encode())

    def unlock(self, cipher: bytes, about: str) -> bytes:
        try:
            return self._locking.decrypt(cipher[:NONCE_BYTES], cipher[NONCE_BYTES:], about.encode())
        except InvalidTag:
            raise WrongSecret from None

    def hash(self, community_id: str, number: str) -> str:
        """What a number is known by in a community; another community's hash tells nothing."""
        return hmac.new(self._hashing, f"{community_id} {number}".encode(), "sha256").hexdigest()


def keep(tx: Tx, vault: Vault, community_id: str, resident_id: str, number: str) -> None:
    """Keep a resident's number, in the transaction that adds or changes the resident."""
    rows.keep(
        tx,
        community_id,
        resident_id,
        vault.lock(number.encode(), _about(community_id, resident_id)),
        vault.hash(community_id, number),
        last_four(number),
    )


def reveal(tx: Tx, vault: Vault, community_id: str, resident_id: str) -> str:
    """A resident's whole number, "" when there is none. The caller says in the audit why."""
    whose = rows.holder(tx, community_id, resident_id)
    cipher = rows.cipher_of(tx, community_id, whose)
    if not cipher:
        return ""
    return vault.unlock(cipher, _about(community_id, whose)).decode()


def last4(tx: Tx, community_id: str, resident_id: str) -> str:
    """What pages show of a number, "" when there is none."""
    return rows.last4_of(tx, community_id, rows.holder(tx, community_id, resident_id))


def _about(community_id: str, resident_id: str) -> str:
    return f"identity {community_id} {resident_id}"


def _derived(secret: bytes, purpose: bytes) -> bytes:
    assert secret, "an installation has a secret before it keeps anything"
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
