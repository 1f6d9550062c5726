"""Who uses a data folder: everybody who opens its database, or one who replaces it.

The lock is on the folder itself, so that nothing is left behind and a killed process holds nothing.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class InUse(Exception):
    """Somebody else uses the folder."""


def hold(folder: Path) -> int:
    """Use the folder together with others, until `release`. Raises InUse while it is replaced."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(handle, fcntl.LOCK_SH)
    except InUse:
        os.close(handle)
        raise
    except OSError:
        pass  # a file system without locks: it can be used, and not be replaced
    return handle


def release(handle: int) -> None:
    with suppress(OSError):
        os.close(handle)


def is_alone(handle: int) -> bool:
    """Whether nobody else uses the folder just now, this process's other stores included."""
    try:
        _lock(handle, fcntl.LOCK_EX)
    except (InUse, OSError):
        return False
    finally:
        with suppress(InUse, OSError):
            _lock(handle, fcntl.LOCK_SH)
    return True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else uses the folder while the block runs. Raises InUse at once."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, how: int) -> None:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUse from None
