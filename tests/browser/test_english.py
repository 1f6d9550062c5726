"""Pages in English: fetched when somebody first wants them, then there without a network."""

from typing import Any

import pytest

from tests.browser.lent import enter
from tests.browser.updating import UPDATE, WAITING, next_version
from tests.browser.walking import ready, until

WORDS = "/locale/en.json"
KEPT = f"""async () => {{
    const [drawing, english] = await Promise.all(
        ["/shell/drawing.json", "{WORDS}"].map((path) => caches.match(path)));
    return Boolean(drawing && english);
}}"""
TAKE = """async () => {
    const { waiting } = await navigator.serviceWorker.getRegistration();
    const taken = new Promise((resolve) =>
        navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    waiting.postMessage({ type: "skip-waiting" });
    await taken;
}"""


def speak(page: Any, origin: str, lang: str) -> None:
    page.goto(f"{origin}/me")
    page.click(f"button[name=lang][value={lang}]")
    page.wait_for_load_state()


def language(page: Any) -> str:
    """Of the page that is open, as its parts say it."""
    lang: str = page.get_attribute("html", "lang")
    pressed = page.get_attribute(f"button[name=lang][value={lang}]", "aria-pressed")
    heading = page.inner_text("nav a[href='/today']").strip()
    assert (pressed, heading) == ("true", {"zh-CN": "今日", "en": "Today"}[lang])
    return lang


def test_a_phone_in_chinese_fetches_no_english(page, network):
    page.goto(f"{network.origin}/me")

    assert f"GET {WORDS}" not in network.seen
    assert page.evaluate(KEPT) is False


@pytest.mark.parametrize("how", ["down", "portal", 503])
def test_english_that_cannot_be_fetched_is_said_and_pages_stay_chinese(page, network, how):
    network.fails["*"] = how
    speak(page, network.origin, "en")
    assert "要有网络" in page.inner_text("main [role=alert].notice--red")
    assert language(page) == "zh-CN"

    network.fails.clear()
    speak(page, network.origin, "en")
    assert page.locator("main [role=alert].notice--red").count() == 0
    assert language(page) == "en"


def test_english_once_fetched_needs_no_network(page, network):
    speak(page, network.origin, "en")
    network.fails["*"] = "down"

    page.goto(f"{network.origin}/me")
    assert language(page) == "en"
    speak(page, network.origin, "zh-CN")
    assert language(page) == "zh-CN"
    speak(page, network.origin, "en")
    assert language(page) == "en"


def test_a_new_release_brings_its_english_with_it_or_does_not_come(page, network):
    speak(page, network.origin, "en")
    next_version(network)
    network.fails[WORDS] = "down"
    page.evaluate(UPDATE)
    assert page.evaluate(WAITING) is False

    network.fails.clear()
    page.evaluate(UPDATE)
    until(page, WAITING)
    network.fails["*"] = "down"
    page.evaluate(TAKE)
    page.goto(f"{network.origin}/me")
    assert language(page) == "en"


def test_english_chosen_while_a_release_waits_is_there_when_it_takes_over(page, network):
    next_version(network)
    page.evaluate(UPDATE)
    until(page, WAITING)
    speak(page, network.origin, "en")

    network.fails["*"] = "down"
    page.evaluate(TAKE)
    page.goto(f"{network.origin}/me")
    assert language(page) == "en"


def test_who_chose_english_before_the_phone_was_ready_gets_it(context, network):
    context.add_cookies([{"name": "jinlin_lang", "value": "en", "url": network.origin}])
    page = enter(context, network.origin, "worker1")
    ready(page)

    until(page, KEPT)
    network.fails["*"] = "down"
    page.goto(f"{network.origin}/me")
    assert language(page) == "en"


def test_words_that_the_browser_threw_away_come_again(page, network):
    speak(page, network.origin, "en")
    page.evaluate(
        "async () => { for (const name of await caches.keys()) await caches.delete(name); }"
    )
    page.goto(f"{network.origin}/me")

    until(page, KEPT)
    network.fails["*"] = "down"
    page.goto(f"{network.origin}/me")
    assert language(page) == "en"
