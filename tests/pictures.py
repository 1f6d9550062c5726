"""Pictures for tests: noise that does not compress, with or without what a camera writes in."""

import hashlib
import io
import random

from PIL import Image

# North of nowhere: what a camera that knows its place writes.
GPS = {1: "N", 2: (23.0, 7.0, 30.0), 3: "E", 4: (113.0, 15.0, 20.0)}


def jpeg(width: int = 320, height: int = 240, seed: int = 1, *, camera: bool = False) -> bytes:
    """A JPEG; `camera` writes place, device and orientation into it."""
    image = _noise(width, height, seed)
    made = io.BytesIO()
    if camera:
        exif = Image.Exif()
        exif[0x010F] = "Maker of phones"
        exif[0x0112] = 6
        exif.get_ifd(0x8825).update(GPS)
        image.save(made, "JPEG", quality=90, exif=exif, comment=b"a note")
    else:
        image.save(made, "JPEG", quality=90)
    return made.getvalue()


def webp(seed: int = 1, *, camera: bool = False) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Maker of phones"
    _noise(320, 240, seed).save(made, "WEBP", **({"exif": exif} if camera else {}))
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def said_of(data: bytes, **more: object) -> dict[str, object]:
    """What a visit says of a picture."""
    image = opened(data)
    kind = "image/webp" if image.format == "WEBP" else "image/jpeg"
    width, height = image.size
    size = {"width": width, "height": height, "size": len(data)}
    return {"sha256": name_of(data), "type": kind, **size, "purpose": "photo", **more}


def _noise(width: int, height: int, seed: int) -> Image.Image:
    small = random.Random(seed).randbytes(width // 4 * (height // 4) * 3)
    return Image.frombytes("RGB", (width // 4, height // 4), small).resize((width, height))
