"""The hash chain of a device's operations: two people can compare it by voice."""

import hashlib
from collections.abc import Iterable

START = bytes(32)


def digest(raw: bytes) -> bytes:
    """SHA-256 of the bytes of one operation."""
    return hashlib.sha256(raw).digest()


def extend(head: bytes, hashes: Iterable[bytes]) -> bytes:
    """h(n) = SHA-256(h(n-1) followed by the hash of operation n), over hashes in order."""
    for one in hashes:
        head = hashlib.sha256(head + one).digest()
    return head


def code(head: bytes) -> str:
    """The first eight hex digits as people read them out: 7F3A-91C2."""
    text = head.hex()[:8].upper()
    return f"{text[:4]}-{text[4:]}"
