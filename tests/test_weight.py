"""What a phone fetches when it first installs the app stays small."""

import gzip
import os
import re
from pathlib import Path

import msgspec

from server.shell import RULES, WEB, lean, scripts, shell, shell_list, worker

MAX_BYTES = 250_000
IMPORT = re.compile(r'(?:from|import)\s*\(?"([\w./]+\.js)"')


def fetched() -> dict[str, bytes]:
    """Everything that installing asks the server for, as it answers."""
    files = shell()[1]
    content = {path: (WEB / path.lstrip("/")).read_bytes() for path in files}
    content |= {path: text.encode() for path, text in scripts().items() if path in files}
    drawn = msgspec.json.encode(shell_list())
    return {**content, "/sw.js": worker().encode(), "/shell.json": drawn}


def test_the_first_install_weighs_at_most_250_kb_compressed():
    weights = {path: len(gzip.compress(body, 6)) for path, body in fetched().items()}

    heaviest = sorted(weights.items(), key=lambda one: -one[1])[:8]
    assert sum(weights.values()) <= MAX_BYTES, heaviest


def test_phones_get_scripts_without_what_is_said_to_people():
    said = (
        "// Why.\nconst a = 1; // stays\n  /**\n   * How.\n   */\nconst b = `x // y`;\n  // No.\n"
    )

    assert lean(said) == "const a = 1; // stays\nconst b = `x // y`;\n"
    files = {path: WEB / path.lstrip("/") for path in scripts()}
    assert all(len(text) < files[path].stat().st_size for path, text in scripts().items())


def test_everything_that_draws_a_field_page_comes_with_the_list():
    known = shell_list()
    templates = WEB / "templates"

    field = {
        f"field/{one.relative_to(templates / 'field')}" for one in templates.glob("field/**/*")
    }
    assert {one for one in field if one.endswith(".html")} < set(known["templates"])
    named = re.compile(r'{% (?:extends|import|include) "([^"]+)"')
    used = {name for text in known["templates"].values() for name in named.findall(text)}
    assert used <= set(known["templates"])
    assert known["labels"]["result"]


def test_the_worker_is_one_script_with_all_its_modules_and_the_version():
    parts = set(re.findall(r"^// (phone/.+)$", worker(), re.MULTILINE))

    assert {f"/{name}" for name in parts} == set(scripts())
    assert not IMPORT.findall(worker())
    assert f'"{shell()[0]}"' in worker()
    assert "__VERSION__" not in worker()


def test_the_phone_keeps_every_module_that_its_pages_import():
    files = set(shell()[1])
    used: set[str] = set()
    open_ = [f"/{one.relative_to(WEB)}" for one in (WEB / "static/js/app").glob("*.js")]
    open_.append("/static/js/app.js")
    while open_:
        path = Path(open_.pop())
        used.add(str(path))
        text = (WEB / str(path).lstrip("/")).read_text("utf-8")
        found = {os.path.normpath(path.parent / said) for said in IMPORT.findall(text)}
        open_ += found - used

    assert {f"/phone/{name}.js" for name in RULES} == {one for one in used if "/phone/" in one}
    assert used == {one for one in files if one.endswith(".js") and "/vendor/" not in one}


def test_everything_a_field_page_links_is_in_the_shell():
    files = set(shell()[1])
    text = (WEB / "templates/base.html").read_text("utf-8")

    linked = set(re.findall(r'(?:src|href)="(/static/[^"#{]+)', text))
    linked -= {one for one in linked if "apple-touch" in one}  # for the home screen, online

    assert linked <= files, linked - files
