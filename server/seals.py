"""What phones seal for this server: it opens here, and on no phone.

The keys come from the installation's secret and are stored nowhere. A key is known by its id, so
that work sealed before the secret was changed still opens with the old one.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.elements import is_json
from sync.seals import sealed_in

CURVE = ec.SECP256R1()
# Larger than the order of the curve by so much that every key is as likely as any other.
SEED_BYTES = 48
POINT_BYTES = 65
NONCE_BYTES = 12
ABOUT = b"jinlin seal 1"
OPERATION = "operation"
OVERHEAD = POINT_BYTES + NONCE_BYTES + 16


class Unreadable(Exception):
    """A seal that no key here opens."""


class Seals:
    """Opens what was sealed to the key of any of these secrets; the first is told to phones."""

    def __init__(self, secret: bytes, older: Sequence[bytes] = ()) -> None:
        keys = [_key(one) for one in (secret, *older)]
        self._keys = {_name(_point(one)): one for one in keys}
        self.point = _point(keys[0])

    @property
    def told(self) -> dict[str, str]:
        """The public key as phones get it."""
        return {"id": _name(self.point), "key": _text(self.point)}

    def open(self, sealed: str, about: str) -> bytes:
        """What was sealed. Raises Unreadable."""
        name, _, text = sealed.partition(".")
        try:
            whole = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        except ValueError:
            raise Unreadable from None
        return self.open_bytes(name, whole, about)

    def open_bytes(self, name: str, whole: bytes, about: str) -> bytes:
        """The same for bytes and the id of the key that they were sealed to."""
        key = self._keys.get(name)
        if key is None:
            raise Unreadable
        try:
            sender, nonce = whole[:POINT_BYTES], whole[POINT_BYTES:][:NONCE_BYTES]
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
            shared = key.exchange(ec.ECDH(), theirs)
            cipher = AESGCM(_derived(shared, sender + _point(key)))
            return cipher.decrypt(nonce, whole[POINT_BYTES + NONCE_BYTES :], about.encode())
        except (ValueError, InvalidTag):
            raise Unreadable from None

    def opened(self, element: bytes) -> bytes:
        """The operation inside an element of `ops`; the element itself where it opens to none."""
        sealed = sealed_in(element)
        if sealed is None:
            return element
        try:
            inside = self.open(sealed.sealed, OPERATION)
        except Unreadable:
            return element
        return inside if is_json(inside) else element


def seal(told: dict[str, Any], plain: bytes, about: str) -> str:
    """What a phone makes of `plain` with the key it was `told`."""
    theirs = base64.urlsafe_b64decode(told["key"] + "==")
    once = ec.generate_private_key(CURVE)
    shared = once.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    sender, nonce = _point(once), os.urandom(NONCE_BYTES)
    cipher = AESGCM(_derived(shared, sender + theirs)).encrypt(nonce, plain, about.encode())
    return f"{told['id']}.{_text(sender + nonce + cipher)}"


def _key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    seed = HKDF(SHA256(), SEED_BYTES, salt=None, info=b"jinlin seal key 1").derive(secret)
    return ec.derive_private_key(int.from_bytes(seed) % (CURVE.group_order - 1) + 1, CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(shared: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=ABOUT).derive(shared)


def _name(point: bytes) -> str:
    return hashlib.sha256(point).hexdigest()[:16]


def _text(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).rstrip(b"=").decode()
