"""An operation that only the server can read: `{"n","sealed"}` in the place of its text.

A phone that is locked sends these. `sealed` is `<key id>.<base64url>`; the bytes are the sender's
public key for this once, a nonce and the cipher (server/seals.py, web/phone/seals.js).
"""

import msgspec


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number on the outside is only for the receipt of one that does not open."""

    n: int
    sealed: str


_SEALED = msgspec.json.Decoder(Sealed)


def sealed_in(raw: bytes) -> Sealed | None:
    """What an element of `ops` is when it is sealed; None for any other."""
    try:
        return _SEALED.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
