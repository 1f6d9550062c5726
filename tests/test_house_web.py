"""The walls of the house in the browser's part: templates, the phone's modules, other hosts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
TEMPLATES = WEB / "templates"
# What a page works out while somebody taps, by the rules of the worker.
SHARED_WITH_PAGES = ("/phone/filling.js", "/phone/issue_words.js", "/phone/vault.js")

JS_IMPORT = re.compile(
    r"""\bimport\s*\(?\s*["']([^"']+)["']|\b(?:import|export)\b[\w*{}\s,$]+\bfrom\s*["']([^"']+)["']"""
)


def web_files(pattern: str) -> list[Path]:
    vendor = WEB / "static" / "vendor"
    return sorted(path for path in WEB.rglob(pattern) if vendor not in path.parents)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_web_holds_no_python():
    assert not list(WEB.rglob("*.py"))


def test_fragments_say_what_they_take():
    wrong = [
        name(path)
        for path in TEMPLATES.rglob("_*.html")
        if not path.read_text("utf-8").startswith("{#")
    ]

    assert not wrong


@pytest.mark.parametrize(
    "forbidden",
    [
        pytest.param(r"<script(?![^>]*\ssrc=)", id="inline script"),
        pytest.param(r"<style\b", id="inline style sheet"),
        pytest.param(r"<[^>]*\sstyle\s*=", id="style attribute"),
        pytest.param(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", id="handler attribute"),
        pytest.param(r"(src|href)\s*=\s*[\"']?(https?:)?//", id="another host"),
    ],
)
def test_templates_obey_the_content_policy(forbidden):
    found = re.compile(forbidden, re.IGNORECASE)
    assert not [name(path) for path in web_files("*.html") if found.search(path.read_text("utf-8"))]


def test_escaping_is_switched_off_for_the_csrf_field_only():
    wrong = [
        f"{name(path)}: {said}"
        for path in TEMPLATES.rglob("*.html")
        for said in re.findall(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}", path.read_text("utf-8"))
        if "csrf" not in said
    ]

    assert not wrong


def test_shared_templates_use_only_what_both_engines_know():
    wrong = [
        f"{name(path)}: {said}"
        for path in TEMPLATES.rglob("*.html")
        if "office" not in path.relative_to(TEMPLATES).parts
        for said in only_jinja(path.read_text("utf-8"))
    ]

    assert not wrong


def only_jinja(text: str) -> Iterator[str]:
    modules = set(re.findall(r"\{%-?\s*import\s+\S+\s+as\s+(\w+)", text)) | {"loop"}
    for tag in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.DOTALL):
        code = re.sub(r"\"[^\"]*\"|'[^']*'", "''", tag)
        calls = [owner for owner, _ in re.findall(r"(\w+)\.(\w+)\s*\(", code)]
        words = re.search(r"\b(namespace|none|None|True|False)\b|\{%-?\s*do\b", code)
        if words or set(calls) - modules:
            yield tag


def test_the_phone_imports_only_its_own_folder():
    wrong = [
        f"{name(path)} imports {said}"
        for path in web_files("*.js")
        for said in js_imports(path)
        if not may_import(path, said)
    ]

    assert not wrong


def js_imports(path: Path) -> Iterator[str]:
    for bare, named in JS_IMPORT.findall(path.read_text("utf-8")):
        yield bare or named


def may_import(path: Path, said: str) -> bool:
    if said.startswith("/static/vendor/"):
        return True
    if not said.startswith(("/", "./", "../")):
        return False
    if said in SHARED_WITH_PAGES:
        return True
    folder = WEB / "phone" if path == WEB / "sw.js" else path.parent
    if WEB / "phone" in path.parents:
        folder = WEB / "phone"
    target = WEB / said.lstrip("/") if said.startswith("/") else path.parent / said
    return target.resolve().is_relative_to(folder)


def test_no_file_names_a_package_registry():
    hosts = [".".join(host) for host in REGISTRIES]
    wrong = [
        f"{name(path)} names {host}"
        for path in text_files()
        for host in hosts
        if host in path.read_text("utf-8", errors="ignore")
    ]

    assert not wrong


REGISTRIES = [
    ("pypi", "org"),
    ("files", "pythonhosted", "org"),
    ("registry", "npmjs", "org"),
    ("npmmirror", "com"),
    ("pypi", "tuna"),
    ("mirrors", "aliyun"),
]


def text_files() -> Iterator[Path]:
    kept = ("server", "sync", "web", "tests", ".ci")
    for path in sorted(ROOT.iterdir()):
        if path.is_file():
            yield path
        elif path.name in kept:
            yield from (
                inner
                for inner in path.rglob("*")
                if inner.is_file() and "__pycache__" not in inner.parts
            )
