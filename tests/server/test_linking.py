"""The worker's modules put together into one script."""

import re

import pytest

from server.linking import NotLinked, linked
from server.shell import WEB, lean

SUM = 'import { one, two as zwei } from "./phone/numbers.js";\n\nself.sum = one + zwei;\n'
NUMBERS = "export const one = 1;\nexport const two = 2;\n"


def of(entry: str, **modules: str) -> str:
    texts = {"/sw.js": entry, **{f"/phone/{name}.js": text for name, text in modules.items()}}
    return linked("/sw.js", texts.__getitem__)


def test_a_module_comes_after_all_it_imports_with_a_scope_of_its_own():
    assert of(SUM, numbers=NUMBERS) == (
        "// phone/numbers.js\n"
        "const $phone$numbers = (() => {\n"
        "const one = 1;\n"
        "const two = 2;\n"
        "return { one, two };\n"
        "})();\n"
        "// sw.js\n"
        "const $sw = (() => {\n"
        "const { one, two: zwei } = $phone$numbers;\n"
        "self.sum = one + zwei;\n"
        "})();\n"
    )


def test_every_form_that_our_modules_use_is_known():
    entry = (
        'import * as all from "./phone/all.js";\nimport {\n  a,\n  f,\n} from "./phone/all.js";\n'
    )
    forms = (
        "export const a = 1;\nexport const [b, c] = [2, 3];\nexport function d() {}\n"
        "export async function e() {}\nexport function* f() {}\nexport class G extends Error {}\n"
    )

    text = of(entry, all=forms)

    assert "return { a, b, c, d, e, f, G };" in text
    assert "const all = $phone$all;\nconst { a, f, } = $phone$all;\n" in text
    assert not re.search(r"^(import|export)", text, re.MULTILINE)


def test_a_module_that_two_others_import_is_there_once():
    entry = 'import { a } from "./phone/a.js";\nimport { b } from "./phone/b.js";\n'
    text = of(
        entry,
        a='import { one } from "./numbers.js";\nexport const a = one;\n',
        b='import { two } from "./numbers.js";\nexport const b = two;\n',
        numbers=NUMBERS,
    )

    assert re.findall(r"^// (.+)$", text, re.MULTILINE) == [
        "phone/numbers.js",
        "phone/a.js",
        "phone/b.js",
        "sw.js",
    ]


def test_what_others_wrote_is_put_in_as_it_is():
    script = '!function () { self.drawing = "export this"; }();'
    texts = {
        "/sw.js": 'import "/static/vendor/drawing.min.js";\nimport "./phone/store.js";\n',
        "/static/vendor/drawing.min.js": script,
        "/static/vendor/idb.js": "const a = 1, b = 2;\n\nexport { a, b };\n",
        "/phone/store.js": 'import { a, b } from "/static/vendor/idb.js";\nself.open = a + b;\n',
    }

    text = linked("/sw.js", texts.__getitem__)

    assert f"const $static$vendor$drawing$min = (() => {{\n{script}\n}})();\n" in text
    assert "const a = 1, b = 2;\nreturn { a, b };\n" in text
    assert "const { a, b } = $static$vendor$idb;\n" in text


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;\n",
        "export let one = 1;\n",
        "export const { one } = {};\n",
        "const one = 1;\nexport { one as two };\n",
        'export { one } from "./other.js";\n',
        'export * from "./other.js";\n',
        'import one from "./other.js";\n',
        'import one, { two } from "./other.js";\n',
        'import { one } from "./other.js"\n',
        "import { one } from './other.js';\n",
        'import { one } from "./other.js"; const two = 2;\n',
        '  import { one } from "./other.js";\n',
        'import { one } from "https://elsewhere.example/one.js";\n',
        'import { three } from "./other.js";\n',
        'import { one, three as two } from "./other.js";\n',
        'const other = await import("./other.js");\n',
        "export const here = import.meta.url;\n",
    ],
)
def test_every_other_form_is_refused(text):
    entry = 'import * as odd from "./phone/odd.js";\n'

    with pytest.raises(NotLinked, match=r"/phone/odd\.js"):
        of(entry, odd=text, other=NUMBERS)


def test_a_circle_is_refused_and_named():
    with pytest.raises(NotLinked, match=r"/phone/a\.js → /phone/b\.js → /phone/a\.js"):
        of(
            'import { a } from "./phone/a.js";\n',
            a='import { b } from "./b.js";\nexport const a = () => b;\n',
            b='import { a } from "./a.js";\nexport const b = () => a;\n',
        )


def test_nothing_of_a_module_is_lost_on_the_way():
    whole = linked("/sw.js", lambda path: lean((WEB / path[1:]).read_text("utf-8")))
    kept = set(whole.split("\n"))

    for file in [WEB / "sw.js", *(WEB / "phone").rglob("*.js")]:
        text = re.sub(r"^import [^;]+;\n", "", lean(file.read_text("utf-8")), flags=re.MULTILINE)
        lines = {line.removeprefix("export ") for line in text.split("\n")}
        assert lines - {""} <= kept, file
