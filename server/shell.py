"""The shell: the files that a phone keeps, and the version that changes with any of them."""

import hashlib
from functools import cache
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"

# What a phone keeps to work without a network. Office pages and their scripts are not among it.
SHELL_FOLDERS = ("phone", "templates/field", "templates/parts", "static/js/app", "locale")
SHELL_FILES = (
    "manifest.webmanifest",
    "templates/base.html",
    "templates/macros.html",
    "static/css/tokens.css",
    "static/css/ui.css",
    "static/css/field.css",
    "static/js/app.js",
    "static/icons.svg",
    "static/icons/favicon.svg",
    "static/icons/icon-192.png",
)
SHELL_VENDOR = ("htmx", "nunjucks", "idb")


@cache
def shell() -> tuple[str, list[str]]:
    """(version, paths): the version changes with any byte of any file."""
    files = [WEB / name for name in SHELL_FILES if (WEB / name).exists()]
    for folder in SHELL_FOLDERS:
        found = sorted(one for one in (WEB / folder).rglob("*") if one.is_file())
        files += [one for one in found if one.suffix != ".md"]
    vendor = sorted((WEB / "static" / "vendor").glob("*.js"))
    files += [one for one in vendor if one.name.startswith(SHELL_VENDOR)]
    total = hashlib.sha256((WEB / "sw.js").read_bytes() if (WEB / "sw.js").exists() else b"")
    for file in files:
        total.update(str(file.relative_to(WEB)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12], [f"/{file.relative_to(WEB).as_posix()}" for file in files]
