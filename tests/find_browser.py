"""Where the Chromium is that the tests drive."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

FINDER = Path(__file__).resolve().parent.parent / ".ci" / "browser"


@cache
def find_browser() -> str:
    """The path of the program; fails with a sentence saying how to get one."""
    found = subprocess.run(
        [FINDER],
        env={**os.environ, "VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def find_shell() -> str:
    """Debian's Chromium without windows where it is there: half of the work of the whole one.

    It keeps what pages store as the whole one does; pushes only the whole one takes.
    """
    whole = find_browser()
    return shutil.which(f"{Path(whole).name}-headless-shell") or whole
