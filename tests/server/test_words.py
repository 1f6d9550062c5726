"""Words of field pages: the vectors that the phone shares, and that nothing stays untranslated."""

import json
import re
from pathlib import Path

import pytest

from server.field.views import choices
from server.field.views.contact import RELATIONS
from server.field.words import LANGUAGES, LOCALE, words

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "words.json").read_text(encoding="utf-8")
)
TEMPLATES = LOCALE.parent / "templates"
SHARED = [TEMPLATES / "base.html", TEMPLATES / "macros.html", *TEMPLATES.glob("field/**/*.html")]

SAID = re.compile(r'"([^"]*)"\s*\|\s*t\b|\b(?:say|parts)\("([^"]*)"')
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Examples of how doors are written, and a language's name in itself, are not translated.
AS_THEY_ARE = {"3-2-502、3#2-502、三栋二单元502、一巷3号502", "中文"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", VECTORS["en"])
def test_words_are_those_of_the_vectors(lang, name):
    spoken = getattr(words(lang), name)

    for *asked, answer in VECTORS[lang][name]:
        assert spoken(*asked) == answer


def test_an_unknown_language_is_chinese():
    assert words("tlh").t("今日") == "今日"


def test_every_sentence_of_a_page_has_its_english():
    english = words("en").english
    said = {one or other for path in SHARED for one, other in SAID.findall(path.read_text("utf-8"))}

    assert not [text for text in sorted(said) if CHINESE.search(text) and text not in english]


def test_every_label_has_its_english():
    spoken = words("en")
    labels = [text for table in spoken.labels.values() for text in table.values()]

    assert not [text for text in labels if text not in spoken.english]


def test_what_pages_are_called_and_forms_offer_has_its_english():
    views = Path(choices.__file__).parent
    titles = re.findall(r'page_of\(\s*scene,\s*"([^"]+)"', "".join(map(_text, views.glob("*.py"))))
    offered = {*titles, *choices.ELDER_PHRASES, *choices.OTHER_PHRASES, "改电话", "加电话"}

    assert not [text for text in sorted(offered) if text not in words("en").english]


def test_no_chinese_stands_in_a_template_unsaid():
    wrong = []
    for path in SHARED:
        text = re.sub(r"\{#.*?#\}", "", _text(path), flags=re.DOTALL)
        rest = SAID.sub("", text)
        for known in AS_THEY_ARE:
            rest = rest.replace(known, "")
        wrong += [f"{path.name}: {line}" for line in rest.split("\n") if _unsaid(line)]

    assert not wrong


def test_every_relation_and_result_that_is_offered_has_a_label():
    labels = words("zh-CN").labels

    assert set(RELATIONS) <= labels["relation"].keys()
    assert {*choices.MAIN_RESULTS, *choices.OTHER_RESULTS} == labels["result"].keys()
    assert set(choices.TYPES) == labels["type"].keys()


def _unsaid(line: str) -> bool:
    """Chinese outside the texts that the data brings into a note."""
    return bool(CHINESE.search(line.replace('"见到" ~', "")))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
