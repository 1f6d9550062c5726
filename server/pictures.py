"""Pictures: whether one carries anything but the picture, and drawing it anew without."""

import io
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from PIL import Image, ImageOps

from sync.media import TYPES
from sync.refusals import Refusal

LONGEST = 1600
ENOUGH = 400 * 1024
# Tried from the first to the last until the picture is small enough: quality, part of the size.
LADDER = ((82, 1.0), (70, 1.0), (58, 1.0), (46, 1.0), (46, 0.75), (46, 0.5))
# A phone's camera has at most this many; what unpacks to more is no photo but an attack.
MOST_PIXELS = 64_000_000
READABLE = ["JPEG", "WEBP", "PNG"]
# These can be read at a half or a quarter of their size, which takes that much less memory.
SHRINKS = ("JPEG", "MPO")
TYPE_OF = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}

# We look at the size ourselves, before anything is unpacked.
Image.MAX_IMAGE_PIXELS = None
# One picture may take 200 MB while it is unpacked.
_few = threading.BoundedSemaphore(2)

# Segments of a JPEG that only say how to draw it: tables, frames, scans, colours.
_DRAWS = {0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD, 0xDA}
_SAYS_HOW = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_WEBP_DRAWS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"}


class Picture(NamedTuple):
    data: bytes
    type: str
    width: int
    height: int


def bare(data: bytes, said: str) -> Picture:
    """The very bytes where they are nothing but a picture; else the picture drawn anew.

    Drawn anew it has no place, time, device or words in it, and stands upright. Raises Refusal
    when it is no picture of the type it is said to be.
    """
    with _opened(data) as (image, size):
        if TYPE_OF.get(image.format or "") != said or said not in TYPES:
            raise Refusal("media.unreadable")
        if is_bare(data, said):
            return Picture(data, said, *size)
        return _drawn(image)


def small(data: bytes) -> Picture:
    """A picture as a camera made it, drawn anew as small as a phone would send it."""
    with _opened(data) as (image, _):
        return _drawn(image)


def is_bare(data: bytes, said: str) -> bool:
    """Whether the file holds what draws the picture and nothing else, not even behind its end."""
    parts = _jpeg_parts(data) if said == "image/jpeg" else _webp_parts(data)
    try:
        return all(parts)
    except (IndexError, ValueError, struct.error):
        return False


@contextmanager
def _opened(data: bytes) -> Iterator[tuple[Image.Image, tuple[int, int]]]:
    """The picture, unpacked no larger than it is needed, and its size in the file."""
    with _few:
        try:
            image = Image.open(io.BytesIO(data), formats=READABLE)
            size = image.size
            if size[0] * size[1] > (MOST_PIXELS if image.format in SHRINKS else MOST_PIXELS // 3):
                raise Refusal("media.unreadable")
            image.draft("RGB", (LONGEST, LONGEST))
            image.load()
        except (OSError, ValueError, SyntaxError, IndexError, struct.error):
            raise Refusal("media.unreadable") from None
        yield image, size


def _drawn(image: Image.Image) -> Picture:
    seen = ImageOps.exif_transpose(image).convert("RGB")
    seen.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    upright = Image.new("RGB", seen.size)  # what was written into the old one stays behind
    upright.paste(seen)
    for quality, part in LADDER:
        size = max(1, round(upright.width * part)), max(1, round(upright.height * part))
        smaller = upright if part == 1.0 else upright.resize(size)
        made = io.BytesIO()
        smaller.save(made, "JPEG", quality=quality)
        if made.tell() <= ENOUGH:
            break
    return Picture(made.getvalue(), "image/jpeg", *smaller.size)


def _jpeg_parts(data: bytes) -> Iterator[bool]:
    """Whether each segment is one that only draws."""
    yield data[:2] == b"\xff\xd8"
    at = 2
    while data[at : at + 2] != b"\xff\xd9":
        marker = data[at + 1]
        (length,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + length]
        yield data[at] == 0xFF and (
            marker in _DRAWS or (marker in _SAYS_HOW and body.startswith(_SAYS_HOW[marker]))
        )
        at += 2 + length
        if marker == 0xDA:
            at = _scan_end(data, at)
    yield at + 2 == len(data)


def _scan_end(data: bytes, at: int) -> int:
    """Where the picture's lines end: the next mark that is neither a zero nor a restart."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _webp_parts(data: bytes) -> Iterator[bool]:
    """Whether each chunk is one that only draws."""
    (length,) = struct.unpack_from("<I", data, 4)
    yield data[:4] == b"RIFF" and data[8:12] == b"WEBP" and length + 8 == len(data)
    at = 12
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 4)
        yield data[at : at + 4] in _WEBP_DRAWS
        at += 8 + length + length % 2
    yield at == len(data)
