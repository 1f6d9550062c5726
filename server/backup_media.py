"""The media of a backup: files named by their content, taken once and never again."""

import os
from collections.abc import Iterator
from pathlib import Path

from server.store import copies

HALF = ".taking-"


def take(source: Path, target: Path) -> int:
    """Files are named by their content: only new ones are taken. How many there are."""
    count = 0
    for path in arrived(source):
        count += 1
        kept = target / path.relative_to(source)
        if kept.exists():
            continue
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = kept.with_name(f"{HALF}{kept.name}")
        half.unlink(missing_ok=True)
        copies.link(path, half)
        half.rename(kept)
    return count


def arrived(folder: Path) -> Iterator[Path]:
    """What has arrived whole: files whose name begins with the digest of their content."""
    for path in folder.rglob("*") if folder.is_dir() else ():
        if len(path.stem) == 64 and not path.name.startswith(".") and path.is_file():
            yield path


def room_for(source: Path, target: Path) -> int:
    """Bytes that taking will need; none on the same disk."""
    folders = [path for path in (source, target.parent) if path.is_dir()]
    if len({os.stat(path).st_dev for path in folders}) < 2:
        return 0
    new = (one for one in arrived(source) if not (target / one.relative_to(source)).exists())
    return sum(one.stat().st_size for one in new)
