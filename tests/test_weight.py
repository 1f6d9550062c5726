"""What a phone fetches when it first installs the app stays small."""

import gzip
import re

from server.web import WEB, shell

MAX_BYTES = 250_000
IMPORT = re.compile(r'(?:from|import)\s*"([^"]+)"')


def weight(path: str) -> int:
    return len(gzip.compress((WEB / path.lstrip("/")).read_bytes(), 6))


def test_the_first_install_weighs_at_most_250_kb_compressed():
    files = {"/sw.js", *shell()[1]}

    weights = {path: weight(path) for path in files}

    heaviest = sorted(weights.items(), key=lambda one: -one[1])[:8]
    assert sum(weights.values()) <= MAX_BYTES, heaviest


def test_everything_a_page_or_the_worker_imports_is_in_the_shell():
    files = {"/sw.js", *shell()[1]}
    scripts = [one for one in files if one.endswith(".js") and "/vendor/" not in one]

    wanted = {
        (WEB / path.lstrip("/")).parent.joinpath(said).resolve()
        for path in scripts
        for said in IMPORT.findall((WEB / path.lstrip("/")).read_text("utf-8"))
        if said.startswith(".")
    }

    missing = wanted - {(WEB / path.lstrip("/")).resolve() for path in files}
    assert not missing


def test_everything_a_field_page_links_is_in_the_shell():
    files = set(shell()[1])
    text = (WEB / "templates/base.html").read_text("utf-8")

    linked = set(re.findall(r'(?:src|href)="(/static/[^"#{]+)', text))
    linked -= {one for one in linked if "apple-touch" in one}  # for the home screen, online

    assert linked <= files, linked - files
