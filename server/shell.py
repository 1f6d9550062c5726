"""The shell: the files that a phone keeps, and the version that changes with any of them."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parent.parent / "web"

# What a phone keeps to work without a network. Office pages and their scripts are not among it.
SHELL_FOLDERS = ("phone", "static/js/app")
SHELL_FILES = (
    "manifest.webmanifest",
    "static/css/tokens.css",
    "static/css/ui.css",
    "static/css/field.css",
    "static/js/app.js",
    "static/icons.svg",
    "static/icons/favicon.svg",
    "static/icons/icon-192.png",
)
SHELL_VENDOR = ("htmx", "nunjucks", "idb")
TEMPLATES = WEB / "templates"
DRAWN_FROM = ("base.html", "macros.html", "field/**/*.html")
LABELS = WEB / "locale" / "labels.json"
# Lines of their own: a comment behind code, or inside a text, stays.
_COMMENTS = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
ENGLISH = WEB / "locale" / "en.json"  # kept by phones on which somebody chose English


@cache
def shell() -> tuple[str, list[str]]:
    """(version, paths): the version changes with any byte that a phone may keep."""
    files = _files()
    total = hashlib.sha256()
    for file in [WEB / "sw.js", *files, *_templates(), LABELS, ENGLISH]:
        total.update(str(file.relative_to(WEB)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12], [f"/{file.relative_to(WEB).as_posix()}" for file in files]


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
def scripts() -> dict[str, str]:
    """The worker's modules by their path, as phones get them: without what is said to people."""
    files = [file for file in _files() if file.is_relative_to(WEB / "phone")]
    return {f"/{file.relative_to(WEB).as_posix()}": lean(file.read_text("utf-8")) for file in files}


def lean(script: str) -> str:
    """A script without the lines that are nothing but a comment."""
    return _COMMENTS.sub("", script)


def _files() -> list[Path]:
    files = [WEB / name for name in SHELL_FILES]
    for folder in SHELL_FOLDERS:
        files += sorted((WEB / folder).rglob("*.js"))
    vendor = sorted((WEB / "static" / "vendor").glob("*.js"))
    return files + [one for one in vendor if one.name.startswith(SHELL_VENDOR)]


def _templates() -> list[Path]:
    return [file for names in DRAWN_FROM for file in sorted(TEMPLATES.glob(names))]
