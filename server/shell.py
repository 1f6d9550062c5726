"""The shell: the files that a phone keeps, and the version that changes with any of them."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from server.linking import linked

WEB = Path(__file__).resolve().parent.parent / "web"

# What pages of a phone need without a network, kept there by its worker. Office pages and their
# scripts are not among it; the worker's own script is kept by the browser.
SHELL_FILES = (
    "manifest.webmanifest",
    "static/css/tokens.css",
    "static/css/ui.css",
    "static/css/field.css",
    "static/js/app.js",
    "static/js/app/old.js",
    "static/icons.svg",
    "static/icons/favicon.svg",
    "static/icons/icon-192.png",
    "static/vendor/htmx.min.js",
)
# Each with all modules it needs as one script: what pages of a phone run, and its worker.
PAGES, WORKER = "static/js/app.js", "sw.js"
TEMPLATES = WEB / "templates"
DRAWN_FROM = ("base.html", "macros.html", "field/**/*.html")
LABELS = WEB / "locale" / "labels.json"
# Lines of their own: a comment behind code, or inside a text, stays.
_COMMENTS = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
ENGLISH = WEB / "locale" / "en.json"  # kept by phones on which somebody chose English


@cache
def shell() -> tuple[str, list[str]]:
    """(version, paths): the version changes with any byte that a phone may keep."""
    total = hashlib.sha256(_linked(WORKER).encode())
    for path in [*SHELL_FILES, *map(_path, [*_templates(), LABELS, ENGLISH])]:
        total.update(path.encode() + b"\0" + content(path))
    return total.hexdigest()[:12], [f"/{path}" for path in SHELL_FILES]


def content(path: str) -> bytes:
    """What is served of a file of web/, by its path there."""
    return _linked(path).encode() if path == PAGES else (WEB / path).read_bytes()


def _path(file: Path) -> str:
    return file.relative_to(WEB).as_posix()


@cache
def shell_list() -> dict[str, Any]:
    """What installing begins with. Templates come with it: together they weigh much less."""
    version, files = shell()
    templates = {one.relative_to(TEMPLATES).as_posix(): _drawn_by(one) for one in _templates()}
    labels = json.loads(LABELS.read_text("utf-8"))
    return {"version": version, "files": files, "templates": templates, "labels": labels}


def _drawn_by(file: Path) -> str:
    """A template without the line on which it says what it takes."""
    text = file.read_text("utf-8")
    return text.split("#}\n", 1)[1] if text.startswith("{#") else text


@cache
def worker() -> str:
    """The service worker as phones get it: one script, which says its version."""
    return _linked(WORKER).replace("__VERSION__", shell()[0])


@cache
def _linked(entry: str) -> str:
    return linked(f"/{entry}", lambda path: lean((WEB / path[1:]).read_text("utf-8")))


@cache
def scripts() -> dict[str, str]:
    """The worker's modules by their path, each by itself, for pages that go by the same rules."""
    files = sorted((WEB / "phone").rglob("*.js"))
    return {f"/{file.relative_to(WEB).as_posix()}": lean(file.read_text("utf-8")) for file in files}


def lean(script: str) -> str:
    """A script without the lines that are nothing but a comment."""
    return _COMMENTS.sub("", script)


def _templates() -> list[Path]:
    return [file for names in DRAWN_FROM for file in sorted(TEMPLATES.glob(names))]
