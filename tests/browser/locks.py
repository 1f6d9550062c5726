"""The PIN as tests give and type it, and what a profile says to whoever opens its files."""

import re
import sqlite3
from pathlib import Path
from typing import Any

from tests.browser.walking import until

PIN = "274951"
OTHER = "583026"
IS_LOCKED = "() => Boolean(document.querySelector('[data-pin=open]'))"
IS_OPEN = "() => !document.querySelector('[data-pin]') && Boolean(document.querySelector('#page'))"
ABOUT_PIN = """(said) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    navigator.serviceWorker.controller.postMessage({ type: "pin", ...said }, [port2]);
})"""
LOCK = """() => {
    const { port2 } = new MessageChannel();
    navigator.serviceWorker.controller.postMessage({ type: "pin", act: "lock" }, [port2]);
}"""
OPEN = """(pin) => {
    const { port2 } = new MessageChannel();
    navigator.serviceWorker.controller.postMessage({ type: "pin", act: "open", pin }, [port2]);
}"""
TAG, HEAD, FOOT = b"\xff\x11\x02", 7, 48


# What is pressed before the keypad listens, or while it is busy, counts for nothing.
PRESS = """async (pin) => {
    const press = (digit) => document.querySelector(`[data-digit='${digit}']`).click();
    const typed = () => document.querySelectorAll("[data-pin-dots] .is-on").length;
    const [first, ...rest] = pin;
    for (press(first); typed() !== 1; press(first)) await new Promise((go) => setTimeout(go, 50));
    rest.forEach(press);
}"""


def press(page: Any, pin: str) -> None:
    """Type it at once."""
    page.wait_for_selector("[data-digit='0']")
    page.evaluate(PRESS, pin)


def tap(page: Any, pin: str) -> None:
    """Type it as a finger does."""
    for digit in pin:
        page.click(f"[data-digit='{digit}']")


def give_pin(page: Any, origin: str, pin: str = PIN) -> None:
    page.goto(f"{origin}/me/pin?way=new")
    page.wait_for_selector("[data-pin=new]")
    press(page, pin)
    press(page, pin)
    until(page, "() => location.pathname === '/me'")


def unlock(page: Any, pin: str = PIN) -> None:
    until(page, IS_LOCKED)
    press(page, pin)
    until(page, IS_OPEN)


def lock(page: Any) -> None:
    """Lock it, wherever the page is."""
    page.evaluate(LOCK)
    until(page, IS_LOCKED)


def told(page: Any, **said: Any) -> Any:
    """What the worker answers about the PIN."""
    return page.evaluate(ABOUT_PIN, said)


def secrets_of(folder: Path) -> set[str]:
    """Every name, door, number and note of residents in the server's tables."""
    asked = (
        "select name from resident union select phone from contact union select name from contact"
        " union select label from household union select note from visit"
    )
    with sqlite3.connect(folder / "jinlin.db") as db:
        found = {row[0] for row in db.execute(asked) if row[0] and len(row[0]) > 1}
    db.close()
    return found


def found_in(profile: Path, words: set[str]) -> dict[str, set[str]]:
    """Which of these words are in which files of a profile, as they are and unpacked."""
    needles = {word: (word.encode(), word.encode("utf-16-le"), _escaped(word)) for word in words}
    places = (
        "IndexedDB",
        "Local Storage",
        "Session Storage",
        "Service Worker",
        "Cache",
        "Code Cache",
    )
    found: dict[str, set[str]] = {}
    for path in profile.rglob("*"):
        inside = path.relative_to(profile).parts
        if not path.is_file() or not set(places) & set(inside):
            continue
        for text in readings(path.read_bytes(), path.suffix):
            hits = {word for word, forms in needles.items() if any(one in text for one in forms)}
            if hits:
                found.setdefault("/".join(inside), set()).update(hits)
    return found


def _escaped(word: str) -> bytes:
    return word.encode("unicode_escape")


def readings(data: bytes, suffix: str) -> list[bytes]:
    """The bytes of a file, and what they say once unpacked."""
    texts = [data]
    if suffix == ".log":
        texts.append(_log(data))
    if suffix == ".ldb":
        texts += _blocks(data)
    for text in list(texts):
        for at in re.finditer(re.escape(TAG), text):
            plain = unsnapped(text[at.end() :])
            if plain:
                texts.append(plain)
    return texts


def _log(data: bytes) -> bytes:
    """A log's records without the heads between their pieces."""
    whole = bytearray()
    for start in range(0, len(data), 32768):
        block, at = data[start : start + 32768], 0
        while at + HEAD <= len(block):
            size = int.from_bytes(block[at + 4 : at + 6], "little")
            whole += block[at + HEAD : at + HEAD + size]
            at += HEAD + size
            if size == 0:
                break
    return bytes(whole)


def _blocks(data: bytes) -> list[bytes]:
    """The blocks of a table, unpacked; the index at its end says where they are."""
    if len(data) < FOOT:
        return []
    at, foot = 0, data[-FOOT:]
    for _ in range(2):
        _, at = _number(foot, at)
    where, at = _number(foot, at)
    size, _ = _number(foot, at)
    index = _block(data, where, size)
    return [_block(data, *handle) for handle in _handles(index)]


def _block(data: bytes, where: int, size: int) -> bytes:
    raw, kind = data[where : where + size], data[where + size]
    return unsnapped(raw) if kind == 1 else raw


def _handles(block: bytes) -> list[tuple[int, int]]:
    restarts = int.from_bytes(block[-4:], "little")
    end, at, found = len(block) - 4 * (restarts + 1), 0, []
    while at < end:
        _, at = _number(block, at)
        rest, at = _number(block, at)
        size, at = _number(block, at)
        value = block[at + rest : at + rest + size]
        at += rest + size
        where, inside = _number(value, 0)
        found.append((where, _number(value, inside)[0]))
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def unsnapped(data: bytes) -> bytes:
    """Snappy's format, unpacked as far as it goes."""
    try:
        length, at = _number(data, 0)
        out = bytearray()
        while at < len(data) and len(out) < length:
            tag = data[at]
            at += 1
            if tag & 3 == 0:
                size = tag >> 2
                if size >= 60:
                    wide = size - 59
                    size = int.from_bytes(data[at : at + wide], "little")
                    at += wide
                out += data[at : at + size + 1]
                at += size + 1
                continue
            at = _copy(data, at, tag, out)
        return bytes(out)
    except IndexError:
        return b""


def _copy(data: bytes, at: int, tag: int, out: bytearray) -> int:
    if tag & 3 == 1:
        size, back, wide = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at], 1
    else:
        wide = 2 if tag & 3 == 2 else 4
        size, back = (tag >> 2) + 1, int.from_bytes(data[at : at + wide], "little")
    if not 0 < back <= len(out):
        raise IndexError
    for _ in range(size):
        out.append(out[-back])
    return at + wide
