"""Which other browsers are on this machine, and what to say about those that are not."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.engines.drivers import SYSTEM_PYTHON, Firefox, WebKit

# Older ones run no worker made of modules.
FIREFOX_SINCE = 147
HOW = {
    "Firefox": f"Firefox {FIREFOX_SINCE} or newer (Debian: apt install firefox-esr)",
    "WebKit": "WebKitGTK (Debian: apt install xvfb python3-gi gir1.2-webkit2-4.1)",
}
ASK_WEBKIT = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"


def firefox() -> Callable[[Path], Any] | None:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        return None
    # "Mozilla Firefox 153.7.0esr"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    major = said.stdout.strip().rpartition(" ")[2].partition(".")[0]
    is_new = major.isdigit() and int(major) >= FIREFOX_SINCE
    return (lambda profile: Firefox(program, profile)) if is_new else None


def webkit() -> Callable[[Path], Any] | None:
    screen = shutil.which("Xvfb")
    if screen is None or not Path(SYSTEM_PYTHON).exists():
        return None
    asked = subprocess.run([SYSTEM_PYTHON, "-c", ASK_WEBKIT], capture_output=True, check=False)
    return (lambda profile: WebKit(screen, profile)) if asked.returncode == 0 else None


FOUND = {"Firefox": firefox(), "WebKit": webkit()}
MISSING = [name for name, make in FOUND.items() if make is None]
# Where all must be there, a missing one is a failing test; elsewhere the run says so and goes on.
IS_CI = os.environ.get("CI", "").lower() in {"1", "true"}
TRIED = [name for name in FOUND if IS_CI or name not in MISSING]


def said() -> list[str]:
    """A line about each browser that the tests did without."""
    return [f"{name} not found, offline not tried in it: install {HOW[name]}" for name in MISSING]


def window(name: str, profile: Path) -> Any:
    """A browser of this name over a profile folder, not started."""
    make = FOUND[name]
    assert make, f"{name} must be here when CI=true: install {HOW[name]}"
    return make(profile)
