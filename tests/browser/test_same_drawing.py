"""Every field page drawn by the server and by the phone is one and the same document."""

import json
from typing import Any

import pytest

from server.field.drawing import TEMPLATES, draw
from server.field.words import LOCALE
from server.shell import shell_list
from tests import drawn

CASES = [case for case in drawn.cases() if case["template"]]
MISSING = next(case for case in CASES if case["template"] == "missing")

# Both texts go through the parser of the browser that shows them. Spaces count.
COMPARE = """async ([cases, templates, labels, english]) => {
    const { compile, makeDrawing } = await import("/phone/render.js");
    const draw = makeDrawing({ templates, labels, english });
    const again = makeDrawing({ compiled: compile(templates), labels, english });
    const parser = new DOMParser();
    const tree = (text) => parser.parseFromString(text, "text/html").documentElement.outerHTML;
    return cases.map(({ template, context, text }) => {
        const page = draw(`field/${template}.html`, context);
        const [server, phone] = [tree(text), tree(page)];
        if (page !== again(`field/${template}.html`, context)) return "not as compiled";
        if (server === phone) return "";
        const at = [...server].findIndex((letter, index) => letter !== phone[index]);
        return `${server.slice(at - 60, at + 60)} ≠ ${phone.slice(at - 60, at + 60)}`;
    });
}"""


# Pages and fragments that no view prepares.
ALONE: dict[str, dict[str, Any]] = {
    "pin": {**drawn.context_of(MISSING), "way": "open", "waiting": 3, "is_asked": 1},
    "_refusal": {"sentence": "请先选<走访>结果。", "page": {"lang": "en"}},
    "_photos": {
        "page": {"lang": "zh-CN", "place": "phone"},
        "photos": [{"sha256": "a" * 64, "n": 1}],
        "photo_error": "一次最多 5 张照片。",
    },
    "_standing": {
        "page": {"lang": "zh-CN"},
        "pill": {"state": "signin", "count": 3},
        "warnings": {
            "new_version": 1,
            "old_unsent": 2,
            "nearly_full": 1,
            "clock_ahead": 26,
            "clock_behind": 0,
        },
    },
}


def test_server_and_phone_draw_the_same_document(blank):
    cases = [_drawn(case["template"], drawn.context_of(case)) for case in CASES]
    found = blank.evaluate(COMPARE, [cases, _templates(), *_locale()])

    said = [(case["name"], difference) for case, difference in zip(CASES, found, strict=True)]
    assert not [one for one in said if one[1]]


def test_fragments_without_a_view_are_drawn_the_same(blank):
    cases = [_drawn(template, context) for template, context in ALONE.items()]

    assert blank.evaluate(COMPARE, [cases, _templates(), *_locale()]) == [""] * len(cases)
    assert "&lt;" in cases[1]["text"]


def test_every_page_and_fragment_is_drawn():
    included = {"_thanks", "_visit", "_contact"}
    shown = {case["template"] for case in CASES}

    assert {path.stem for path in TEMPLATES.glob("field/*.html")} == shown | included | set(ALONE)


def test_the_phone_throws_on_a_name_that_is_not_there(blank):
    with pytest.raises(Exception, match="undefined"):
        blank.evaluate(
            """async ([templates, labels, english]) => {
                const { makeDrawing } = await import("/phone/render.js");
                const draw = makeDrawing({ templates, labels, english });
                draw("field/_refusal.html", { page: { lang: "en" } });
            }""",
            [{"field/_refusal.html": "{{ sentence }}"}, *_locale()],
        )


def _drawn(template: str, context: dict[str, Any] | None) -> dict[str, Any]:
    assert context is not None
    text = draw(f"field/{template}.html", context)
    return {"template": template, "context": context, "text": text}


def _templates() -> dict[str, str]:
    """As a phone gets them."""
    templates: dict[str, str] = shell_list()["templates"]
    return templates


def _locale() -> list[Any]:
    return [json.loads((LOCALE / name).read_text("utf-8")) for name in ("labels.json", "en.json")]
