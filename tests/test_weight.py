"""What a phone fetches when it first installs the app stays small."""

import gzip
import re

import msgspec

from server.shell import PAGES, WEB, content, lean, scripts, shell, shell_list, worker

MAX_BYTES = 250_000
IMPORT = re.compile(r'(?:from|import)\s*\(?"([\w./]+\.js)"')


def fetched() -> dict[str, bytes]:
    """Everything that installing asks the server for, as it answers."""
    files = {path: content(path[1:]) for path in shell()[1]}
    drawn = msgspec.json.encode(shell_list())
    return {**files, "/sw.js": worker().encode(), "/shell.json": drawn}


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


def test_the_pages_of_a_phone_run_one_script_with_all_their_modules():
    text = content(PAGES).decode()
    parts = set(re.findall(r"^// (.+[.]js)$", text, re.MULTILINE))
    modules = {f"static/js/app/{one.name}" for one in (WEB / "static/js/app").glob("*.js")}

    assert modules - parts == {"static/js/app/old.js"}
    assert not IMPORT.findall(text)
    # What pages go by, the worker goes by too.
    assert {one for one in parts - modules - {PAGES} if f"/{one}" not in scripts()} == set()


def test_everything_a_field_page_links_is_in_the_shell():
    files = set(shell()[1])
    text = (WEB / "templates/base.html").read_text("utf-8")

    linked = set(re.findall(r'(?:src|href)="(/static/[^"#{]+)', text))
    linked -= {one for one in linked if "apple-touch" in one}  # for the home screen, online

    assert linked <= files, linked - files
