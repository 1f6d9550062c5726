"""Pages fit narrow screens and large text, fingers find what can be touched, axe nothing wrong."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from server.field.drawing import draw
from tests import drawn
from tests.browser.looking import CUT, PHONE, UNFOLD, Reader, wrong_on

# Fragments stand inside a page; alone they are no document.
CASES = [
    case for case in drawn.cases() if case["template"] and not case["template"].startswith("_")
]
NARROW = {"width": 320, "height": 640}
ELDER_PX, PLAIN_PX = 60, 44

TEXT_OF_TWICE = "document.documentElement.style.fontSize = '200%'"
# Controls smaller than a finger. A link inside a sentence is as high as its line (WCAG 2.5.8); a
# label takes the finger for its box; a pill has a rim that takes it, too.
SMALL = """(least) => {
    const isWord = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    const inSentence = (one) =>
        getComputedStyle(one).display === "inline" && [...one.parentNode.childNodes].some(isWord);
    const rim = (one) => {
        const { position, width, height } = getComputedStyle(one, "::after");
        if (position !== "absolute") return [];
        return { width: parseFloat(width), height: parseFloat(height) };
    };
    const size = (one) => {
        const labels = ["checkbox", "radio"].includes(one.type) ? [...one.labels] : [];
        const boxes = [one, ...labels].map((each) => each.getBoundingClientRect()).concat(rim(one));
        return ["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])));
    };
    const found = [];
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    for (const one of document.querySelectorAll(all)) {
        const [width, height] = size(one);
        if (width === 0 || one.matches(".skip") || inSentence(one)) continue;
        if (Math.min(width, height) >= least - 0.5) continue;
        const words = one.textContent.trim() || one.name || one.getAttribute("aria-label");
        found.push(`${one.tagName}.${one.className} ${words} ${width}×${height}`);
    }
    return found;
}"""

# On how many lines a word stands where a part first says it.
LINES_OF = """([part, word]) => {
    const walker = document.createTreeWalker(document.querySelector(part), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const from = walker.currentNode.data.indexOf(word);
        if (from < 0) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, from);
        range.setEnd(walker.currentNode, from + word.length);
        return range.getClientRects().length;
    }
}"""


def is_elder(case: dict[str, Any]) -> bool:
    return bool(case["settings"].get("mode") == "elder")


def show(reader: Reader, case: dict[str, Any], mode: str) -> Page:
    settings = {**case["settings"], "mode": mode}
    context = drawn.context_of({**case, "settings": settings})
    return reader.show("nobody", draw(f"field/{case['template']}.html", context or {}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_field_page_fits_a_narrow_screen_text_of_twice_the_size_and_fingers(reader, case):
    """And axe finds nothing serious in the mode that the case is of."""
    wrong = {}
    page = show(reader, case, "normal")
    wrong["axe"] = [] if is_elder(case) else wrong_on(page)
    page.evaluate(UNFOLD)
    wrong["a finger"] = page.evaluate(SMALL, PLAIN_PX)
    page.set_viewport_size(NARROW)
    wrong["320 px"] = page.evaluate(CUT)
    page.evaluate(TEXT_OF_TWICE)
    wrong["200 %"] = page.evaluate(CUT)
    page = show(reader, case, "elder")
    wrong["axe of an elder"] = wrong_on(page) if is_elder(case) else []
    page.evaluate(UNFOLD)
    wrong["an elder's finger"] = page.evaluate(SMALL, ELDER_PX)
    page.set_viewport_size(NARROW)
    wrong["elder at 320 px"] = page.evaluate(CUT)

    assert not any(wrong.values()), json.dumps(wrong, ensure_ascii=False, indent=1)


@pytest.mark.parametrize(
    ("name", "part", "word"),
    [
        ("outbox", ".actions", "存成文件"),
        ("me", "main", "黄秀珍"),
        ("visit-photos", ".top", "黄秀珍"),
    ],
)
def test_an_elder_reads_a_name_or_a_button_in_one_piece(reader, name, part, word):
    page = show(reader, next(case for case in CASES if case["name"] == name), "elder")

    assert page.evaluate(LINES_OF, [part, word]) == 1


WIDE_TABLES = [
    "/office/phones",
    "/office/people",
    "/office/people/PERSON",
    "/office/outboxes",
    "/office/outboxes/SAVED",
    "/office/imports",
    "/office/checklists",
    "/office/backups",
    "/office/people/cards?show=all",
    "/office/counts",
    "/office/tasks",
    "/office/visits",
    "/office/audit",
    "/office/rejects",
    "/office/missing",
    "/office/unseen",
    "/office/overdue",
    "/office/plans",
    "/office/pairings",
    "/office/numbers/people",
]


@pytest.mark.parametrize("pattern", WIDE_TABLES)
def test_a_list_of_the_office_is_read_on_a_phone_without_scrolling_sideways(reader, pattern):
    page = reader.go("office1", pattern)
    page.set_viewport_size(PHONE)

    assert reader.status == 200
    assert not page.evaluate(
        """() => [...document.querySelectorAll(".table")]
            .map((one) => one.closest(".across, .panel"))
            .filter((box) => box.scrollWidth > box.clientWidth + 1)
            .map((box) => `${box.id} ${box.scrollWidth} > ${box.clientWidth}`)"""
    )


def test_the_entries_of_the_office_leave_a_narrow_screen_to_the_page(reader):
    page = reader.go("office1", "/office")
    page.set_viewport_size(PHONE)
    rail, entry = page.locator("#rail"), page.get_by_role("link", name="楼栋与住户")
    assert not entry.is_visible()
    assert rail.bounding_box()["height"] < PHONE["height"] / 8

    menu = page.get_by_label("菜单")
    menu.focus()
    menu.press("Space")

    assert entry.is_visible()
    page.get_by_text("菜单", exact=True).click()
    assert not entry.is_visible()


@pytest.mark.parametrize("path", ["/office/outboxes", "/office/imports"])
def test_a_file_is_chosen_in_chinese_and_by_its_name(reader, path, tmp_path):
    """Whatever the browser's language is, and without a script."""
    page = reader.go("office1", path)
    chosen = tmp_path / "名册.csv"
    chosen.write_text("姓名", encoding="utf-8")
    shown = "(one) => getComputedStyle(one).color !== 'rgba(0, 0, 0, 0)'"
    file = page.locator("input[type=file]")
    label = page.get_by_text("选文件", exact=True)

    with page.expect_file_chooser():
        label.click()
    assert not file.evaluate(shown) and page.get_by_text("还没有选").is_visible()
    with page.expect_file_chooser() as asked:
        file.press("Enter")
    asked.value.set_files(chosen)

    assert file.evaluate(shown) and not page.get_by_text("还没有选").is_visible()
    assert "选文件" in file.evaluate("(one) => one.labels[0].textContent")
