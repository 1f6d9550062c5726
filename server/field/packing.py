"""Changes as bytes: rows joined as they are stored, and compressed once for all who ask the same.

A thousand phones that start in the morning read the same stretches of the same streams. Each
stretch is deflated alone and kept; an answer is one gzip member put together from such pieces.
"""

import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from server.store.database import Tx
from server.store.paging import Asking, Section, plain

# A community of 3,300 doors takes 3 MB.
KEPT_BYTES = 16 * 1024 * 1024
LEVEL = 4

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_END = b"\x03\x00"
_POLYNOMIAL = 0xEDB88320


class Piece(NamedTuple):
    """Deflated bytes that end on a whole byte and look back at nothing before them.

    `shift` moves a checksum over as many bytes as this piece has when it is unpacked.
    """

    packed: bytes
    crc: int
    size: int
    shift: int


class Pieces:
    """The stretches that were asked for last, packed. A stream that moves makes its own stale."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Asking, Section[Piece]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def read(self, tx: Tx, asking: Asking) -> Section[Piece]:
        with self._lock:
            known = self._kept.get(asking)
            if known is not None:
                self._kept.move_to_end(asking)
                return known
        stream, many, upto, waits, body = joined(tx, asking)
        made = Section(stream, many, upto, waits, pack(body))
        self._keep(asking, made)
        return made

    def _keep(self, asking: Asking, made: Section[Piece]) -> None:
        with self._lock:
            if asking in self._kept:
                return
            self._kept[asking] = made
            self._size += len(made.body.packed)
            while self._size > KEPT_BYTES:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old.body.packed)


def joined(tx: Tx, asking: Asking) -> Section[bytes]:
    """A section as the elements of a JSON list; stored records are joined in, never parsed."""
    stream, many, upto, waits, changes = plain(tx, asking)
    encode = msgspec.json.encode
    name = encode(stream).decode()
    rows = [
        f'{{"stream":{name},"seq":{seq},"kind":"{kind}","id":{encode(one).decode()},'
        f'"record":{record or "null"}}}'
        for _, seq, kind, one, record in changes
    ]
    return Section(stream, many, upto, waits, ",".join(rows).encode())


def pack(body: bytes) -> Piece:
    deflate = zlib.compressobj(LEVEL, wbits=-15)
    packed = deflate.compress(body) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return Piece(packed, zlib.crc32(body), len(body), _shift(len(body)))


def gzip(pieces: Iterable[Piece]) -> bytes:
    """One gzip member of all pieces, one after the other."""
    parts, crc, size = [_HEADER], 0, 0
    for piece in pieces:
        parts.append(piece.packed)
        crc = _times(piece.shift, crc) ^ piece.crc
        size += piece.size
    return b"".join([*parts, _END, struct.pack("<LL", crc, size % 2**32)])


def _times(one: int, other: int) -> int:
    """The product of two polynomials modulo that of CRC-32, lowest power in the highest bit."""
    product = 0
    while one:
        if one & 0x80000000:
            product ^= other
        one = one << 1 & 0xFFFFFFFF
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return product


def _shift(size: int) -> int:
    """What a checksum is multiplied with when `size` bytes follow it."""
    shift, power = 0x80000000, 0
    bits = size * 8
    while bits:
        if bits & 1:
            shift = _times(_POWERS[power], shift)
        bits >>= 1
        power += 1
    return shift


def _powers() -> list[int]:
    """x to the power of 1, 2, 4, 8 …"""
    found = [0x40000000]
    while len(found) < 64:
        found.append(_times(found[-1], found[-1]))
    return found


_POWERS = _powers()
COMMA = pack(b",")
CLOSE = pack(b"]}")
