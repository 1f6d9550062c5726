"""The media of a backup: files named by their content, taken once and never again."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from server.store import copies

HALF = ".taking-"


def take(source: Path, target: Path) -> None:
    """Files are named by their content: only new ones are taken."""
    for path in arrived(source):
        kept = target / path.relative_to(source)
        if kept.exists():
            continue
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = kept.with_name(f"{HALF}{kept.name}")
        half.unlink(missing_ok=True)
        copies.link(path, half)
        half.rename(kept)


def arrived(folder: Path) -> Iterator[Path]:
    """What has come whole: `ab/ab12…`. What is still on its way lies elsewhere or has a suffix."""
    for path in folder.glob("??/*"):
        if len(path.name) == 64 and path.name[:2] == path.parent.name:
            yield path


def lacking(folder: Path, names: Iterable[str]) -> int:
    """How many of these pictures have no file."""
    return sum(not (folder / name[:2] / name).is_file() for name in names)


def room_for(source: Path, target: Path) -> int:
    """Bytes that taking will need; none on the same disk."""
    folders = [path for path in (source, target.parent) if path.is_dir()]
    if len({os.stat(path).st_dev for path in folders}) < 2:
        return 0
    new = (one for one in arrived(source) if not (target / one.relative_to(source)).exists())
    return sum(one.stat().st_size for one in new)
