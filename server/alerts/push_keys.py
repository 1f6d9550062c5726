"""Who this installation is to the push services of browsers: a key that its secret makes.

It is stored nowhere and stays the same, so that phones which subscribed once go on hearing us.
"""

from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from py_vapid.utils import b64urlencode

from server.alerts.channels.webpush import Keys, public_key

# The order of the curve P-256: a private key is a number below it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# Push services want to know where to complain; nobody may be named, so it names nobody.
NOBODY = "mailto:office@jinlin.invalid"


def keys_of(secret: bytes, url: str = "") -> Keys:
    """`url` is where the installation is reached; only https names it to a push service."""
    return Keys(private=_private(secret), subject=url if url.startswith("https://") else NOBODY)


def application_server_key(secret: bytes) -> str:
    """What a browser is given to subscribe with, in base64url."""
    return public_key(_private(secret))


@cache
def _private(secret: bytes) -> str:
    assert secret, "an installation has a secret before anybody subscribes"
    made = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"jinlin push key 1").derive(secret)
    number = int.from_bytes(made) % (_ORDER - 1) + 1
    return str(b64urlencode(number.to_bytes(32, "big")))
